import FoundationEssentials
import Glibc

/// The new file beside the one it will replace: its owner's alone from birth, on disk before anybody can see it.
///
/// All writers of a file use one name for it, and it is their lock at the same time.
final class FreshFile {
    private let turn: TurnFile
    private let path: String
    private let shownPath: String
    private let trust: FileTrust

    /// Waits for this writer's turn.
    init(beside target: String, trusting trust: FileTrust, for shownPath: String) throws(FileError) {
        self.shownPath = shownPath
        self.trust = trust
        let name = Self.name(beside: target)
        let turn = try TurnFile(name, trusting: trust.owner, for: shownPath)
        guard !turn.isHeld else {
            path = name
            self.turn = turn
            return
        }
        // A file system without locks: writers take no turns then, and must not meet in one file.
        turn.remove()
        path = name + "." + String(UInt64.random(in: .min ... .max), radix: 36)
        self.turn = try TurnFile(path, trusting: trust.owner, for: shownPath)
    }

    /// Writes the contents, in place of any that were written before.
    func write(_ contents: Data) throws(FileError) {
        var code = ftruncate(turn.file, 0) == 0 ? 0 : errno
        if code == 0 { code = OpenFile.write(contents, to: turn.file) }
        if code == 0, !trust.give(turn.file) { code = errno }
        if code == 0, fsync(turn.file) != 0 { code = errno }
        guard code == 0 else { throw FileError("writing", shownPath, .system(errno: code)) }
    }

    /// Gives the new file the old one's name, in one step.
    func take(placeOf target: String) throws(FileError) {
        var status = stat()
        if lstat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            turn.remove()
            throw FileError("writing", shownPath, .notARegularFile)
        }
        guard rename(path, target) == 0 else {
            let code = errno
            turn.remove()
            throw FileError("writing", shownPath, .system(errno: code))
        }
        Self.sync(directoryOf: target)
    }

    /// Removes the new file.
    func discard() { turn.remove() }

    /// Brings the change of names to disk; not every file system can, and the change holds without.
    private static func sync(directoryOf target: String) {
        let end = target.lastIndex(of: "/") ?? target.startIndex
        OpenDirectory(end == target.startIndex ? "/" : String(target[..<end]))?.sync()
    }

    /// A hidden name that this program alone makes, such as `.pgpass.passgres.new` for `.pgpass`.
    private static func name(beside target: String) -> String {
        let start = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
        let name = target[start...]
        return target[..<start] + (name.hasPrefix(".") ? "" : ".") + name + ".passgres.new"
    }
}
