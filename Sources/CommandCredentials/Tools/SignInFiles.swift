import Glibc
package import TokenCredentials

/// The files in which a tool keeps who is signed in, and what tells one state of them from another.
package struct SignInFiles: Sendable {
    /// What changes whenever somebody writes or replaces one of several files.
    package struct Stamp: Hashable, Sendable {
        private struct File: Hashable {
            let inode: UInt
            let size: Int
            let modified: Int
            let modifiedFraction: Int
        }

        private let files: [File?]

        fileprivate var isAnythingThere: Bool { files.contains { $0 != nil } }

        /// The state of each file in a word.
        fileprivate var texts: [String] {
            files.map { $0.map { "\($0.inode)-\($0.size)-\($0.modified).\($0.modifiedFraction)" } ?? "none" }
        }

        fileprivate init(of paths: [String]) {
            files = paths.map { path in
                var status = stat()
                guard stat(path, &status) == 0 else { return nil }
                return File(
                    inode: UInt(status.st_ino), size: Int(status.st_size), modified: status.st_mtim.tv_sec,
                    modifiedFraction: status.st_mtim.tv_nsec)
            }
        }
    }

    private let settings: [String]
    private let tokens: [String]

    /// Where `az` keeps the accounts, its settings and its tokens; also for a tool that asks `az` in its turn.
    package static func azureCLI(in environment: ProcessEnvironment) -> SignInFiles {
        let directory = environment["AZURE_CONFIG_DIR"] ?? environment["HOME"].map { "\($0)/.azure" } ?? "/nonexistent"
        return SignInFiles(
            settings: ["azureProfile.json", "clouds.config", "config", "service_principal_entries.json"].map {
                "\(directory)/\($0)"
            },
            tokens: ["msal_token_cache.json", "msal_token_cache.bin"].map { "\(directory)/\($0)" })
    }

    /// The same files, and those that only a sign-in to another tool writes.
    package func watchingSignIns(of other: SignInFiles) -> SignInFiles {
        SignInFiles(settings: settings + other.settings, tokens: tokens)
    }

    /// Names the files.
    ///
    /// - Parameter settings: Those that only a sign-in, or a change of account, writes.
    /// - Parameter tokens: Those that the tool writes too whenever it has renewed a token.
    package init(settings: [String], tokens: [String]) {
        self.settings = settings
        self.tokens = tokens
    }

    /// Whose token the tool gives: the files that only a sign-in writes, by path and state, with the settings of ours that
    /// choose among that person's directories; `nil` where nobody has signed in.
    package func owner(asking settings: [String?], environment: ProcessEnvironment) -> String? {
        let stamp = settingsStamp
        guard stamp.isAnythingThere else { return nil }
        let own = settings.map { $0 ?? "-" } + (environment.forbidsOtherTenants ? ["own tenant only"] : [])
        return (own + zip(self.settings, stamp.texts).map { "\($0) \($1)" }).joined(separator: ", ")
    }

    /// The state of the files that only a sign-in writes; to be taken before the tool is run.
    package var settingsStamp: Stamp { Stamp(of: settings) }

    /// The state of the files that the tool itself writes; to be taken after the tool was run.
    package var tokensStamp: Stamp { Stamp(of: tokens) }
}
