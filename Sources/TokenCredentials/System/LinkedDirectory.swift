package import FoundationEssentials
import Glibc

/// A directory whose files change together: each is a link into the directory that the link `..data` names.
package struct LinkedDirectory {
    private static let current = "..data"
    private let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// Puts files of these names and contents in place of all others in one step, each its owner's alone.
    ///
    /// A file that is there and is no link is not replaced: then this throws. Blocks the thread.
    package func replaceContents(_ files: [String: Data]) throws(FileError) {
        let lock = try DirectoryLock(path, for: path)
        defer { lock.release() }
        let old = target(of: Self.current)
        let fresh = "..\(String(UInt64.random(in: .min ... .max), radix: 36)).passgres"
        do throws(FileError) {
            try make(fresh, files)
            try link(Self.current, to: fresh)
            for name in files.keys.sorted() where target(of: name) != "\(Self.current)/\(name)" {
                try link(name, to: "\(Self.current)/\(name)")
            }
        } catch {
            if target(of: Self.current) != fresh { remove(fresh) }
            throw error
        }
        lock.sync()
        // The directory before this one stays until the next change, for readers that are just about to open a file.
        if lock.isHeld { removeAbandoned(except: [fresh, old ?? ""]) }
    }

    private func make(_ name: String, _ files: [String: Data]) throws(FileError) {
        let directory = "\(path)/\(name)"
        guard mkdir(directory, 0o700) == 0 else { throw failure() }
        for (file, contents) in files {
            _ = try FreshFile(at: "\(directory)/\(file)", contents: contents, for: "\(path)/\(file)")
        }
        guard chmod(directory, 0o700) == 0 else { throw failure() }
    }

    /// Makes a link, in place of another link of that name, in one step.
    private func link(_ name: String, to target: String) throws(FileError) {
        var status = stat()
        if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
            throw FileError("writing", "\(path)/\(name)", .system(errno: EEXIST))
        }
        let temporary = "\(path)/..link.passgres"
        unlink(temporary)
        guard symlink(target, temporary) == 0, rename(temporary, "\(path)/\(name)") == 0 else { throw failure() }
    }

    private func target(of name: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("\(path)/\(name)", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func remove(_ name: String) {
        let directory = "\(path)/\(name)"
        for file in Self.names(in: directory) { unlink("\(directory)/\(file)") }
        rmdir(directory)
    }

    private func removeAbandoned(except kept: [String]) {
        for name in Self.names(in: path)
        where name.hasPrefix("..") && name.hasSuffix(".passgres") && !kept.contains(name) {
            remove(name)
        }
    }

    private static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func failure() -> FileError { FileError("writing", path, .system(errno: errno)) }
}
