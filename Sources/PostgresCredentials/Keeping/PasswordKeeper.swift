public import FoundationEssentials
public import TokenCredentials

/// Keeps passwords fresh in every place that needs them, for as long as it runs.
///
/// Asks each source once for all that it serves, ahead of the end of its token and at no fixed moment. While a source
/// does not answer, the last good password stays in place. Each destination is served on its own: one that fails or
/// hangs delays no other. Sixteen are served side by side, and all take their turns. What somebody else changed is put
/// right.
public final class PasswordKeeper: Sendable {
    /// Receives what happens, on no particular thread.
    public typealias Report = @Sendable (KeeperEvent) -> Void

    private let state: Guarded<KeeperState>
    private let clock: any WallClock
    private let chance: @Sendable () -> Double
    private let report: Report
    private let bell = WakeBell()
    private let places: WorkPlaces
    /// Until when a run sleeps, so that only what falls due before that wakes it.
    private let sleepsUntil = Guarded(Date.distantFuture)
    private let lastLook = Guarded(Date.distantPast)

    /// Makes a keeper; nothing is asked or stored before it is told to.
    public convenience init(
        _ plan: [PasswordAssignment], policy: KeeperPolicy = KeeperPolicy(), clock: any WallClock = SystemClock(),
        reporting report: @escaping Report = { _ in }
    ) {
        self.init(plan, policy: policy, clock: clock, chance: { .random(in: 0...1) }, reporting: report)
    }

    /// Makes a keeper of one login.
    public convenience init(
        _ credential: any TokenCredential, for login: Login, storingIn destinations: any PasswordDestination...,
        clock: any WallClock = SystemClock()
    ) {
        let assignment = PasswordAssignment(
            TokenSource(credential), logins: [KeptLogin(login)], storingIn: destinations)
        self.init([assignment], clock: clock)
    }

    package init(
        _ plan: [PasswordAssignment], policy: KeeperPolicy, clock: any WallClock,
        chance: @escaping @Sendable () -> Double, reporting report: @escaping Report
    ) {
        var state = KeeperState(policy)
        state.adopt(plan, at: clock.now)
        self.state = Guarded(state)
        self.clock = clock
        self.chance = chance
        self.report = report
        // A file takes milliseconds, a console that does not answer ten seconds.
        places = WorkPlaces(16, patience: .seconds(10), clock: clock)
    }

    /// Goes on with another plan; what it has in common with the old one is neither fetched nor stored again.
    public func replacePlan(_ plan: [PasswordAssignment]) {
        let now = clock.now
        state.withLock { $0.adopt(plan, at: now) }
        bell.ring()
    }

    /// Goes on by another policy. One that keeps a token for a shorter time has it renewed at once, if that is due.
    public func replacePolicy(_ policy: KeeperPolicy) {
        let now = clock.now
        state.withLock { $0.adopt(policy, at: now) }
        bell.ring()
    }

    /// How each destination fares, in the order of the plan.
    public var status: [DestinationStatus] {
        let now = clock.now
        return state.withLock { $0.statuses(at: now) }
    }

    /// When the keeper last saw to its work (UTC); while it runs, no longer ago than its policy's slice.
    public var lastSeenAt: Date { lastLook.withLock { $0 } }

    /// Fetches what is missing or due, stores it everywhere, once, and returns when the next token is due (UTC).
    ///
    /// Throws the first error after all has been tried: `CredentialError` of a source, else that of a destination.
    @discardableResult
    public func store() async throws -> Date {
        // First the tokens, then all that they open.
        for _ in 0..<2 {
            let now = clock.now
            let jobs = state.withLock { $0.takeDue(at: now) }
            await withTaskGroup(of: Void.self) { group in
                for job in jobs { group.addTask { _ = await self.perform(job, isOnce: true) } }
            }
        }
        try Task.checkCancellation()
        if let error = state.withLock({ state -> (any Error)? in state.errors.first }) { throw error }
        return state.withLock { $0.nextRenewal }
    }

