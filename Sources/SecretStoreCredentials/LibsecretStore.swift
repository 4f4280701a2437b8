import EntraSignIn
public import TokenCredentials

/// The desktop's secret service (GNOME Keyring, KeePassXC and others), over libsecret.
///
/// Secrets are stored under a schema of this package, with kind, profile and version as the only attributes. Nobody is
/// prompted unless ``Unlocking/whenSomebodyIsThere`` was chosen. Every call ends within its limit, whatever the service
/// does, and as soon as the task is cancelled; whether a write that was given up took place is then not known.
///
/// That a sign-in was kept is noted in a file of the person's state directory, by its profile alone: a service that is locked
/// and does not show what it holds, as KeePassXC's does not, is known by that to hold one.
public struct LibsecretStore: SecretListing {
    /// What is done about a locked collection.
    public enum Unlocking: Hashable, Sendable {
        /// Nothing: the call throws ``SecretStoreError/locked(_:)``.
        case never
        /// The service prompts the person, if the environment names a display.
        case whenSomebodyIsThere
    }

    /// Whether a secret could be stored now.
    @nonexhaustive
    public enum State: Hashable, Sendable {
        /// It could.
        case ready
        /// The default collection is locked.
        case locked
        /// There is no service, or it has no collection; the text says which.
        case absent(String)
    }

    /// The longest secret taken, in bytes.
    public static let longestSecret = 1 << 20

    /// The most that a look takes which prompts nobody.
    private static let longestLook = Duration.seconds(5)

    private let limit: Duration
    private let record: SignInRecord?
    /// Whether a person may be prompted and there is one.
    package let mayAsk: Bool

    /// Describes how the service is used; looks for nothing yet.
    ///
    /// - Parameters:
    ///   - limit: How long one call may take. A person who types a password needs more than the default.
    ///   - environment: Where `DISPLAY` or `WAYLAND_DISPLAY` say that somebody is there, and `XDG_STATE_HOME` or `HOME`
    ///     where state is kept.
    public init(
        unlocking: Unlocking = .never, limit: Duration = .seconds(5), environment: ProcessEnvironment = .current
    ) {
        self.limit = limit
        record = SignInRecord(environment: environment)
        mayAsk =
            unlocking == .whenSomebodyIsThere
            && (environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil)
    }

    /// Looks whether the service is there and its default collection open.
    ///
    /// Stores nothing and prompts nobody, and so takes five seconds at most, whatever the limit.
    ///
    /// Throws ``SecretStoreError/failed(_:)`` for a service that does not answer, and ``SecretStoreError/cancelled``.
    public func state() async throws(SecretStoreError) -> State {
        do throws(SecretStoreError) {
            return try await stateOfService()
        } catch .absent(let reason) {
            return .absent(reason)
        } catch {
            throw error
        }
    }

    /// The same of a service that is there, which is absent only for want of a collection.
    ///
    /// Throws ``SecretStoreError/absent(_:)`` where there is no service, and as ``state()``.
    package func stateOfService() async throws(SecretStoreError) -> State {
        try await run(within: min(limit, Self.longestLook)) { session throws(SecretStoreError) in
            try session.state()
        }
    }

    /// Returns a secret; `nil` if none is stored under the key.
    ///
    /// Throws ``SecretStoreError/locked(_:)`` if there is one and it cannot be read without a person, and
    /// ``SecretStoreError/hidden(_:)`` if the service is locked and does not show whether there is one.
    public func secret(for key: SecretKey) async throws(SecretStoreError) -> String? {
        try Self.check(key)
        let record = record(for: key)
        return try await run { session throws(SecretStoreError) in
            let secret = try judging(key, record) { () throws(SecretStoreError) in try session.secret(for: key) }
            // One that an earlier version kept is not noted yet.
            if secret != nil { try? record?.add(key.profile) }
            return secret
        }
    }

    /// Stores a secret in the default collection in place of any other under the key; `nil` forgets it.
    public func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) {
        try Self.check(key)
        let record = record(for: key)
        guard let secret else {
            return try await run { session throws(SecretStoreError) in
                try judging(key, record) { () throws(SecretStoreError) in try session.forget(key) }
                try? record?.remove(key.profile)
            }
        }
        guard secret.utf8.count <= Self.longestSecret else {
            throw .failed("a secret of more than \(Self.longestSecret) bytes is not stored")
        }
        try await run { session throws(SecretStoreError) in
            try session.store(secret, for: key)
            // Where it cannot be noted, the sign-in serves all the same.
            try? record?.add(key.profile)
        }
    }

    /// Returns the profiles under which secrets of a kind are stored, sorted.
    ///
    /// Throws ``SecretStoreError/locked(_:)`` if some are in a collection that has not been open since the service began, and
    /// ``SecretStoreError/hidden(_:)`` if none is found and a locked collection does not show what it holds.
    public func profiles(ofKind kind: String) async throws(SecretStoreError) -> [String] {
        let record = kind == SignIn.kind ? record : nil
        return try await run { session throws(SecretStoreError) in
            let profiles = try session.profiles(ofKind: kind)
            // Somebody else may have removed the rest.
            if profiles.isEmpty { try? record?.removeAll() }
            return profiles
        }
    }

    private func record(for key: SecretKey) -> SignInRecord? { key.kind == SignIn.kind ? record : nil }

    /// Does something, and takes a sign-in that was kept and that the service does not show for a locked one.
    private func judging<Value>(
        _ key: SecretKey, _ record: SignInRecord?, _ body: () throws(SecretStoreError) -> Value
    ) throws(SecretStoreError) -> Value {
        do throws(SecretStoreError) {
            return try body()
        } catch .hidden(let finding) {
            throw record?.contains(key.profile) == true ? .locked(finding) : .hidden(finding)
        }
    }

    /// A key's texts end where C's texts end, and stand in a keyring's list.
    private static func check(_ key: SecretKey) throws(SecretStoreError) {
        for text in [key.kind, key.profile] {
            guard !text.isEmpty, text.utf8.count <= 255,
                !text.unicodeScalars.contains(where: \.isControl)
            else { throw .failed("\(quoted(text)) is no name for a secret") }
        }
    }

    #if SecretStore
        private func run<Value: Sendable>(
            within limit: Duration? = nil,
            _ work: @escaping @Sendable (SecretServiceSession) throws(SecretStoreError) -> Value
        ) async throws(SecretStoreError) -> Value {
            let (mayAsk, limit) = (mayAsk, limit ?? self.limit)
            @Sendable func talk(_ cancellable: Cancellable) throws(SecretStoreError) -> Value {
                try work(SecretServiceSession(cancellable, mayAsk: mayAsk))
            }
            return try await ServiceCall.run(within: limit, talk)
        }
    #else
        private struct SecretServiceSession {
            func state() throws(SecretStoreError) -> State { .absent("") }
            func secret(for key: SecretKey) throws(SecretStoreError) -> String? { nil }
            func store(_ secret: String, for key: SecretKey) throws(SecretStoreError) {}
            func forget(_ key: SecretKey) throws(SecretStoreError) {}
            func profiles(ofKind kind: String) throws(SecretStoreError) -> [String] { [] }
        }

        private func run<Value: Sendable>(
            within limit: Duration? = nil,
            _ work: @escaping @Sendable (SecretServiceSession) throws(SecretStoreError) -> Value
        ) async throws(SecretStoreError) -> Value {
            throw .absent("this program was built without libsecret")
        }
    #endif
}

extension LibsecretStore: CustomStringConvertible {
    /// What it is, for a report.
    public var description: String { "the secret service" }
}
