import Glibc

/// Who else can get at a file or a directory that should be its owner's alone.
package enum Protection {
    /// Why something is not believed to be private; half a sentence that follows its name.
    package struct Exposure: Error, Hashable, Sendable {
        /// What the one who must act has to do something about.
        package enum Kind: Hashable, Sendable {
            /// The owner.
            case otherOwner
            /// The mode.
            case openToOthers
            /// What it is.
            case other
            /// The system did not let it be looked at.
            case system(errno: Int32)
        }

        package let words: String
        package let kind: Kind

        package init(_ words: String, _ kind: Kind = .other) {
            self.words = words
            self.kind = kind
        }

        init(errno code: Int32) {
            self.init("cannot be looked at: \(SystemError.text(of: code))", .system(errno: code))
        }
    }

    /// Checks a file without following a link to it: that it is a regular file, ours, and nobody else's to read or write.
    ///
    /// Returns whether there is one. The directories above it are not looked at here: see ``PathCheck``.
    package static func checkFile(_ path: String) throws(Exposure) -> Bool {
        guard let status = try status(of: path) else { return false }
        try check(status)
        return true
    }

    /// Checks what an open file is.
    package static func check(openFile file: Int32, owner: UInt32? = nil) throws(Exposure) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Exposure(errno: errno) }
        try check(status, owner: owner)
    }

    /// Makes a directory, and those above it that are missing, for its owner alone; checks the whole way to it, that it
    /// is a directory, ours, and that the mode allows others none of the bits given.
    package static func makeDirectory(_ path: String, forbidding bits: UInt32) throws(Exposure) {
        let check = PathCheck()
        try check.resolve(path)
        try makeMissing(path)
        // What was missing may be of somebody else's making by now.
        try check.resolve(path)
        try checkDirectory(path, forbidding: bits)
    }

    /// Checks that something is a directory and no link to one, ours, and that its mode allows others none of the bits.
    package static func checkDirectory(_ path: String, forbidding bits: UInt32) throws(Exposure) {
        guard let status = try status(of: path) else { throw Exposure("is not there") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw Exposure("is not a directory") }
        guard status.st_uid == geteuid() else { throw Exposure("belongs to another user", .otherOwner) }
        guard status.st_mode & bits == 0 else {
            throw Exposure("is open to others \(modes(status, wanted: status.st_mode & ~bits))", .openToOthers)
        }
    }

    /// The mode that something has, and the one that it should have.
    static func modes(_ status: stat, wanted: mode_t) -> String {
        "(mode \(octal(status.st_mode)); \(octal(wanted)) is wanted)"
    }

    private static func makeMissing(_ path: String) throws(Exposure) {
        guard try status(of: path) == nil else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeMissing(String(path[..<slash])) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw Exposure("cannot be made: \(SystemError.text(of: errno))")
        }
    }

    private static func check(_ status: stat, owner: uid_t? = nil) throws(Exposure) {
        if status.st_mode & S_IFMT == S_IFLNK { throw Exposure("is a symbolic link") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Exposure("is not a regular file") }
        guard status.st_uid == geteuid() || status.st_uid == owner else {
            throw Exposure("belongs to another user", .otherOwner)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Exposure("is open to others \(modes(status, wanted: status.st_mode & ~0o077))", .openToOthers)
        }
    }

    private static func status(of path: String) throws(Exposure) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        if errno == ENOENT { return nil }
        throw Exposure(errno: errno)
    }

    private static func octal(_ mode: mode_t) -> String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
