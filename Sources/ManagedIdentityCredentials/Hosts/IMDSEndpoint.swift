import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// The instance metadata service (IMDS) of virtual machines, scale sets and clusters.
struct IMDSEndpoint: IdentityEndpoint {
    static let standardAddress = "http://169.254.169.254"
    private static let path = "/metadata/identity/oauth2/token"

    let title: String
    let address: EndpointAddress
    let retries: RetryTable
    private let patience: ManagedIdentityCredential.Patience
    private let presence: IMDSPresence
    /// What the machine says of itself; `nil` where a variable set the address, which is then meant.
    private let tag: MachineTag?

    /// Takes another base address than the standard one, where a variable names it.
    init(
        _ base: String?, patience: ManagedIdentityCredential.Patience, presence: IMDSPresence, tag: MachineTag
    ) throws(CredentialError) {
        self.tag = base == nil ? tag : nil
        let base =
            if let base {
                try EndpointAddress(base, from: "AZURE_POD_IDENTITY_AUTHORITY_HOST").description
            } else {
                Self.standardAddress
            }
        self.title = "IMDS at \(base)"
        self.address = EndpointAddress(known: base + Self.path)
        self.patience = patience
        self.retries = patience == .persistent ? .imdsAwaitingIdentity : .imds
        self.presence = presence
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        let names = IdentityQuestion.IDNames(client: "client_id", object: "object_id", resource: "msi_res_id")
        let query = try question.query(version: "2018-02-01", ids: names, host: title)
        return HTTPRequest(
            .get, address.description + query, headers: [("Metadata", "true")], connectTimeout: .seconds(2),
            proxy: .never)
    }

    func token(
        for question: IdentityQuestion, by exchange: PatientExchange
    ) async throws(CredentialError) -> AccessToken {
        if case .probing(let limit) = patience {
            if let finding = tag?.foreignMachine { throw .unavailable(Diagnosis(finding, remedy: elsewhere)) }
            try await presence.confirm(of: self, within: limit, by: exchange)
        }
        let request = try request(for: question)
        let response: HTTPResponse
        do throws(NoAnswer) {
            response = try await exchange.answer(to: request, retries, ifFromHost: presence.accepts)
        } catch {
            throw error.reason == .cancelled ? .cancelled : self.error(for: error)
        }
        guard presence.isConfirmed else { throw stranger(response, now: exchange.clock.now) }
        return try token(in: response, for: question, now: exchange.clock.now)
    }

    /// Asks whether anybody is there, without what would make it a request for a token.
    func probe(within limit: Duration) -> HTTPRequest {
        HTTPRequest(.get, address.description, connectTimeout: limit, timeout: limit, proxy: .never)
    }

    func error(for silence: NoAnswer) -> CredentialError {
        if case .bodyTooLarge = silence.reason {
            return error(forStrangeReply: silence.reason.description, facts: [addressFact])
        }
        if silence.wasAnsweredBefore || presence.isConfirmed || !silence.reason.isTemporary {
            return standardError(for: silence)
        }
        return absence(silence.reason)
    }

    /// IMDS is not there.
    func absence(_ reason: HTTPTransportError) -> CredentialError {
        .unavailable(
            Diagnosis(
                isMoved
                    ? "\(title), which AZURE_POD_IDENTITY_AUTHORITY_HOST names, \(reason)"
                    : "no variable names an identity endpoint, and \(title) \(reason)", remedy: elsewhere,
                facts: [addressFact], cause: reason))
    }

    /// Something else answers at IMDS' address.
    func stranger(_ response: HTTPResponse, now: Date) -> CredentialError {
        let refusal = IdentityRefusal(response, now: now)
        let facts = refusal.facts + [addressFact]
        if refusal.meansUnreachable { return unreachable(facts) }
        if refusal.isRedirect { return error(forStrangeReply: "sends to another address", facts: facts) }
        if refusal.status == 200 {
            var problem = "answered without an access token"
            do throws(IdentityReply.Flaw) { _ = try IdentityReply(response.body) } catch { problem = error.problem }
            return error(forStrangeReply: problem, facts: facts)
        }
        let manner = refusal.status == 407 ? "as a proxy does" : "and not as IMDS does"
        return error(forStrangeReply: "answered \(refusal.status), \(manner)", facts: facts)
    }

    func error(for refusal: IdentityRefusal, to question: IdentityQuestion) -> CredentialError {
        let facts = refusal.facts + [addressFact]
        if refusal.isRedirect { return error(forStrangeReply: "sends to another address", facts: facts) }
        switch refusal.status {
        case 400 where refusal.meansSeveralIdentities:
            return .failed(
                Diagnosis(
                    "this machine has several user-assigned identities, and none was named",
                    remedy: "Name one with --identity: its client id, object:GUID or its resource id.",
                    kind: .misconfigured, facts: facts))
        case 400 where refusal.meansNoSuchIdentity || question.identity.id == nil && !refusal.blamesRequest:
            return .unavailable(
                Diagnosis(
                    question.identity.id == nil
                        ? "this machine has no managed identity: \(refusal.summary)"
                        : "IMDS does not find \(question.identity) on this machine: \(refusal.summary)",
                    remedy: remedy(for: question), facts: facts))
        case 404:
            return .failed(
                Diagnosis(
                    "\(title) cannot give a token at the moment: \(refusal.summary)", remedy: "Wait and try again.",
                    kind: .temporary, retryAfter: refusal.wait ?? .seconds(30), facts: facts))
        case 502, 504:
            return .failed(
                Diagnosis(
                    "\(title) cannot give a token at the moment: \(refusal.summary)",
                    remedy: "Such an answer comes from a proxy as a rule: let nothing stand between here and IMDS.",
                    kind: .temporary, retryAfter: refusal.wait, facts: facts))
        default:
            return standardError(for: refusal, to: question)
        }
    }

    func error(forStrangeReply problem: String, facts: [Diagnosis.Fact]) -> CredentialError {
        .unavailable(
            Diagnosis(
                "what answers in place of \(title) is something else: it \(problem)", remedy: elsewhere,
                facts: facts))
    }

    func unreachable(_ facts: [Diagnosis.Fact]) -> CredentialError {
        .unavailable(
            Diagnosis("a proxy says that \(title) is unreachable", remedy: elsewhere, facts: facts))
    }

    func remedy(for question: IdentityQuestion) -> String {
        question.identity.id == nil
            ? "Assign an identity to the machine (az vm identity assign), or check the scope asked for."
            : question.assigning(to: "machine")
    }

    private var isMoved: Bool { tag == nil }

    private var elsewhere: String {
        isMoved
            ? "Correct or unset AZURE_POD_IDENTITY_AUTHORITY_HOST."
            : "On an Azure machine, see that nothing keeps this program from IMDS; elsewhere use another credential."
    }
}
