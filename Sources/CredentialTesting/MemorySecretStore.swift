public import TokenCredentials

/// Secrets that exist in memory only, and faults on request.
public final class MemorySecretStore: SecretListing {
    /// What a fault befalls.
    public enum Use: Hashable, Sendable {
        /// Asking for a secret.
        case reading
        /// Storing or forgetting one.
        case writing
    }

    private struct State {
        var secrets: [SecretKey: String]
        var faults: [Use: SecretStoreError] = [:]
        var writes: [String?] = []
    }

    private let state: Guarded<State>

    /// Starts with these secrets.
    public init(_ secrets: [SecretKey: String] = [:]) {
        state = Guarded(State(secrets: secrets))
    }

    /// What is stored under a key; `nil` if nothing is.
    ///
    /// Setting it is not counted as a write.
    public subscript(_ key: SecretKey) -> String? {
        get { state.withLock { $0.secrets[key] } }
        set { state.withLock { $0.secrets[key] = newValue } }
    }

    /// What was written so far, in order; `nil` where a secret was forgotten.
    public var writes: [String?] { state.withLock { $0.writes } }

    /// Makes every use of a kind fail for that reason; `nil` ends that.
    public func setFault(_ error: SecretStoreError?, when use: Use) {
        state.withLock { $0.faults[use] = error }
    }

    /// Returns a secret; `nil` if none is stored under the key.
    public func secret(for key: SecretKey) async throws(SecretStoreError) -> String? {
        let (fault, secret) = state.withLock { ($0.faults[.reading], $0.secrets[key]) }
        if let fault { throw fault }
        return secret
    }

    /// Returns the profiles under which secrets of a kind are stored, sorted.
    public func profiles(ofKind kind: String) async throws(SecretStoreError) -> [String] {
        let (fault, keys) = state.withLock { ($0.faults[.reading], Array($0.secrets.keys)) }
        if let fault { throw fault }
        return keys.filter { $0.kind == kind }.map(\.profile).sorted()
    }

    /// Stores a secret in place of any other under the key; `nil` forgets it.
    public func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) {
        let fault = state.withLock { state -> SecretStoreError? in
            if let fault = state.faults[.writing] { return fault }
            state.secrets[key] = secret
            state.writes.append(secret)
            return nil
        }
        if let fault { throw fault }
    }
}

extension MemorySecretStore: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many secrets there are, and none of them.
    public var description: String { "MemorySecretStore(\(state.withLock { $0.secrets.count }) secrets)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["store": description]) }
}
