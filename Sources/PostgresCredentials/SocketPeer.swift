import Glibc
import TokenCredentials

/// Who listens at a socket of this machine, looked at before a token goes there in clear.
///
/// Trusted are root, the process's own user and the account `postgres`. Anybody else has to be named in the connection by
/// `requirepeer`, which libpq holds against the listening process's user (PostgreSQL, "Parameter Key Words").
struct SocketPeer: Sendable {
    /// For whom a socket is looked at.
    enum Reader: Sendable {
        /// A libpq that gets our connection string, and `requirepeer` in it.
        case ourConnection
        /// A client that need not heed `requirepeer`.
        case anyClient
    }

    private let trusted: Set<uid_t>
    private let user: uid_t

    init(_ account: SystemAccount) {
        user = account.identifier
        trusted = Set([0, account.identifier] + ([Self.identifier(of: "postgres")].compactMap(\.self)))
    }

    /// The user whom `requirepeer` shall name for these servers; `nil` if there is nobody to name.
    func name(at servers: [ServerAddress], for reader: Reader) throws(SocketPeerError) -> String? {
        var names: [String?] = []
        for server in servers where server.isSocket { names.append(try name(at: server, for: reader)) }
        // One word of libpq's is for all the sockets of a connection.
        guard let first = names.first, names.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    private func name(at server: ServerAddress, for reader: Reader) throws(SocketPeerError) -> String? {
        let directory = server.name ?? ServerAddress.defaultSocketDirectory
        let path = "\(directory)/.s.PGSQL.\(server.port)"
        guard directory.utf8.first != UInt8(ascii: "@") else {
            // Anybody can take the name of an abstract socket, and again when the server is started anew.
            guard let owner = Self.listener(atAbstract: path), reader == .ourConnection else {
                throw SocketPeerError(path: path, reason: .nobodyYet)
            }
            return try name(of: owner, at: path)
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            var folder = stat()
            if stat(directory, &folder) == 0, folder.st_mode & 0o002 != 0 {
                throw SocketPeerError(path: path, reason: .nobodyYet)
            }
            try checkWay(to: path)
            return nil
        }
        var socket = stat()
        guard stat(path, &socket) == 0 else { throw SocketPeerError(path: path, reason: .nobodyYet) }
        let name = try name(of: socket.st_uid, at: path)
        if reader == .anyClient || name == nil { try checkWay(to: path) }
        return name
    }

    private func name(of owner: uid_t, at path: String) throws(SocketPeerError) -> String? {
        let name = SystemAccount.name(of: owner)
        guard trusted.contains(owner) else {
            throw SocketPeerError(path: path, reason: .stranger(name ?? "\(owner)"))
        }
        return name
    }

    /// Nobody else can put another socket in the place of that one.
    private func checkWay(to path: String) throws(SocketPeerError) {
        do throws(Protection.Exposure) {
            try PathCheck(user: user, trusting: trusted).resolve(path)
        } catch {
            throw SocketPeerError(path: path, reason: .exposed(error.words))
        }
    }

    private static func identifier(of name: String) -> uid_t? {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.pw_uid
    }

    /// The user of the process that listens at an abstract socket, told by the kernel (`SO_PEERCRED`, unix(7)).
    private static func listener(atAbstract path: String) -> uid_t? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = [UInt8(0)] + path.utf8.dropFirst()
        guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, length) }
        }
        guard result == 0 else { return nil }
        return user(atOtherEndOf: file)
    }

    /// The user of the process at the other end of a connected socket.
    static func user(atOtherEndOf file: Int32) -> uid_t? {
        // `struct ucred`, which Swift does not import: process, user, group.
        var credentials: [UInt32] = [0, .max, 0]
        var size = socklen_t(credentials.count * MemoryLayout<UInt32>.size)
        guard getsockopt(file, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials[1] != .max else {
            return nil
        }
        return credentials[1]
    }
}

/// Why a token is not handed to a socket.
public struct SocketPeerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// The socket belongs to a user who is neither root nor the process's own, nor `postgres`.
        case stranger(String)
        /// Nobody listens there, and anybody may.
        case nobodyYet
        /// Others can put a socket of theirs there; the text says where.
        case exposed(String)
    }

    /// The socket; one that is abstract begins with `@`.
    public let path: String
    /// What is wrong.
    public let reason: Reason

    /// One sentence with the socket and the reason.
    public var description: String {
        switch reason {
        case .stranger(let user): "the socket \(path) belongs to the user \(user), who would get the token"
        case .nobodyYet: "nobody is known to listen at the socket \(path), where any user may, and would get the token"
        case .exposed(let words): "others may get the token: the socket \(path) \(words)"
        }
    }

    /// One sentence: what to do about it.
    public var remedy: String {
        switch reason {
        case .stranger(let user): "If that is the server's user, name it in the connection: requirepeer=\(user)."
        case .nobodyYet, .exposed:
            "Name the server's user in the connection, as in requirepeer=postgres, or let the server use a directory that "
                + "nobody else may write to."
        }
    }
}

extension ConnectionInfo {
    /// Throws where others than the server may listen at a socket of this connection, for a client that knows the
    /// password and not our settings.
    ///
    /// What the connection says as `requirepeer` is taken for the insistence that it is right.
    package func checkSockets() throws(SocketPeerError) {
        guard !isSaid("requirepeer"), let servers = try? servers() else { return }
        _ = try SocketPeer(.current).name(at: servers, for: .anyClient)
    }

    /// Adds who has to listen at the sockets, where nobody said it.
    mutating func requirePeer(_ account: SystemAccount) throws {
        guard !isSaid("requirepeer") else { return }
        if let name = try SocketPeer(account).name(at: try servers(), for: .ourConnection) {
            try set(name, for: "requirepeer")
        }
    }
}
