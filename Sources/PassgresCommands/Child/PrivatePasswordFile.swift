import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// A password file that one program reads, kept fresh while it runs.
struct PrivatePasswordFile: Sendable {
    /// Where the file is.
    let path: String
    private let directory: PrivateDirectory
    private let logins: [Login]

    /// Makes the directory and writes the connection's password.
    init(for connection: ConnectionInfo, in environment: ProcessEnvironment) async throws {
        directory = try PrivateDirectory(in: environment)
        path = directory.path + "/pgpass"
        logins = connection.logins
        do {
            try await store(connection.password ?? "")
        } catch {
            directory.remove()
            throw CommandFailure(error)
        }
    }

    /// Puts another password into the file, in one step.
    ///
    /// Any database will do in the file that only this program reads: `\c` and the dump tools change it.
    func store(_ password: String) async throws {
        let lines = try logins.map { try PasswordFile.entryForAnyDatabase(of: $0, password: password) + "\n" }
        let contents = Data(lines.joined().utf8)
        try await onOwnThread { [path] () throws -> Void in
            try LocalFiles().replaceFile(at: path, limit: 1 << 20) { _ in contents }
        }
    }

    /// Removes file and directory.
    func remove() {
        directory.remove()
    }
}
