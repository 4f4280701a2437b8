import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// Whether IMDS is there, found out by one request and remembered for as long as the credential lives.
///
/// The question and the request for a token are two: off Azure the answer has to be there within a second, and on Azure
/// the first token may take longer.
final class IMDSPresence: Sendable {
    private enum Finding {
        case present
        case absent(CredentialError, since: Date)
    }

    /// How long an absence is believed: a busy machine may have been too slow just once.
    private static let memory: TimeInterval = 30

    private let finding = Guarded<Finding?>(nil)

    var isConfirmed: Bool {
        finding.withLock { if case .present = $0 { true } else { false } }
    }

    /// Whether an answer is to be taken for that of IMDS: it is one, or IMDS has answered before and something has come in
    /// between.
    func accepts(_ response: HTTPResponse) -> Bool {
        guard response.isFromIMDS else { return isConfirmed }
        finding.withLock { $0 = .present }
        return true
    }

    /// Returns if IMDS answers, or did before.
    ///
    /// Throws ``CredentialError/unavailable(_:)`` if it does not, or if something else does.
    func confirm(
        of endpoint: IMDSEndpoint, within limit: Duration, by exchange: PatientExchange
    ) async throws(CredentialError) {
        switch finding.withLock({ $0 }) {
        case .present: return
        case .absent(let error, let since):
            let age = exchange.clock.now.timeIntervalSince(since)
            if (0..<Self.memory).contains(age) { throw error }
        case nil: break
        }
        let absence: CredentialError
        do throws(HTTPTransportError) {
            let response = try await exchange.http.send(endpoint.probe(within: limit))
            // Any of its answers will do: without its header a true IMDS answers 400.
            if accepts(response) { return }
            absence = endpoint.stranger(response, now: exchange.clock.now)
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .bodyTooLarge: absence = endpoint.error(for: NoAnswer(reason: error, wasAnsweredBefore: false))
            case _ where error.isTemporary: absence = endpoint.absence(error)
            default: throw endpoint.error(for: NoAnswer(reason: error, wasAnsweredBefore: false))
            }
        }
        let now = exchange.clock.now
        finding.withLock { if case .present = $0 {} else { $0 = .absent(absence, since: now) } }
        throw absence
    }
}
