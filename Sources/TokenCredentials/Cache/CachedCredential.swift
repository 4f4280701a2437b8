import FoundationEssentials

/// Keeps another credential's tokens while they are good, renews them ahead of time, and never has two fetches for the
/// same request under way.
///
/// - A good token is returned at once, without suspending.
/// - From its renewal date on, the old token is returned and a new one is fetched in the background.
/// - A token that has ended, or will not last as long as ``TokenRequest/minimumValidity`` asks, is fetched while the
///   caller waits. If that fails and the old token is still good, the old one is returned.
/// - A credential that keeps its tokens itself (``TokenCredential/keepsTokens``) is asked every time.
/// - A request with ``TokenRequest/claims`` always fetches: a service has just turned the kept token down.
///
/// A failure is returned to those who waited for it and then forgotten.
public final class CachedCredential: TokenKeeping, CredentialWrapper {
    private struct Entry {
        let token: AccessToken
        let obtainedAt: Date
        let renewalDate: Date
        /// The end less the skew: from here on the token is not handed out.
        let usableUntil: Date
        var nextAttempt: Date
        /// The number of the fetch that brought it; later ones have higher numbers.
        let number: UInt64
    }

    private struct State {
        var entries: [TokenRequest: Entry] = [:]
        /// The entry asked for last, since nearly everybody asks for one thing only: a comparison instead of a hash.
        var last: (key: TokenRequest, entry: Entry)?
        /// How many fetches have begun.
        var fetches: UInt64 = 0
        /// How many had begun when the token for a request was last turned down: what those bring is not kept.
        var refused: [TokenRequest: UInt64] = [:]

        func entry(for key: TokenRequest) -> Entry? {
            if let last, last.key == key { return last.entry }
            return entries[key]
        }

        mutating func set(_ entry: Entry?, for key: TokenRequest) {
            entries[key] = entry
            last = entry.map { (key, $0) }
        }
    }

    /// What a fetch is known by: nobody who asks after a token was turned down waits for a fetch that began before.
    private struct FetchKey: Hashable {
        let request: TokenRequest
        let refused: UInt64
    }

    private enum Finding {
        case good(AccessToken)
        case due(AccessToken)
        case missing
    }

    /// The credential whose tokens are kept.
    public let base: any TokenCredential
    private let policy: RenewalPolicy
    private let clock: any WallClock
    private let state = Guarded(State())
    private let flights = SingleFlight<FetchKey, AccessToken>()

    /// Wraps a credential.
    public init(
        _ base: any TokenCredential, renewing policy: RenewalPolicy = RenewalPolicy(),
        clock: any WallClock = SystemClock()
    ) {
        self.base = base
        self.policy = policy
        self.clock = clock
    }

    /// Always: a good token is returned at once.
    public var keepsTokens: Bool { true }

