import Glibc
import TokenCredentials

extension PgBouncerAuthFile {
    /// For whom the file is written: the user named, else the one PgBouncer runs as, else our own, where that is not root.
    ///
    /// Throws ``DestinationError`` where PgBouncer could not read what we would write: it does not run as root.
    func trustOfReader() async throws -> FileTrust {
        var trust = trust
        let (running, silence) = try await runningUser()
        let writer = trust.owner ?? geteuid()
        if trust.owner == nil, writer == 0 {
            guard let running else {
                throw DestinationError(
                    "PgBouncer's user is not known, and a file of root's it could not read"
                        + (silence.map { ": \($0.problem)" } ?? ""),
                    remedy: "Name that user with --owner, or PgBouncer's pid file; or run as that user.")
            }
            trust.owner = running
        } else if let running, running != writer {
            throw DestinationError(
                "PgBouncer runs as \(FileReader(running).name) and could not read a file that is"
                    + " \(FileReader(writer).name)'s alone",
                remedy: "Run as \(FileReader(running).name), or as root with --owner \(FileReader(running).name).")
        }
        if let owner = trust.owner, owner != geteuid(), let place = FileReader(owner).obstacle(onTheWayTo: path) {
            throw DestinationError(
                "\(FileReader(owner).name), as whom PgBouncer runs, may not pass \(place) to its auth file",
                remedy: "Let that user, as with chmod o+x, or name a file elsewhere.")
        }
        return trust
    }

    private func runningUser() async throws -> (user: UInt32?, silence: DestinationError?) {
        do {
            return (try await reload?.user(), nil)
        } catch let error as DestinationError {
            return (nil, error)
        }
    }
}
