import CredentialTesting
import Foundation
import Synchronization
import TokenCredentials

@testable import PostgresCredentials

/// A keeper on a clock that stands still, whose events a test waits for.
final class KeeperStage: Sendable {
    let clock = ManualClock()
    let keeper: PasswordKeeper
    private let events: AsyncStream<KeeperEvent>
    private let all = Mutex<[KeeperEvent]>([])

    init(_ plan: [PasswordAssignment], policy: KeeperPolicy = KeeperPolicy()) {
        let (events, continuation) = AsyncStream.makeStream(of: KeeperEvent.self)
        self.events = events
        keeper = PasswordKeeper(plan, policy: policy, clock: clock, chance: { 0 }) { continuation.yield($0) }
    }

    /// Everything that was said so far to whoever waited.
    var said: [KeeperEvent] { all.withLock { $0 } }

    /// Waits until that many events of a kind have come, in real time; returns the last.
    @discardableResult
    func wait(for kind: KeeperEvent.Kind, _ count: Int = 1) async -> KeeperEvent? {
        var left = count
        for await event in events {
            all.withLock { $0.append(event) }
            if event.kind == kind { left -= 1 }
            if left == 0 { return event }
        }
        return nil
    }

    /// Runs the keeper while a test does something.
    func running(_ body: () async throws -> Void) async rethrows {
        let run = Task { [keeper] in await keeper.run() }
        defer { run.cancel() }
        try await body()
        run.cancel()
        await run.value
    }
}

/// Gives `token-1`, `token-2` and so on, each good for a while by a clock, unless it is down.
final class Dispenser: TokenCredential {
    let name = "dispenser"
    let clock: Mutex<ManualClock?> = Mutex(nil)
    let life: TimeInterval
    private let state = Mutex((given: 0, failure: CredentialError?.none, requests: [TokenRequest]()))

    init(life: TimeInterval = 3600) { self.life = life }

    var requests: [TokenRequest] { state.withLock { $0.requests } }

    func fail(with error: CredentialError?) { state.withLock { $0.failure = error } }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let (number, failure) = state.withLock { state in
            state.requests.append(request)
            if state.failure == nil { state.given += 1 }
            return (state.given, state.failure)
        }
        if let failure { throw failure }
        let now = clock.withLock { $0?.now } ?? Date.now
        return AccessToken(secret: "token-\(number)", expiresAt: now.addingTimeInterval(life))
    }
}

/// Memory files that count how often each was replaced.
final class CountedFiles: FileAccess {
    let base = MemoryFiles()
    private let counts = Mutex<[String: Int]>([:])

    func replacements(of path: String) -> Int { counts.withLock { $0[path] ?? 0 } }

    func contents(ofFile path: String, limit: Int) throws(FileError) -> Data? {
        try base.contents(ofFile: path, limit: limit)
    }

    func replaceFile(
        at path: String, limit: Int, trusting trust: FileTrust, _ change: (Data?) throws -> Data?
    ) throws {
        try base.replaceFile(at: path, limit: limit, trusting: trust, change)
        counts.withLock { $0[path, default: 0] += 1 }
    }
}

/// A destination that takes nothing before a test lets it.
final class SlowDestination: PasswordDestination {
    private let gate: AsyncStream<Void>
    private let openGate: @Sendable () -> Void
    let isOpen = Mutex(false)
    let stored = Mutex<[String]>([])
    let begun = Mutex(0)

    init() {
        let (gate, continuation) = AsyncStream.makeStream(of: Void.self)
        self.gate = gate
        openGate = { continuation.finish() }
    }

    func open() {
        isOpen.withLock { $0 = true }
        openGate()
    }

    func store(_ password: String, for login: Login) async throws {
        begun.withLock { $0 += 1 }
        for await _ in gate {}
        stored.withLock { $0.append(password) }
    }
}

/// Counts how many are served at the same time.
final class Crowd: Sendable {
    private let now = Mutex(0)
    let most = Mutex(0)
    let served = Mutex(0)

    func enter() {
        let count = now.withLock { count in
            count += 1
            return count
        }
        most.withLock { $0 = max($0, count) }
    }

    func leave() {
        now.withLock { $0 -= 1 }
        served.withLock { $0 += 1 }
    }
}

/// A destination that is served beside others, and lets the others be served meanwhile.
struct CrowdedDestination: PasswordSetDestination {
    let kind = "crowded"
    let path: String
    let crowd: Crowd

    func store(_ entries: [PasswordEntry]) async throws {
        crowd.enter()
        for _ in 0..<20 { await Task.yield() }
        crowd.leave()
    }

    func holds(_ entries: [PasswordEntry]) async -> Bool { true }
}

/// One of many destinations that take nothing before a test lets them.
struct HangingDestination: PasswordSetDestination {
    let kind = "hanging"
    let path: String
    let gate: SlowDestination

    init(path: String, until gate: SlowDestination) {
        self.path = path
        self.gate = gate
    }

    func store(_ entries: [PasswordEntry]) async throws {
        while !gate.isOpen.withLock({ $0 }) { await Task.yield() }
    }

    func holds(_ entries: [PasswordEntry]) async -> Bool { true }
}
