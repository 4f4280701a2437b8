import FoundationEssentials
import Glibc
import TokenCredentials

/// An open directory that is its owner's alone.
///
/// Everything in it is reached through it, so that nobody can put another directory in its place meanwhile.
final class PrivateFolder: Sendable {
    private let directory: OpenDirectory
    private var folder: Int32 { directory.descriptor }

    /// Opens the directory, and makes it if it is missing.
    ///
    /// Throws if it is not private.
    init(_ path: String) throws(SharedTokenDirectory.Refusal) {
        do throws(Protection.Exposure) {
            try Protection.makeDirectory(path, forbidding: 0o077)
        } catch {
            throw SharedTokenDirectory.Refusal(description: "the directory \(path) \(error.words)")
        }
        guard let directory = OpenDirectory(path) else {
            throw SharedTokenDirectory.Refusal(
                description: "the directory \(path) cannot be opened: \(SystemError.text(of: errno))")
        }
        self.directory = directory
    }

    /// The names in the directory, sorted.
    var names: [String] { directory.names.sorted() }

    /// Reads a file that is its owner's alone; `nil` for none, for any other, and for one that is longer than the limit.
    func contents(of name: String, limit: Int) -> Data? {
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard (try? Protection.check(openFile: file)) != nil else { return nil }
        return Self.contents(of: file, limit: limit)
    }

    /// Replaces a file in one step.
    ///
    /// A failure leaves the old one.
    func replace(_ name: String, with contents: Data) -> Int32 {
        let fresh = "\(name).\(String(UInt64.random(in: .min ... .max), radix: 36))\(EntryKey.freshSuffix)"
        let file = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return errno }
        // No sync: what a crash of the machine damages is not believed afterwards.
        var code = OpenFile.write(contents, to: file)
        if code == 0, fchmod(file, 0o600) != 0 { code = errno }
        close(file)
        if code == 0, renameat(folder, fresh, folder, name) != 0 { code = errno }
        if code != 0 { unlinkat(folder, fresh, 0) }
        return code
    }

    /// Removes a file, or the link of that name.
    ///
    /// One that is not there counts as removed.
    @discardableResult
    func remove(_ name: String) -> Bool {
        unlinkat(folder, name, 0) == 0 || errno == ENOENT
    }

    /// Opens a file for reading and writing, and makes it if it is missing; whatever else has its name is replaced.
    func openFile(_ name: String) -> Int32? {
        for _ in 0..<3 {
            let file = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
            if file >= 0 {
                if (try? Protection.check(openFile: file)) != nil { return file }
                close(file)
            }
            guard remove(name) else { return nil }
        }
        return nil
    }

    /// Whether a file still is the one of that name.
    func isNamed(_ name: String, _ file: Int32) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(file, &open) == 0 && fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0
            && open.st_dev == named.st_dev && open.st_ino == named.st_ino
    }

    static func contents(of file: Int32, limit: Int) -> Data? {
        var contents = [UInt8]()
        var block = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = pread(file, &block, block.count, off_t(contents.count))
            if count == 0 { return Data(contents) }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            contents += block[..<count]
            guard contents.count <= limit else { return nil }
        }
    }
}
