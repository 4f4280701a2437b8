import CredentialTesting
import Foundation
import Synchronization
import TokenCredentials

/// Files whose last step, the renaming, fails a while: the change is made, and nothing comes of it.
final class UnrenamableFiles: FileAccess {
    let base = MemoryFiles()
    private let reason = Mutex<FileError.Reason?>(nil)

    func fail(for reason: FileError.Reason?) { self.reason.withLock { $0 = reason } }

    func contents(ofFile path: String, limit: Int) throws(FileError) -> Data? {
        try base.contents(ofFile: path, limit: limit)
    }

    func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws {
        guard let reason = reason.withLock({ $0 }) else {
            return try base.replaceFile(at: path, limit: limit, trusting: trust, change)
        }
        _ = try change(try base.contents(ofFile: path, limit: limit))
        throw FileError("writing", path, reason)
    }
}

/// The real files, into which a person writes a line while the first change is being made, and without asking anybody.
final class EditedFiles: FileAccess {
    private let line: String
    private let isDone = Mutex(false)

    init(adding line: String) { self.line = line }

    func contents(ofFile path: String, limit: Int) throws(FileError) -> Data? {
        try LocalFiles().contents(ofFile: path, limit: limit)
    }

    func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws {
        try LocalFiles().replaceFile(at: path, limit: limit, trusting: trust) { old in
            if isDone.withLock({ isDone in
                defer { isDone = true }; return !isDone
            }) {
                try ((old ?? Data()) + Data(line.utf8)).write(to: URL(filePath: path))
            }
            return try change(old)
        }
    }

    func permissions(ofFile path: String) -> UInt16? { LocalFiles().permissions(ofFile: path) }
}
