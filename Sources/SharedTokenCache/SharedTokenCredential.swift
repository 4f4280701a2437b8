import FoundationEssentials
public import TokenCredentials

/// Shares another credential's tokens among all processes of one user on this machine, one of which asks for all.
///
/// - A kept token that will last is handed out without asking anybody.
/// - Where there is none, one process asks, and the others wait for its answer: for its token, or for its failure, which
///   nobody who comes later believes. If it dies, the next one asks.
/// - From its renewal date on, one process asks for a new token while the others go on with the old one; if that fails,
///   it goes on with the old one too, unless a person has to sign in again.
/// - A request with ``TokenRequest/claims`` always asks: a service has just turned the kept token down.
///
/// Wrap the single credential and not a chain, since an entry is bound to one identity, and wrap this in a
/// ``CachedCredential``, which needs no file to answer. Where the directory is not private, or does not serve otherwise,
/// the other credential is asked as if this one were not there.
public struct SharedTokenCredential: CredentialWrapper {
    /// Between two looks, while another process asks.
    private static let firstPause = Duration.milliseconds(5)
    private static let longestPause = Duration.milliseconds(40)

    /// The credential whose tokens are shared.
    public let base: any TokenCredential
    private let identity: @Sendable () -> SharedTokenIdentity?
    private let directory: SharedTokenDirectory
    private let store: (any SecretStore)?
    private let policy: RenewalPolicy
    private let patience: Duration
    private let clock: any WallClock
    private let reporting: @Sendable (Diagnosis) -> Void

    /// Wraps a credential.
    ///
    /// - Parameters:
    ///   - identity: Who asks: everything that decides whose token the credential gets.
    ///   - store: Where tokens are kept instead of in the directory, which then holds nothing but locks.
    ///   - patience: How long to wait for another process before asking all the same.
    ///   - reporting: Told why tokens cannot be shared, which never costs the token at hand.
    public init(
        _ base: any TokenCredential, of identity: SharedTokenIdentity,
        in directory: SharedTokenDirectory = .standard(), keepingTokensIn store: (any SecretStore)? = nil,
        renewing policy: RenewalPolicy = RenewalPolicy(),
        patience: Duration = .seconds(20), clock: any WallClock = SystemClock(),
        reporting: @escaping @Sendable (Diagnosis) -> Void = { _ in }
    ) {
        self.init(
            base, ownedBy: { identity }, in: directory, keepingTokensIn: store, renewing: policy, patience: patience,
            clock: clock, reporting: reporting)
    }

    /// Wraps a credential whose identity may change while this lives, such as that of a tool to which anybody may sign in.
    ///
    /// - Parameter identity: Who asks, as it is now; `nil` where that cannot be told, so that nothing is shared.
    package init(
        _ base: any TokenCredential, ownedBy identity: @escaping @Sendable () -> SharedTokenIdentity?,
        in directory: SharedTokenDirectory, keepingTokensIn store: (any SecretStore)? = nil,
        renewing policy: RenewalPolicy = RenewalPolicy(), patience: Duration = .seconds(20),
        clock: any WallClock = SystemClock(), reporting: @escaping @Sendable (Diagnosis) -> Void
    ) {
        self.base = base
        self.identity = identity
        self.directory = directory
        self.store = store
        self.policy = policy
        self.patience = patience
        self.clock = clock
        self.reporting = reporting
    }

    /// Returns the shared token while it is good, or a new one.
    ///
    /// Throws what the other credential throws.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard !Task.isCancelled else { throw .cancelled }
        guard let entry = await entry(for: request) else { return try await base.token(for: request) }
        if request.claims != nil { return try await ask(request, nil, nil, entry) }
        let failure = await entry.lastFailure()
        var waited = Duration.zero
        var pause = Self.firstPause
        while true {
            let (now, hasWaited) = (clock.now, waited > .zero)
            switch await entry.step(request, now: now, waitedSince: hasWaited ? .some(failure) : nil) {
            case .answer(let outcome): return try outcome.get()
            case .ask(let lock, let old): return try await ask(request, lock, old, entry)
            case .wait:
                // Whoever asks may have been stopped: that must not stop everybody.
                guard waited < patience else { return try await ask(request, nil, nil, entry) }
                do throws(CancellationError) {
                    try await clock.sleep(for: pause)
                } catch {
                    throw .cancelled
                }
                waited += pause
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Forgets the token for a request, for every process, and has the other credential forget it too; for use after a
    /// service turned it down.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        await base.forgetToken(for: request, ifStill: token)
        await entry(for: request)?.forget(ifStill: token, now: clock.now)
    }

    /// Asks the other credential.
    ///
    /// The lock, if there is one, is let go when this returns.
    private func ask(
        _ request: TokenRequest, _ lock: EntryLock?, _ old: AccessToken?, _ entry: SharedEntry
    ) async throws(CredentialError) -> AccessToken {
        defer { lock?.release() }
        do throws(CredentialError) {
            let token = try await base.token(for: request)
            if let trouble = await entry.keep(token, now: clock.now) {
                let place = store == nil ? " in \(directory.path)" : ""
                report("a token could not be kept\(place): \(trouble)", store == nil ? Self.privacy : Self.storing)
            }
            return token
        } catch .cancelled {
            throw .cancelled
        } catch {
            // Who has to sign in again is to hear it, and not to learn one day that the sign-in is gone.
            if let old, error.diagnosis?.kind != .signInNeeded {
                let (now, wait) = (clock.now, max(policy.pause, error.diagnosis?.retryAfter ?? .zero))
                await entry.postpone(by: wait, now: now)
                WaitRecord.note(error: error.diagnosis?.problem ?? "\(error)")
                return old
            }
            await onOwnThread { lock?.leave(error) }
            throw error
        }
    }

    private func entry(for request: TokenRequest) async -> SharedEntry? {
        let (name, path) = (base.name, directory.path)
        let (identity, policy, store) = (identity, policy, store)
        @Sendable func open() throws(SharedTokenDirectory.Refusal) -> SharedEntry? {
            guard let identity = identity() else { return nil }
            return SharedEntry(
                folder: try PrivateFolder(path), key: EntryKey(name, identity, request), policy: policy, store: store)
        }
        do throws(SharedTokenDirectory.Refusal) {
            return try await onOwnThread(open)
        } catch {
            report("tokens are not shared between processes: \(error)", Self.privacy)
            return nil
        }
    }

    private static let privacy = "Set XDG_RUNTIME_DIR to a directory of your own with mode 0700, or PASSGRES_CACHE=off."
    private static let storing = "Look after the secret store; until then each process asks for a token of its own."

    private func report(_ problem: String, _ remedy: String) {
        reporting(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension SharedTokenCredential: CustomStringConvertible, CustomReflectable {
    /// The credential's name and where its tokens are kept.
    public var description: String {
        store == nil ? "\(name), shared in \(directory.path)" : "\(name), shared in a secret store"
    }

    /// The same as ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}

extension TokenCredential {
    /// The same credential, whose tokens all processes of this user share.
    public func shared(
        of identity: SharedTokenIdentity, in directory: SharedTokenDirectory = .standard()
    ) -> SharedTokenCredential {
        SharedTokenCredential(self, of: identity, in: directory)
    }
}
