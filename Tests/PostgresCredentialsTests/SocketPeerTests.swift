import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import PostgresCredentials

/// A socket at which this process listens, in a directory of its own.
private final class ListeningSocket {
    let directory: String
    private let file: Int32

    /// Binds in a directory, or, where the name begins with `@`, outside the file system.
    init(in directory: String, port: Int = 5432) throws {
        self.directory = directory
        file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array("\(directory)/.s.PGSQL.\(port)".utf8)
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, length) == 0 }
        }
        try #require(isBound && listen(file, 4) == 0)
    }

    deinit { close(file) }
}

@Suite struct `A token for a socket` {
    let environment: ProcessEnvironment = ["HOME": "/none"]
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    /// A user who is neither this process's nor root.
    static let other: uid_t = 54_321
    var ownName: String? { SystemAccount.name(of: geteuid()) }

    /// The connection as libpq would get it, in the eyes of a user.
    func prepared(_ text: String, as user: uid_t = geteuid()) throws -> ConnectionInfo {
        var account = SystemAccount.current
        account.identifier = user
        return try ConnectionInfo(text).prepared(
            for: TLSPolicy(), in: environment, files: MemoryFiles(), account: account)
    }

    /// Lets the socket in a directory belong to a stranger, and returns in whose eyes.
    func stranger(in directory: String) -> uid_t {
        // An ordinary user cannot give a file away, and looks at it as somebody else does.
        guard geteuid() == 0 else { return Self.other }
        chown("\(directory)/.s.PGSQL.5432", Self.other, Self.other)
        return 0
    }

    func reason(_ body: () throws -> Void) -> SocketPeerError.Reason? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SocketPeerError)?.reason
        }
    }

    @Test(arguments: [0o700, 0o1777, 0o777])
    func `names the owner of the socket as the one who has to listen`(mode: UInt32) throws {
        let socket = try ListeningSocket(in: scratch.path)
        chmod(scratch.path, mode)
        let connection = try prepared("host=\(socket.directory) user=u")
        #expect(connection["requirepeer"] == ownName && ownName != nil)
        #expect(connection.conninfo.contains("requirepeer='"))
        #expect(connection.uri.contains("requirepeer=") && connection.environment["PGREQUIREPEER"] == ownName)
    }

    @Test(arguments: [0o700, 0o1777])
    func `does not go to a stranger's socket, unless that user is named`(mode: UInt32) throws {
        let socket = try ListeningSocket(in: scratch.path)
        chmod(scratch.path, mode)
        let user = stranger(in: socket.directory)
        let found = reason { _ = try prepared("host=\(socket.directory) user=u", as: user) }
        guard case .stranger = found else { return #expect(Bool(false), "\(String(describing: found))") }
        let insisted = try prepared("host=\(socket.directory) user=u requirepeer=mallory", as: user)
        #expect(insisted["requirepeer"] == "mallory")
    }

    @Test func `waits for nobody in a directory that all may write to`() throws {
        chmod(scratch.path, 0o1777)
        #expect(reason { _ = try prepared("host=\(scratch.path) user=u") } == .nobodyYet)
        #expect(try prepared("host=\(scratch.path) user=u requirepeer=postgres")["requirepeer"] == "postgres")
        chmod(scratch.path, 0o700)
        #expect(try prepared("host=\(scratch.path) user=u")["requirepeer"] == nil)
    }

    @Test func `goes to no client that heeds no requirepeer, where others can change the socket`() throws {
        let socket = try ListeningSocket(in: scratch.path)
        let connection = try ConnectionInfo("host=\(socket.directory) user=u")
        #expect(reason { try connection.checkSockets() } == nil)
        chmod(scratch.path, 0o777)
        guard case .exposed = reason({ try connection.checkSockets() }) else {
            return #expect(Bool(false), "a directory of mode 0777")
        }
        #expect(reason { try ConnectionInfo("host=\(scratch.path) user=u requirepeer=x").checkSockets() } == nil)
    }

    @Test func `knows the listener at an abstract socket, and no other`() throws {
        let name = "@passgres-test-\(UUID().uuidString)"
        #expect(reason { _ = try prepared("host=\(name) user=u") } == .nobodyYet)
        let socket = try ListeningSocket(in: name)
        #expect(try prepared("host=\(socket.directory) user=u")["requirepeer"] == ownName)
        if geteuid() != 0 {
            guard case .stranger = reason({ _ = try prepared("host=\(name) user=u", as: Self.other) }) else {
                return #expect(Bool(false), "somebody else listens")
            }
        }
        #expect(reason { try ConnectionInfo("host=\(name) user=u").checkSockets() } == .nobodyYet)
    }

    @Test func `is none of this for a server elsewhere`() throws {
        #expect(try prepared("host=db.example user=u")["requirepeer"] == nil)
        #expect(try prepared("host=\(scratch.path) hostaddr=127.0.0.1 user=u")["requirepeer"] == nil)
    }

    @Test func `is not asked for before the socket has been looked at`() async throws {
        chmod(scratch.path, 0o1777)
        let credential = StubCredential("stub", .success(AccessToken(secret: "t0ken", expiresAt: .distantFuture)))
        let connection = try ConnectionInfo("host=\(scratch.path) user=u")
        let error = await #expect(throws: CredentialError.self) {
            _ = try await connection.authenticated(with: credential, in: environment, files: MemoryFiles())
        }
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.remedy?.contains("requirepeer=") == true)
        await #expect(throws: CredentialError.self) {
            _ = try await connection.clientLogin(with: credential, in: environment, files: MemoryFiles())
        }
        #expect(credential.requests.isEmpty)
    }
}
