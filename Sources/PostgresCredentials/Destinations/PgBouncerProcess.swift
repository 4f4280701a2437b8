import FoundationEssentials
import Glibc
public import TokenCredentials

/// A way to make PgBouncer read its auth file again.
public protocol PgBouncerReload: Sendable {
    /// Tells PgBouncer. Throws ``DestinationError`` where that cannot be done.
    func reload() async throws
}

/// A running PgBouncer, known by its pid file, which SIGHUP makes read its files again.
public struct PgBouncerProcess: PgBouncerReload {
    /// The pid file, as PgBouncer's setting `pidfile` names it.
    public let pidFile: String
    private let files: any FileAccess

    /// Names a pid file; it is read anew each time.
    public init(pidFile: String, files: any FileAccess = LocalFiles()) {
        self.pidFile = pidFile
        self.files = files
    }

    /// Sends SIGHUP, if the process named there is a PgBouncer.
    ///
    /// Throws ``DestinationError`` for a pid file that is missing or stale: another process may have got its number.
    public func reload() async throws {
        try await onOwnThread { [self] () throws -> Void in try signal() }
    }

    private func signal() throws {
        guard let contents = try files.contents(ofFile: pidFile, limit: 64) else {
            throw DestinationError(
                "there is no pid file \(pidFile)", remedy: "Start PgBouncer; it reads the new passwords as it starts.")
        }
        let text = contents.filter { !isSpace($0) }
        guard let process = pid_t(String(decoding: text, as: UTF8.self)), process > 1 else {
            throw DestinationError("the pid file \(pidFile) does not hold the number of a process")
        }
        // The kernel's files have no size and are read as they are.
        guard let name = try files.contents(ofFile: "/proc/\(process)/comm", limit: 64) else {
            throw DestinationError(
                "the pid file \(pidFile) is stale: there is no process \(process)",
                remedy: "Start PgBouncer; it reads the new passwords as it starts.")
        }
        guard name.starts(with: Array("pgbouncer\n".utf8)) else {
            throw DestinationError(
                "the pid file \(pidFile) is stale: process \(process) is no PgBouncer, and is left alone",
                remedy: "Start PgBouncer, or name its own pid file.")
        }
        guard kill(process, SIGHUP) == 0 else {
            throw DestinationError(
                "PgBouncer (process \(process)) cannot be told: \(SystemError.text(of: errno))",
                remedy: "Run as PgBouncer's user, or let its console reload it.")
        }
    }
}
