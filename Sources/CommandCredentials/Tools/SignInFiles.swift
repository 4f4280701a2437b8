import Glibc

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

    /// Names the files.
    ///
    /// - Parameter settings: Those that only a sign-in, or a change of account, writes.
    /// - Parameter tokens: Those that the tool writes too whenever it has renewed a token.
    package init(settings: [String], tokens: [String]) {
        self.settings = settings
        self.tokens = tokens
    }

    /// The state of the files that only a sign-in writes; to be taken before the tool is run.
    package var settingsStamp: Stamp { Stamp(of: settings) }

    /// The state of the files that the tool itself writes; to be taken after the tool was run.
    package var tokensStamp: Stamp { Stamp(of: tokens) }
}
