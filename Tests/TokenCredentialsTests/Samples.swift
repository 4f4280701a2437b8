import CredentialTesting
import FoundationEssentials
import TokenCredentials

extension AccessToken {
    /// A token whose secret can be told from all others.
    static func sample(_ secret: String = "secret-1", lasting seconds: TimeInterval, from clock: ManualClock)
        -> AccessToken
    {
        AccessToken(secret: secret, expiresAt: clock.now.addingTimeInterval(seconds))
    }
}

extension TokenRequest {
    static let sample = TokenRequest("https://db.example/.default")
}

extension CredentialError {
    /// The case's name, for comparing.
    var kind: String {
        switch self {
        case .unavailable: "unavailable"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

/// Waits until a test opens it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var arrived = 0
        var watchers: [(Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Guarded(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let (isOpen, watchers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
                state.arrived += 1
                let arrived = state.arrived
                let due = state.watchers.filter { $0.0 <= arrived }.map(\.1)
                state.watchers.removeAll { $0.0 <= arrived }
                if !state.isOpen { state.waiters.append(continuation) }
                return (state.isOpen, due)
            }
            for watcher in watchers { watcher.resume() }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until that many have arrived.
    func waitForArrivals(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.arrived >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
