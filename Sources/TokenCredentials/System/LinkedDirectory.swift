package import FoundationEssentials
import Glibc

/// A directory whose files change together: each is a link into the directory that the link `..data` names.
package struct LinkedDirectory {
    private static let current = "..data"
    /// A link that is about to get its name.
    private static let freshLink = "..passgres.link"
    private static let turn = "..passgres.turn"
    private static let suffix = ".passgres"
    private let path: String
    private let trust: FileTrust

    package init(_ path: String, trusting trust: FileTrust = FileTrust()) {
        self.path = path
        self.trust = trust
    }

    /// Puts files of these names and contents in place of all others in one step, each its owner's alone.
    ///
    /// A file that is there and is no link is not replaced, and neither is another user's link: then this throws. Blocks
    /// the thread.
    package func replaceContents(_ files: [String: Data]) throws(FileError) {
        let directory = try open()
        let turn = try TurnFile(Self.turn, in: directory.descriptor, trusting: trust.owner, for: path)
        defer { turn.remove() }
        let old = directory.target(ofLink: Self.current)
        let fresh = "..\(String(UInt64.random(in: .min ... .max), radix: 36))\(Self.suffix)"
        do throws(FileError) {
            try make(fresh, files, in: directory)
            try link(Self.current, to: fresh, in: directory)
            for name in files.keys.sorted() where directory.target(ofLink: name) != "\(Self.current)/\(name)" {
                try link(name, to: "\(Self.current)/\(name)", in: directory)
            }
        } catch {
            if directory.target(ofLink: Self.current) != fresh { remove(fresh, in: directory) }
            throw error
        }
        directory.sync()
        // The directory before this one stays until the next change, for readers that are just about to open a file.
        if turn.isHeld { removeAbandoned(except: [fresh, old ?? ""], in: directory) }
    }

    private func open() throws(FileError) -> OpenDirectory {
        do throws(Protection.Exposure) {
            let place = try trust.pathCheck.resolve(path)
            guard let directory = OpenDirectory(place) else { throw Protection.Exposure(errno: errno) }
            return directory
        } catch {
            throw FileError("writing", path, error)
        }
    }

    private func make(_ name: String, _ files: [String: Data], in parent: OpenDirectory) throws(FileError) {
        guard mkdirat(parent.descriptor, name, 0o700) == 0 else { throw failure() }
        guard let directory = OpenDirectory(name, in: parent), directory.owner == geteuid(),
            fchmod(directory.descriptor, 0o700) == 0
        else { throw failure() }
        for (name, contents) in files {
            let file = openat(directory.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw failure(name) }
            defer { close(file) }
            let code = fchmod(file, 0o600) == 0 ? OpenFile.write(contents, to: file) : errno
            guard code == 0 else { throw FileError("writing", "\(path)/\(name)", .system(errno: code)) }
            guard trust.give(file), fsync(file) == 0 else { throw failure(name) }
        }
        guard trust.give(directory.descriptor) else { throw failure() }
    }

    /// Makes a link, in place of another link of ours of that name, in one step.
    private func link(_ name: String, to target: String, in directory: OpenDirectory) throws(FileError) {
        if let status = directory.status(of: name) {
            guard status.st_mode & S_IFMT == S_IFLNK else { throw failure(name, EEXIST) }
            try checkOwner(status, name)
        }
        if let status = directory.status(of: Self.freshLink) {
            try checkOwner(status, Self.freshLink)
            unlinkat(directory.descriptor, Self.freshLink, 0)
        }
        guard symlinkat(target, directory.descriptor, Self.freshLink) == 0,
            trust.give(Self.freshLink, in: directory),
            renameat(directory.descriptor, Self.freshLink, directory.descriptor, name) == 0
        else { throw failure() }
    }

    private func checkOwner(_ status: stat, _ name: String) throws(FileError) {
        guard !trust.believes(status.st_uid) else { return }
        throw FileError("writing", "\(path)/\(name)", .otherOwner("belongs to another user"))
    }

    /// Removes a directory of ours with the files in it; what is another user's, and what is a link, stays.
    private func remove(_ name: String, in parent: OpenDirectory) {
        guard let directory = OpenDirectory(name, in: parent), let owner = directory.owner, trust.believes(owner) else {
            return
        }
        for file in directory.names { unlinkat(directory.descriptor, file, 0) }
        unlinkat(parent.descriptor, name, AT_REMOVEDIR)
    }

    private func removeAbandoned(except kept: [String], in directory: OpenDirectory) {
        for name in directory.names where name.hasPrefix("..") && name.hasSuffix(Self.suffix) && !kept.contains(name) {
            let middle = name.dropFirst(2).dropLast(Self.suffix.count)
            if UInt64(middle, radix: 36) != nil { remove(name, in: directory) }
        }
    }

    private func failure(_ name: String? = nil, _ code: Int32 = errno) -> FileError {
        FileError("writing", name.map { "\(path)/\($0)" } ?? path, .system(errno: code))
    }
}
