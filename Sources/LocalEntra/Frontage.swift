import FoundationEssentials
import TokenCredentials

/// What stands before every endpoint: it records the request and lets a fault take the answer's place.
final class Frontage: Sendable {
    private struct State {
        var requests: [RecordedRequest] = []
        var faults: [Endpoint: [(fault: Fault, remaining: Int)]] = [:]
    }

    /// How many requests are remembered at least; a stand-in may run for weeks.
    private static let remembered = 100_000

    private let state = Guarded(State())
    private let clock: any WallClock

    init(clock: any WallClock) {
        self.clock = clock
    }

    var requests: [RecordedRequest] { state.withLock { $0.requests } }

    func forgetRequests() {
        state.withLock { $0.requests = [] }
    }

    func add(_ fault: Fault, at endpoint: Endpoint, times: Int) {
        guard times > 0 else { return }
        state.withLock { $0.faults[endpoint, default: []].append((fault, times)) }
    }

    func removeFaults() {
        state.withLock { $0.faults = [:] }
    }

    /// Answers a request with what the endpoint says, or with the next fault that is due there.
    func answer(_ exchange: HTTPExchange, at endpoint: Endpoint, _ proper: () -> HTTPReply) -> HTTPReply {
        let request = RecordedRequest(exchange, at: endpoint, receivedAt: clock.now)
        let fault = state.withLock { state -> Fault? in
            state.requests.append(request)
            // By halves, so that a removal is paid for by as many requests.
            if state.requests.count >= 2 * Self.remembered { state.requests.removeFirst(Self.remembered) }
            guard var waiting = state.faults[endpoint], let next = waiting.first else { return nil }
            if next.remaining > 1 {
                waiting[0].remaining -= 1
            } else {
                waiting.removeFirst()
            }
            state.faults[endpoint] = waiting
            return next.fault
        }
        guard let fault else { return proper() }
        return fault.applied(to: proper) { status, error, number in
            EntraRefusal(error, number, "the refusal that was asked for", status: status).reply(
                to: exchange, at: clock.now)
        }
    }
}
