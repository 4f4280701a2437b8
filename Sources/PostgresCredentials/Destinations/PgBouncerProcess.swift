import FoundationEssentials
import Glibc
public import TokenCredentials

/// A way to make PgBouncer read its auth file again.
public protocol PgBouncerReload: Sendable {
    /// Tells PgBouncer. Throws ``DestinationError`` where that cannot be done.
    func reload() async throws

    /// Asks PgBouncer for its version; `nil` where this way cannot ask. Throws ``DestinationError`` where it does not answer.
    func version() async throws -> PgBouncerVersion?

    /// The user id PgBouncer runs as; `nil` where this way does not tell. Throws ``DestinationError`` where it should.
    func user() async throws -> UInt32?
}

extension PgBouncerReload {
    /// Returns `nil`.
    public func version() async throws -> PgBouncerVersion? { nil }

    /// Returns `nil`.
    public func user() async throws -> UInt32? { nil }
}

/// A running PgBouncer, known by its pid file, which SIGHUP makes read its files again.
public struct PgBouncerProcess: PgBouncerReload {
    /// The pid file, as PgBouncer's setting `pidfile` names it.
    public let pidFile: String
    private let files: any FileAccess
    private let lastUser = Memory()

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

    /// The user whom the process named there runs as, if that is a PgBouncer; while there is none, whom it ran as before.
    ///
    /// Throws ``DestinationError`` as ``reload()`` does, and for a pid file by which others could name themselves.
    public func user() async throws -> UInt32? {
        do {
            let user = try await onOwnThread { [self] () throws -> UInt32 in try runningUser() }
            lastUser.user.withLock { $0 = user }
            return user
        } catch let error as DestinationError {
            guard let user = lastUser.user.withLock({ $0 }) else { throw error }
            return user
        }
    }

    private func runningUser() throws -> UInt32 {
        let process = try process()
        let status = try files.contents(ofFile: "/proc/\(process)/status", limit: 1 << 16) ?? Data()
        // Real, effective, saved and file system's (proc(5)): the effective one opens files.
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Uid:") }
        guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 2, let user = UInt32(words[2])
        else {
            throw DestinationError("the user that PgBouncer (process \(process)) runs as cannot be found out")
        }
        do throws(Protection.Exposure) {
            try PathCheck(trusting: [user]).resolve(pidFile)
        } catch {
            throw DestinationError(
                "the pid file \(pidFile) \(error.words), and so does not tell PgBouncer's user",
                remedy: "Keep it where nobody but root and that user can write, or name the user with --owner.")
        }
        return user
    }

    private func signal() throws {
        let process = try process()
        guard kill(process, SIGHUP) == 0 else {
            throw DestinationError(
                "PgBouncer (process \(process)) cannot be told: \(SystemError.text(of: errno))",
                remedy: "Run as PgBouncer's user, or let its console reload it.")
        }
    }

    /// The process named in the file, which is a PgBouncer.
    private func process() throws -> pid_t {
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
        return process
    }

    /// Whom PgBouncer was last seen to run as.
    private final class Memory: Sendable {
        let user = Guarded<UInt32?>(nil)
    }
}