    /// Returns the kept token while it is good, or a new one.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        if base.keepsTokens { return try await base.token(for: request) }
        guard request.claims == nil else { return try await fetched(request) }
        var key = request
        key.minimumValidity = nil
        switch finding(for: key, lasting: request.minimumValidity) {
        case .good(let token):
            return token
        case .due(let token):
            renewInBackground(key)
            return token
        case .missing:
            do {
                return try await fetched(key, lasting: request.minimumValidity)
            } catch .cancelled {
                throw .cancelled
            } catch {
                // The kept token may be good, only not for as long as was asked: better than none.
                guard let token = usableToken(for: key) else { throw error }
                WaitRecord.note(error: error.diagnosis?.problem ?? "\(error)")
                return token
            }
        }
    }

    /// Forgets the token for a request, so that the next call fetches; for use after a service turned it down.
    ///
    /// What the credential inside keeps is forgotten first, unless it is another token by now.
    public func forgetToken(for request: TokenRequest, ifStill token: AccessToken?) async {
        var key = request
        key.minimumValidity = nil
        key.claims = nil
        let refused = token ?? state.withLock { [key] in $0.entry(for: key)?.token }
        await base.forgetToken(for: request, ifStill: refused)
        drop(key, ifStill: refused)
    }

    /// Forgets the token kept here, and here alone.
    ///
    /// A fetch that is under way may have begun with the same token: what it brings is handed out and not kept.
    package func drop(_ key: TokenRequest, ifStill token: AccessToken? = nil) {
        state.withLock { state in
            state.refused[key] = state.fetches
            if let token, let kept = state.entry(for: key)?.token, kept.secret != token.secret { return }
            state.set(nil, for: key)
        }
    }

    /// How many callers wait for a fetch at this moment.
    package var waiters: Int { flights.load.waiters }

    /// Whether a fetch is under way at this moment.
    package var isFetching: Bool { flights.load.fetches > 0 }

    private func finding(for key: TokenRequest, lasting minimum: Duration?) -> Finding {
        let now = clock.now
        return state.withLock { state in
            // A token from the future means that the clock was set back: how long it is good is not known.
            guard let entry = state.entry(for: key), now < entry.usableUntil,
                now >= entry.obtainedAt.addingTimeInterval(-policy.skew.inSeconds)
            else { return .missing }
            if let minimum, now.addingTimeInterval(minimum.inSeconds) > entry.token.expiresAt { return .missing }
            if now < entry.renewalDate || now < entry.nextAttempt { return .good(entry.token) }
            return .due(entry.token)
        }
    }

    private func fetchKey(_ request: TokenRequest) -> FetchKey {
        var key = request
        key.claims = nil
        return FetchKey(request: request, refused: state.withLock { [key] in $0.refused[key] ?? 0 })
    }

    private func usableToken(for key: TokenRequest) -> AccessToken? {
        let now = clock.now
        return state.withLock { state in
            state.entry(for: key).flatMap { now < $0.usableUntil ? $0.token : nil }
        }
    }

    private func renewInBackground(_ key: TokenRequest) {
        let next = clock.now.addingTimeInterval(policy.pause.inSeconds)
        state.withLock { state in
            guard var entry = state.entry(for: key) else { return }
            entry.nextAttempt = next
            state.set(entry, for: key)
        }
        flights.start(fetchKey(key)) { [self] () async throws(CredentialError) in
            do throws(CredentialError) {
                return try await fetchAndKeep(key)
            } catch {
                if let wait = error.diagnosis?.retryAfter { postpone(key, by: wait) }
                throw error
            }
        }
    }

    /// Waits for one fetch. Whoever comes just after another fetch has landed gets that one's token.
    private func fetched(
        _ request: TokenRequest, lasting minimum: Duration? = nil
    ) async throws(CredentialError) -> AccessToken {
        try await flights.value(for: fetchKey(request)) { [self] () async throws(CredentialError) in
            if request.claims == nil {
                switch finding(for: request, lasting: minimum) {
                case .good(let token), .due(let token): return token
                case .missing: break
                }
            }
            return try await fetchAndKeep(request, lasting: minimum)
        }
    }

    private func fetchAndKeep(
        _ request: TokenRequest, lasting minimum: Duration? = nil
    ) async throws(CredentialError) -> AccessToken {
        let number = state.withLock { state in
            state.fetches += 1
            return state.fetches
        }
        let token: AccessToken
        do {
            // Whoever keeps tokens further down has to know too how long this one must last.
            var wish = request
            wish.minimumValidity = minimum
            token = try await base.token(for: wish)
        } catch .cancelled where !Task.isCancelled {
            throw .failed(Diagnosis("\(base.name) gave up, although nobody had asked it to", kind: .temporary))
        } catch {
            throw error
        }
        let now = clock.now
        let life = token.expiresAt.timeIntervalSince(now)
        let entry = Entry(
            token: token, obtainedAt: now,
            renewalDate: policy.renewalDate(of: token, obtainedAt: now, chance: .random(in: 0...1)),
            usableUntil: token.expiresAt.addingTimeInterval(-policy.skew(forLife: life)),
            // An issuer may name a time that is past, by a clock of its own: that must not make every call a renewal.
            nextAttempt: now.addingTimeInterval(min(policy.pause.inSeconds, max(0, life) / 2)), number: number)
        var key = request
        key.claims = nil
        state.withLock { [key] state in
            // A renewal that began before a service made its demand must not undo the answer to that.
            if let kept = state.entry(for: key), kept.number > number { return }
            if let refused = state.refused[key], number <= refused { return }
            state.set(entry, for: key)
        }
        return token
    }

    private func postpone(_ key: TokenRequest, by wait: Duration) {
        let until = clock.now.addingTimeInterval(wait.inSeconds)
        state.withLock { state in
            guard var entry = state.entry(for: key) else { return }
            entry.nextAttempt = max(entry.nextAttempt, until)
            state.set(entry, for: key)
        }
    }
}

extension TokenCredential {
    /// The same credential, asked only when no good token is at hand.
    public func cached(renewing policy: RenewalPolicy = RenewalPolicy()) -> CachedCredential {
        CachedCredential(self, renewing: policy)
    }
}
