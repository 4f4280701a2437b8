public import FoundationEssentials
public import TokenCredentials

/// Files that exist in memory only, and faults on request.
public final class MemoryFiles: FileAccess {
    private struct State {
        var files: [String: Data]
        var owners: [String: UInt32] = [:]
        var faults: [String: FileError.Reason] = [:]
    }

    private let state: Guarded<State>

    /// Starts with these files, by path.
    public init(_ files: [String: String] = [:]) {
        state = Guarded(State(files: files.mapValues { Data($0.utf8) }))
    }

    /// A file's text; `nil` if there is none. Setting it replaces or removes the file.
    public subscript(_ path: String) -> String? {
        get { state.withLock { $0.files[path] }.map { String(decoding: $0, as: UTF8.self) } }
        set { state.withLock { $0.files[path] = newValue.map { Data($0.utf8) } } }
    }

    /// Makes every use of a path fail for that reason; `nil` ends that.
    public func setFault(_ reason: FileError.Reason?, at path: String) {
        state.withLock { $0.faults[path] = reason }
    }

    /// Reads a file.
    public func contents(ofFile path: String, limit: Int) throws(FileError) -> Data? {
        let (fault, data) = state.withLock { ($0.faults[path], $0.files[path]) }
        if let fault { throw FileError("reading", path, fault) }
        guard let data else { return nil }
        guard data.count <= limit else { throw FileError("reading", path, .tooLarge(limit: limit)) }
        return data
    }

    /// Replaces a file, and remembers for whom.
    public func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws {
        let old = try contents(ofFile: path, limit: limit)
        guard let new = try change(old) else { return }
        state.withLock {
            $0.files[path] = new
            $0.owners[path] = trust.owner
        }
    }

    /// The user id that a file was last given to; `nil` if to nobody.
    public func owner(ofFile path: String) -> UInt32? { state.withLock { $0.owners[path] } }
}
