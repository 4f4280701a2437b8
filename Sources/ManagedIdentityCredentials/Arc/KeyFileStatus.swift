import Glibc

/// What is looked at before a key file is read.
struct KeyFileStatus {
    /// The longest key, in bytes.
    static let limit = 4096

    var mode: mode_t
    var size: Int
    var owner: uid_t
    /// Who owns the directory the file is in: the agent, in whatever account it runs.
    var directoryOwner: uid_t
    var directoryMode: mode_t

    /// Why the file is not to be read; `nil` if nothing speaks against it.
    var objection: KeyFileError? {
        guard mode & S_IFMT == S_IFREG else { return .notARegularFile }
        guard owner == 0 || owner == directoryOwner, mode & S_IWOTH == 0, directoryMode & S_IWOTH == 0 else {
            return .foreign
        }
        return size <= Self.limit ? nil : .tooLarge
    }
}
