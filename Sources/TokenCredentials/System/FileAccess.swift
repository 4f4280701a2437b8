public import FoundationEssentials

/// Reads and replaces small files. A seam: a full disk cannot be had for asking, and root may open any file.
public protocol FileAccess: Sendable {
    /// Reads a whole file; `nil` if there is none of that name.
    ///
    /// Throws ``FileError`` if it is not a regular file, is longer than the limit, in bytes, or cannot be read.
    func contents(ofFile path: String, limit: Int) throws(FileError) -> Data?

    /// Replaces a file in one step: a reader sees the old contents or the new, and never part of either.
    ///
    /// The new file belongs to its owner alone (mode 0600) from the moment it exists. A symbolic link is followed, and
    /// the file it names is replaced; nobody but root and the one the file is written for can change where it leads.
    /// `change` receives what is there now, `nil` for no file, and returns what shall be there, `nil` to leave all as it
    /// is. Two callers for the same file take turns, in other processes too. Throws what `change` throws, or
    /// ``FileError``; the old file is then whole.
    func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws

    /// Returns who may do what with a file, as the lower twelve bits of its mode; `nil` if that is not known.
    func permissions(ofFile path: String) -> UInt16?
}

extension FileAccess {
    /// Replaces a file for the process's own user; see ``replaceFile(at:limit:trusting:_:)``.
    public func replaceFile(at path: String, limit: Int, _ change: (Data?) throws -> Data?) throws {
        try replaceFile(at: path, limit: limit, trusting: FileTrust(), change)
    }

    /// Returns `nil`: files that are not on a disk have no owner to protect them from others.
    public func permissions(ofFile path: String) -> UInt16? { nil }
}

/// Why a file could not be read or replaced. Names the file and never quotes it.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stood in the way.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// A pipe, a device or a socket. A directory is reported with the system's own error number.
        case notARegularFile
        /// A symbolic link that leads nowhere or in a circle.
        case brokenLink
        /// Longer than the limit, in bytes.
        case tooLarge(limit: Int)
        /// Somebody else was writing it all the time one waited.
        case busy
        /// It, or something on the way to it, belongs to another user; half a sentence that follows its name.
        case otherOwner(String)
        /// Others could change it or where its name leads; half a sentence that follows its name.
        case openToOthers(String)
        /// Something that is no file or directory lies in its place or in its way; half a sentence that follows its name.
        case unfit(String)
        /// The system said no.
        case system(errno: Int32)
    }

    /// What was being done, such as `"writing"`.
    public let activity: String
    /// The file.
    public let path: String
    /// What stood in the way.
    public let reason: Reason

    /// Records what could not be done to which file.
    public init(_ activity: String, _ path: String, _ reason: Reason) {
        self.activity = activity
        self.path = path
        self.reason = reason
    }

    init(_ activity: String, _ path: String, _ exposure: Protection.Exposure) {
        let reason: Reason =
            switch exposure.kind {
            case .otherOwner: .otherOwner(exposure.words)
            case .openToOthers: .openToOthers(exposure.words)
            case .other: .unfit(exposure.words)
            case .system(let code): .system(errno: code)
            }
        self.init(activity, path, reason)
    }

    /// One sentence with the file's name and the system's reason.
    public var description: String {
        let because =
            switch reason {
            case .notARegularFile: "it is not a regular file"
            case .brokenLink: "it is a symbolic link that leads nowhere"
            case .tooLarge(let limit): "it is longer than \(limit) bytes"
            case .busy: "another program is writing it"
            case .otherOwner(let words), .openToOthers(let words), .unfit(let words): "it \(words)"
            case .system(let code): SystemError.text(of: code)
            }
        return "\(activity) \(path): \(because)"
    }
}
