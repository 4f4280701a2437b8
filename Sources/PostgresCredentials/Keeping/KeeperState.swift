import FoundationEssentials
import TokenCredentials

/// What a keeper knows and what is to be done next. Does nothing itself.
struct KeeperState {
    /// A destination, and the source whose password it gets.
    struct Route: Hashable {
        let source: TokenSource
        let kind: String
        let path: String
    }

    /// One thing to do.
    enum Job: Sendable {
        case fetch(TokenSource, TokenRequest, patience: Duration)
        case store(Route, Delivery, AccessToken, version: Int)
        case check(Route, Delivery, AccessToken, version: Int)
    }

    /// What goes where.
    struct Delivery: Sendable {
        let destination: any PasswordDestination
        let logins: [KeptLogin]
        /// How many entries the logins make.
        let count: Int
        /// Counts the plans that changed the logins, so that what is stored late is not taken for what is to be stored.
        var edition = 0

        init(_ destination: any PasswordDestination, _ logins: [KeptLogin]) {
            self.destination = destination
            self.logins = logins
            count = logins.reduce(0) { $0 + $1.count }
        }
    }

    private struct Supply {
        var token: AccessToken?
        var obtainedAt = Date.distantPast
        /// Counts the tokens, so that it can be told whether a destination has the newest.
        var version = 0
        var due = Date.distantPast
        var failures = 0
        var error: (any Error)?
        var isAsked = false
        /// From here on the token in place counts as stale.
        var freshUntil = Date.distantPast

        /// How long the token was good when it was obtained.
        var life: Duration? { token.map { .seconds($0.expiresAt.timeIntervalSince(obtainedAt)) } }
    }

    private struct Depot {
        var delivery: Delivery
        var storedVersion = 0
        var storedUntil: Date?
        var due = Date.distantPast
        var checkDue = Date.distantPast
        var failures = 0
        var error: (any Error)?
        var isBusy = false
    }

    /// How much too early something may be stored or looked after, so that what falls due bit by bit is begun in few turns.
    private static let slack: TimeInterval = 0.1

    private(set) var policy: KeeperPolicy
    private var supplies: [TokenSource: Supply] = [:]
    private var depots: [Route: Depot] = [:]
    private var order: [Route] = []
    private var lastLook = Date.distantPast

    init(_ policy: KeeperPolicy) {
        self.policy = policy
    }

    /// Takes another plan. What it has in common with the old one goes on as if nothing had happened; what failed is
    /// tried at once, since whoever brings a plan may have put it right.
    mutating func adopt(_ plan: [PasswordAssignment], at now: Date) {
        var logins: [Route: [KeptLogin]] = [:]
        var destinations: [Route: any PasswordDestination] = [:]
        var newSupplies: [TokenSource: Supply] = [:]
        order = []
        for assignment in plan {
            let source = assignment.source
            var supply = newSupplies[source] ?? supplies[source] ?? Supply()
            if supply.failures > 0 { supply.due = .distantPast }
            if supply.token == nil, let first = source.first {
                supply.token = first
                supply.version += 1
                supply.obtainedAt = now
                supply.due = policy.renewal.renewalDate(of: first, obtainedAt: now, chance: 0)
                supply.freshUntil = supply.due.addingTimeInterval(
                    policy.grace(life: supply.life ?? .zero).inSeconds)
            }
            newSupplies[source] = supply
            for destination in assignment.destinations {
                let described = destination as? any PasswordSetDestination
                let route = Route(
                    source: source, kind: described?.kind ?? "custom",
                    path: described?.path ?? "\(type(of: destination))")
                if destinations[route] == nil { order.append(route) }
                destinations[route] = destination
                logins[route, default: []] += assignment.logins
            }
        }
        supplies = newSupplies
        depots = depots.filter { destinations[$0.key] != nil }
        for (route, destination) in destinations {
            var delivery = Delivery(destination, logins[route] ?? [])
            guard var depot = depots[route] else {
                depots[route] = Depot(delivery: delivery)
                continue
            }
            delivery.edition = depot.delivery.edition
            if depot.delivery.logins != delivery.logins {
                delivery.edition += 1
                depot.storedVersion = 0
            }
            depot.due = .distantPast
            depot.delivery = delivery
            depots[route] = depot
        }
    }

    /// Takes another policy: what is planned by the old one is planned anew.
    mutating func adopt(_ policy: KeeperPolicy, at now: Date) {
        guard policy != self.policy else { return }
        self.policy = policy
        for (source, supply) in supplies where supply.failures == 0 {
            guard let token = supply.token else { continue }
            let due = policy.renewal.renewalDate(of: token, obtainedAt: supply.obtainedAt, chance: 0)
            supplies[source]?.due = due
            supplies[source]?.freshUntil = max(due, now).addingTimeInterval(
                policy.grace(life: supply.life ?? .zero).inSeconds)
        }
        for (route, depot) in depots {
            depots[route]?.checkDue = min(depot.checkDue, now.addingTimeInterval(policy.check.inSeconds))
        }
    }

