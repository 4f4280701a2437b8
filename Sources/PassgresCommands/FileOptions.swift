import ArgumentParser
import Glibc
import PostgresCredentials
import TokenCredentials

/// For whom files are written, and in which directories though others may write there.
struct FileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write for that user, to whom the files are given; for root.", valueName: "user"))
    var owner: String?

    @Option(
        help: ArgumentHelp(
            "Use a directory though others may write to it; may be given several times.", valueName: "directory"))
    var allowSharedDirectory: [String] = []

    func validate() throws {
        _ = try trust
    }

    /// The same for the library.
    var trust: FileTrust {
        get throws(ValidationError) {
            FileTrust(owner: try Self.user(owner), sharedDirectories: allowSharedDirectory)
        }
    }

    /// The id of a user named by name or number.
    static func user(_ text: String?) throws(ValidationError) -> UInt32? {
        guard let text else { return nil }
        guard let user = UInt32(text) ?? SystemAccount.userID(of: text) else {
            throw ValidationError("there is no user \(quoted(text)) here, whom files could be written for")
        }
        guard user == geteuid() || geteuid() == 0 else {
            throw ValidationError("only root writes files for another user")
        }
        return user
    }
}
