import FoundationEssentials
public import TokenCredentials

/// Secrets in a file that only its owner can read, for machines without a secret service.
///
/// Nothing in the file is encrypted. A file or directory that others could read, write or replace is refused, and so is a
/// symbolic link; nothing is repaired, since what was exposed has to be taken for known.
public struct FileSecretStore: SecretListing {
    private static let limit = 4 << 20
    /// The file.
    public let path: String
    private let files: any FileAccess

    /// Names the file; looks at nothing yet.
    public init(path: String, files: any FileAccess = LocalFiles()) {
        self.path = path
        self.files = files
    }

    /// Takes `passgres/secrets.json` under `XDG_STATE_HOME`, else under `~/.local/state`; `nil` if neither it nor `HOME`
    /// is set to an absolute path.
    public init?(environment: ProcessEnvironment, files: any FileAccess = LocalFiles()) {
        guard let directory = Self.directory(environment) else { return nil }
        self.init(path: directory + "/secrets.json", files: files)
    }

    /// The directory for what this package keeps of a person's; `nil` if neither variable is set to an absolute path.
    static func directory(_ environment: ProcessEnvironment) -> String? {
        var base = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        if base == nil { base = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil } }
        return base.map { $0 + "/passgres" }
    }

    /// Returns a secret; `nil` if none is stored under the key, or there is no file.
    ///
    /// Throws ``SecretStoreError/failed(_:)`` for a file that is not private or not one of this kind.
    public func secret(for key: SecretKey) async throws(SecretStoreError) -> String? {
        try await read()?[key]
    }

    /// Returns the profiles under which secrets of a kind are stored, sorted.
    ///
    /// Throws as ``secret(for:)`` does.
    public func profiles(ofKind kind: String) async throws(SecretStoreError) -> [String] {
        try await read()?.profiles(ofKind: kind) ?? []
    }

    /// What the file holds; `nil` if there is none.
    private func read() async throws(SecretStoreError) -> SecretDocument? {
        guard !Task.isCancelled else { throw .cancelled }
        let store = self
        @Sendable func read() throws(SecretStoreError) -> SecretDocument? {
            guard try store.isThere() else { return nil }
            let contents: Data?
            do throws(FileError) {
                contents = try store.files.contents(ofFile: store.path, limit: Self.limit)
            } catch {
                throw .failed(error.description)
            }
            guard let contents else { return nil }
            return try store.document(contents)
        }
        return try await onOwnThread(read)
    }

    /// Stores a secret in place of any other under the key; `nil` forgets it.
    ///
    /// Makes the file and its directory.
    public func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) {
        guard !Task.isCancelled else { throw .cancelled }
        let store = self
        @Sendable func write() throws(SecretStoreError) {
            let isThere = try store.isThere()
            if secret == nil, !isThere { return }
            try store.change { document in document[key] = secret }
        }
        try await onOwnThread(write)
    }

    /// Whether something of that name is there, private or not.
    var exists: Bool { (try? Protection.checkFile(path)) != false }

    private var directory: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

    private func change(_ body: (inout SecretDocument) -> Void) throws(SecretStoreError) {
        do throws(Protection.Exposure) {
            try Protection.makeDirectory(directory, forbidding: 0o022)
        } catch {
            throw .failed("\(directory) \(error.words)")
        }
        do {
            try files.replaceFile(at: path, limit: Self.limit) { contents in
                var secrets = try contents.map { try document($0) } ?? SecretDocument()
                body(&secrets)
                let fresh = try secrets.contents
                // What could be written and not read again would be lost, and all the rest with it.
                guard fresh.count <= Self.limit else {
                    throw SecretStoreError.failed("\(path) does not hold more than \(Self.limit) bytes")
                }
                return fresh
            }
        } catch let error as SecretStoreError {
            throw error
        } catch let error as FileError {
            throw .failed(error.description)
        } catch {
            throw .failed("\(path) could not be written")
        }
    }

    private func isThere() throws(SecretStoreError) -> Bool {
        do throws(Protection.Exposure) {
            guard try Protection.checkFile(path) else { return false }
        } catch {
            throw .failed("\(path) \(error.words), and is not believed")
        }
        // Who can put another file in its place decides who we sign in as.
        do throws(Protection.Exposure) {
            try PathCheck().resolve(directory)
            try Protection.checkDirectory(directory, forbidding: 0o022)
        } catch {
            throw .failed("\(directory) \(error.words), and what is in it is not believed")
        }
        return true
    }

    private func document(_ contents: Data) throws(SecretStoreError) -> SecretDocument {
        guard let document = SecretDocument(contents) else {
            throw .failed("\(path) is not a file of secrets of a version that is read here, and is left as it is")
        }
        return document
    }
}

extension FileSecretStore: CustomStringConvertible, CustomReflectable {
    /// What it is, for a report.
    public var description: String { "the file \(path)" }

    /// The same as ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}