    /// What is to be done now; it counts as begun.
    mutating func takeDue(at now: Date) -> [Job] {
        var jobs: [Job] = []
        if now < lastLook.addingTimeInterval(-30) { forgetTimes() }
        lastLook = now
        for (source, supply) in supplies where !supply.isAsked {
            guard now >= supply.due else { continue }
            supplies[source]?.isAsked = true
            var request = source.request
            // Whoever keeps tokens on the way shall give one that ends later than the one in place.
            if let token = supply.token {
                request.minimumValidity = .seconds(max(0, token.expiresAt.timeIntervalSince(now)) + 1)
            }
            jobs.append(.fetch(source, request, patience: policy.patience(life: supply.life)))
        }
        for route in order {
            guard let depot = depots[route], !depot.isBusy, let supply = supplies[route.source],
                let token = supply.token, now < token.expiresAt
            else { continue }
            let moment = now.addingTimeInterval(Self.slack)
            if depot.storedVersion != supply.version {
                guard moment >= depot.due || depot.error == nil else { continue }
                jobs.append(.store(route, depot.delivery, token, version: supply.version))
            } else {
                guard moment >= depot.checkDue else { continue }
                jobs.append(.check(route, depot.delivery, token, version: supply.version))
            }
            depots[route]?.isBusy = true
        }
        return jobs
    }

    /// After the clock was set back: no time that was noted means anything any longer, nor how long a token is good.
    private mutating func forgetTimes() {
        for source in supplies.keys { supplies[source]?.due = .distantPast }
        for route in depots.keys {
            depots[route]?.due = .distantPast
            depots[route]?.checkDue = .distantPast
        }
    }

    /// The next moment at which something is to be done.
    func nextMoment(after now: Date) -> Date {
        let renewals = supplies.values.filter { !$0.isAsked }.map(\.due)
        return (renewals + depots.keys.map { nextMoment(of: $0, after: now) }).min() ?? .distantFuture
    }

    /// The next moment at which something is to be done for a destination.
    func nextMoment(of route: Route, after now: Date) -> Date {
        guard let depot = depots[route], !depot.isBusy, let supply = supplies[route.source], let token = supply.token,
            now < token.expiresAt
        else { return .distantFuture }
        return depot.storedVersion == supply.version ? depot.checkDue : depot.due
    }

    /// When the next token is to be fetched.
    var nextRenewal: Date { supplies.values.map(\.due).min() ?? .distantFuture }

    /// Whether a token is the one that a source gave last.
    func holds(_ token: AccessToken, from source: TokenSource) -> Bool {
        supplies[source]?.token?.secret == token.secret
    }

    /// Notes a new token.
    mutating func took(_ token: AccessToken, from source: TokenSource, at now: Date, chance: Double) -> KeeperEvent? {
        guard var supply = supplies[source] else { return nil }
        let isNew = token.secret != supply.token?.secret
        if isNew { supply.version += 1 }
        supply.token = token
        supply.obtainedAt = now
        supply.isAsked = false
        supply.failures = 0
        supply.error = nil
        let left = max(0, token.expiresAt.timeIntervalSince(now))
        // One that somebody else keeps may come back although it is due: it is not asked for again at once.
        let least = isNew ? 1 : min(policy.renewal.pause.inSeconds, max(1, left / 8))
        supply.due = max(
            policy.renewal.renewalDate(of: token, obtainedAt: now, chance: chance), now.addingTimeInterval(least))
        supply.freshUntil = supply.due.addingTimeInterval(policy.grace(life: supply.life ?? .zero).inSeconds)
        supplies[source] = supply
        guard isNew else { return nil }
        var giver = source.name
        if let member = source.settledName { giver = supplies.count == 1 ? member : "\(member) (\(giver))" }
        return KeeperEvent(
            .renewed, source.name, "\(giver) gave a token that is good for \(KeeperEvent.shown(left))")
    }