    /// Keeps all passwords fresh until the task is cancelled; what is being stored then is stored to its end.
    public func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let now = clock.now
                    lastLook.withLock { $0 = now }
                    for job in state.withLock({ $0.takeDue(at: now) }) {
                        group.addTask {
                            let moment = await self.perform(job, isOnce: false)
                            if moment < self.sleepsUntil.withLock({ $0 }) { self.bell.ring() }
                        }
                    }
                    await pause(from: now)
                }
            }
        } onCancel: {
            bell.ring()
        }
    }

    /// Waits until there is something to do, or for a slice: a timer knows nothing of a suspended machine or of a
    /// clock that is set.
    private func pause(from now: Date) async {
        // What is done while this is found out rings.
        sleepsUntil.withLock { $0 = .distantFuture }
        let (next, slice) = state.withLock { ($0.nextMoment(after: now), $0.policy.slice) }
        let deadline = min(next, now.addingTimeInterval(slice.inSeconds))
        sleepsUntil.withLock { $0 = deadline }
        let sleeper = Task { [clock, bell] in
            do throws(CancellationError) {
                try await clock.sleep(until: deadline)
                bell.ring()
            } catch {}
        }
        await bell.wait()
        sleeper.cancel()
    }

    /// Does one thing; returns when there is something to do because of that.
    private func perform(_ job: KeeperState.Job, isOnce: Bool) async -> Date {
        let done: KeeperState.Route
        switch job {
        case .fetch(let source, let request, let patience):
            await fetch(source, request, patience, isOnce)
            return .distantPast
        case .store(let route, let delivery, let token, let version):
            await serve(route) { await store(route, delivery, token, version, isOnce) }
            done = route
        case .check(let route, let delivery, let token, let version):
            await serve(route) { await check(route, delivery, token, version, isOnce) }
            done = route
        }
        let now = clock.now
        return state.withLock { $0.nextMoment(of: done, after: now) }
    }

    /// Does work for a destination when it is its turn, unless the keeper has been told to end.
    private func serve(_ route: KeeperState.Route, _ work: () async -> Void) async {
        await places.work {
            guard Task.isCancelled else { return await work() }
            state.withLock { $0.release(route) }
        }
    }

    private func fetch(
        _ source: TokenSource, _ request: TokenRequest, _ patience: Duration, _ isOnce: Bool
    ) async {
        let record = WaitRecord(within: patience)
        var outcome = await answer(of: source, request, within: patience, record)
        // What keeps tokens on the way hands out the old one where it could not get another: that is no renewal.
        if case .success(let token) = outcome, let problem = record.soFar.lastError,
            state.withLock({ $0.holds(token, from: source) })
        {
            outcome = .failure(.failed(Diagnosis(problem, kind: .temporary)))
        }
        // One that was cut short knows no better than this keeper when to try again.
        if case .failure(.failed(var diagnosis)) = outcome, record.isOver {
            diagnosis.retryAfter = nil
            outcome = .failure(.failed(diagnosis))
        }
        let (now, chance) = (clock.now, chance())
        switch outcome {
        case .success(let token): tell(state.withLock { $0.took(token, from: source, at: now, chance: chance) })
        case .failure(.cancelled) where Task.isCancelled: state.withLock { $0.release(source) }
        case .failure(let error):
            tell(state.withLock { $0.failed(source, error, at: now, chance: chance, isOnce: isOnce) })
        }
    }

    /// What a source says to a request; an attempt that takes too long is given up and fails.
    private func answer(
        of source: TokenSource, _ request: TokenRequest, within patience: Duration, _ record: WaitRecord
    ) async -> Result<AccessToken, CredentialError> {
        await withTaskGroup(of: Result<AccessToken, CredentialError>?.self) { group in
            group.addTask { [clock] in
                await WaitRecord.$current.withValue(record) { await Self.answer(of: source, request, on: clock) }
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = await group.next(), let answer = first else {
                if Task.isCancelled { return .failure(.cancelled) }
                let seconds = Int(patience.inSeconds.rounded())
                return .failure(
                    .failed(
                        Diagnosis(
                            "\(source.name) gave no answer within \(seconds) seconds\(record.soFar)", kind: .temporary))
                )
            }
            return answer
        }
    }

    private static func answer(
        of source: TokenSource, _ request: TokenRequest, on clock: any WallClock
    ) async -> Result<AccessToken, CredentialError> {
        do throws(CredentialError) {
            let token = try await source.credential.token(for: request)
            guard !token.secret.isEmpty, !token.secret.utf8.contains(0) else {
                throw .failed(Diagnosis("\(source.name) delivered a token that is empty or holds a zero byte"))
            }
            // Asked again at once, a source whose clock is another would give one after the other.
            guard token.expiresAt > clock.now else {
                if let problem = WaitRecord.current?.soFar.lastError {
                    throw .failed(Diagnosis(problem, kind: .temporary))
                }
                throw .failed(
                    Diagnosis(
                        "\(source.name) delivered a token that has ended already",
                        remedy: "See that the clock of this machine is right.", kind: .temporary))
            }
            return .success(token)
        } catch {
            return .failure(error)
        }
    }

    private func store(
        _ route: KeeperState.Route, _ delivery: KeeperState.Delivery, _ token: AccessToken, _ version: Int,
        _ isOnce: Bool
    ) async {
        let failure: (any Error)?
        do {
            let entries = try Self.entries(delivery, token)
            if let destination = delivery.destination as? any PasswordSetDestination {
                try await destination.store(entries)
            } else {
                for entry in entries { try await delivery.destination.store(entry.password, for: entry.login) }
            }
            failure = nil
        } catch {
            failure = error
        }
        let (now, chance) = (clock.now, chance())
        if let failure {
            tell(state.withLock { $0.notStored(route, failure, token, at: now, chance: chance, isOnce: isOnce) })
        } else {
            tell(state.withLock { $0.stored(route, token, version: version, edition: delivery.edition, at: now) })
        }
    }

    private func check(
        _ route: KeeperState.Route, _ delivery: KeeperState.Delivery, _ token: AccessToken, _ version: Int,
        _ isOnce: Bool
    ) async {
        if let destination = delivery.destination as? any PasswordSetDestination,
            let entries = try? Self.entries(delivery, token), await !destination.holds(entries)
        {
            report(
                KeeperEvent(
                    .changedByOthers, route.path,
                    "\(route.path) was changed by somebody else and no longer gives the password; it is put right"))
            await store(route, delivery, token, version, isOnce)
        } else {
            let now = clock.now
            tell(state.withLock { $0.stored(route, token, version: version, edition: delivery.edition, at: now) })
        }
    }

    private static func entries(
        _ delivery: KeeperState.Delivery, _ token: AccessToken
    ) throws(RoleNameError) -> [PasswordEntry] {
        var entries: [PasswordEntry] = []
        for login in delivery.logins { entries += try login.entries(for: token) }
        return entries
    }

    private func tell(_ event: KeeperEvent?) {
        if let event { report(event) }
    }
}
