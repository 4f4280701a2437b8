import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// The agent of Azure Arc, which gives a token only to who can read a file that it names.
struct ArcEndpoint: IdentityEndpoint {
    static let standardAddress = "http://127.0.0.1:40342/metadata/identity/oauth2/token"

    let title = "the Azure Arc agent"
    let address: EndpointAddress
    private let keys: any KeyDirectory

    /// Takes the address from `IDENTITY_ENDPOINT`, else the agent's standard one.
    init(_ address: String?, keys: any KeyDirectory) throws(CredentialError) {
        self.address =
            if let address {
                try EndpointAddress(address, from: "IDENTITY_ENDPOINT")
            } else {
                EndpointAddress(known: Self.standardAddress)
            }
        self.keys = keys
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        let names = IdentityQuestion.IDNames(client: "client_id", object: "object_id", resource: "msi_res_id")
        let query = try question.query(version: "2020-06-01", ids: names, host: title)
        return HTTPRequest(.get, address.description + query, headers: [("Metadata", "true")], proxy: .never)
    }

    func token(
        for question: IdentityQuestion, by exchange: PatientExchange
    ) async throws(CredentialError) -> AccessToken {
        var request = try request(for: question)
        let challenge = try await answer(to: request, by: exchange)
        guard challenge.status == 401 else {
            if challenge.status == 200 {
                throw error(forStrangeReply: "answered without its challenge", facts: [addressFact])
            }
            throw error(for: challenge, to: question, now: exchange.clock.now)
        }
        request.headers.append(("Authorization", "Basic \(try key(for: challenge).value)"))
        let response = try await answer(to: request, by: exchange)
        let token = try token(in: response, for: question, now: exchange.clock.now)
        try checkEcho(in: response, of: question.identity)
        return token
    }

    func remedy(for question: IdentityQuestion) -> String {
        "Check with azcmagent show that the machine is connected\(question.identity.id == nil ? "" : " and has that identity")."
    }

    /// The contents of the file the challenge names.
    ///
    /// The content is sent as it is: the scheme is Basic by name only.
    private func key(for challenge: HTTPResponse) throws(CredentialError) -> HeaderSecret {
        let name: String
        do throws(ArcChallenge.Flaw) {
            name = try ArcChallenge.keyFileName(in: challenge, within: keys.path)
        } catch {
            throw .failed(
                Diagnosis(
                    "\(title) \(error.problem)",
                    remedy: "Check that the agent is up to date and listens at this address.",
                    kind: .misconfigured, facts: [addressFact]))
        }
        let contents: [UInt8]
        do throws(KeyFileError) {
            contents = try keys.key(named: name)
        } catch {
            throw .failed(
                Diagnosis(
                    "the Azure Arc agent's key file in \(keys.path) \(error)", remedy: error.remedy,
                    kind: error.isTemporary ? .temporary : .misconfigured,
                    retryAfter: error.isTemporary ? .seconds(5) : nil))
        }
        guard let secret = HeaderSecret(String(decoding: contents, as: UTF8.self)) else {
            throw .failed(
                Diagnosis(
                    "the Azure Arc agent's key file in \(keys.path) is empty or holds a line break",
                    remedy: "Restart the agent (himds).", kind: .misconfigured))
        }
        return secret
    }

    /// Agents of old ignore which identity is asked for and give out the machine's own; new ones say whose token it is.
    private func checkEcho(in response: HTTPResponse, of identity: ManagedIdentity) throws(CredentialError) {
        let names: [String] =
            switch identity {
            case .systemAssigned: []
            case .clientID: ["client_id"]
            case .objectID: ["object_id"]
            case .resourceID: ["msi_res_id", "mi_res_id"]
            }
        guard let id = identity.id else { return }
        let document = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        let echoes = names.compactMap { document?[$0]?.text }
        guard !echoes.isEmpty, echoes.allSatisfy({ $0.lowercased() == id.lowercased() }) else {
            throw .failed(
                Diagnosis(
                    echoes.isEmpty
                        ? "\(title) does not say that its token is that of \(identity)"
                        : "\(title) gave a token of another identity than \(identity)",
                    remedy: "Update the agent to one that knows user-assigned identities, or name none.",
                    kind: .misconfigured, facts: [addressFact]))
        }
    }
}