    /// Notes that a source gave no token; nobody asks it again by itself who wanted it once.
    mutating func failed(
        _ source: TokenSource, _ error: any Error, at now: Date, chance: Double, isOnce: Bool
    ) -> KeeperEvent? {
        guard var supply = supplies[source] else { return nil }
        supply.isAsked = false
        supply.failures += 1
        supply.error = error
        let asked = (error as? CredentialError)?.diagnosis?.retryAfter
        let wait = policy.wait(afterFailures: supply.failures, life: supply.life, asked: asked, chance: chance)
        supply.due = now.addingTimeInterval(wait.inSeconds)
        supplies[source] = supply
        let said = "\(source.name) gave no token: \(Self.shown(error))"
        if isOnce { return KeeperEvent(.notRenewed, source.name, said) }
        let left = supply.token.map { $0.expiresAt.timeIntervalSince(now) } ?? 0
        let rest =
            switch supply.token {
            case nil: "there is no password yet"
            case _ where left > 0: "the old password stays and is good for another \(KeeperEvent.shown(left))"
            default: "the old password has ended"
            }
        return KeeperEvent(
            .notRenewed, source.name, "\(said); \(rest), next attempt in \(KeeperEvent.shown(wait.inSeconds))")
    }

    /// Notes that a destination took a password, or still has it.
    mutating func stored(
        _ route: Route, _ token: AccessToken, version: Int, edition: Int, at now: Date
    ) -> KeeperEvent? {
        guard var depot = depots[route] else { return nil }
        let isNews = depot.storedVersion != version || depot.error != nil
        depot.isBusy = false
        // Logins that came meanwhile are not there yet.
        depot.storedVersion = edition == depot.delivery.edition ? version : 0
        depot.storedUntil = token.expiresAt
        depot.failures = 0
        depot.error = nil
        depot.due = .distantPast
        depot.checkDue = now.addingTimeInterval(policy.check.inSeconds)
        depots[route] = depot
        let count = depot.delivery.count
        let logins = count == 1 ? "one login" : "\(count) logins"
        return isNews ? KeeperEvent(.stored, route.path, "\(route.path) holds a new password for \(logins)") : nil
    }

    /// Notes that a destination did not take a password, or took it and could not tell the program that reads it; nobody
    /// tries again by itself who wanted it once.
    mutating func notStored(
        _ route: Route, _ error: any Error, _ token: AccessToken, at now: Date, chance: Double, isOnce: Bool
    ) -> KeeperEvent? {
        guard var depot = depots[route] else { return nil }
        let isStored = (error as? DestinationError)?.isStored == true
        if isStored { depot.storedUntil = token.expiresAt }
        depot.isBusy = false
        depot.failures += 1
        depot.error = error
        depot.storedVersion = 0
        let life = supplies[route.source]?.life
        let wait = policy.wait(afterFailures: depot.failures, life: life, asked: nil, chance: chance)
        depot.due = now.addingTimeInterval(wait.inSeconds)
        depots[route] = depot
        let said = isStored ? Self.shown(error) : "\(route.path) did not take the password: \(Self.shown(error))"
        let promise = isOnce ? "" : "; next attempt in \(KeeperEvent.shown(wait.inSeconds))"
        return KeeperEvent(isStored ? .notTold : .notStored, route.path, said + promise)
    }

    /// Notes that work on something ended without a result, because the keeper was told to end.
    mutating func release(_ source: TokenSource) { supplies[source]?.isAsked = false }

    /// Notes that nothing was done for a destination, because the keeper was told to end.
    mutating func release(_ route: Route) { depots[route]?.isBusy = false }

    /// The errors of whatever has one, sources first.
    var errors: [any Error] {
        supplies.values.compactMap(\.error) + order.compactMap { depots[$0]?.error }
    }

    /// How each destination fares, in the order of the plan; one that several sources feed fares as the worst of them.
    func statuses(at now: Date) -> [DestinationStatus] {
        var merged: [DestinationStatus] = []
        var places: [[String]: Int] = [:]
        for route in order {
            guard let status = status(of: route, at: now) else { continue }
            if let index = places[[route.kind, route.path]] {
                merged[index] = merged[index].merged(with: status)
            } else {
                places[[route.kind, route.path]] = merged.count
                merged.append(status)
            }
        }
        return merged
    }

    private func status(of route: Route, at now: Date) -> DestinationStatus? {
        guard let depot = depots[route], let supply = supplies[route.source] else { return nil }
        let error = depot.error ?? supply.error
        let isGood = depot.storedUntil.map { now < $0 } ?? false
        let isNewest = depot.storedVersion == supply.version
        return DestinationStatus(
            kind: route.kind, path: route.path, logins: depot.delivery.count,
            outcome: !isGood ? .failing : error == nil && isNewest && now < supply.freshUntil ? .fresh : .stale,
            expiresOn: depot.storedUntil, lastError: error.map(Self.shown))
    }

    /// An error in a sentence or two, without what each credential of a chain answered.
    private static func shown(_ error: any Error) -> String {
        if let error = error as? FileError { return "\(error)" + (error.remedy.map { ". " + $0 } ?? "") }
        guard let diagnosis = (error as? CredentialError)?.diagnosis else { return "\(error)" }
        return diagnosis.problem + (diagnosis.remedy.map { ". " + $0 } ?? "")
    }
}
