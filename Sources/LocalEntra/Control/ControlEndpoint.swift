import FoundationEssentials
import TokenCredentials

/// What scripts can do: `POST /control/{action}` with a JSON object, opened by the key in the `X-Control-Key` line.
struct ControlEndpoint: Sendable {
    let key: KnownSecret
    let desk: TestDesk

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard let given = exchange.header("x-control-key"), Self.isSame(given, key.value) else {
            return HTTPReply(status: 403)
        }
        guard exchange.method == "POST" else { return HTTPReply(status: 405) }
        do {
            let body = exchange.body.isEmpty ? Data("{}".utf8) : exchange.body
            return HTTPReply(json: try perform(exchange.segments.dropFirst().joined(separator: "/"), body))
        } catch let error as LocalCloudError {
            return HTTPReply(status: 400, json: .object(["error": .string(error.description)]))
        } catch {
            return HTTPReply(status: 400, json: .object(["error": .string("the body is not what this action takes")]))
        }
    }

    private func perform(_ action: String, _ body: Data) throws -> JSONValue {
        let decoder = JSONDecoder()
        switch action {
        case "token":
            let order = try decoder.decode(TokenOrder.self, from: body)
            return .object(["access_token": .string(try desk.issueToken(for: order.principal, order.variation))])
        case "federated-token":
            let order = try decoder.decode(FederatedTokenOrder.self, from: body)
            let token = try desk.issueFederatedToken(
                issuer: order.issuer, subject: order.subject, audience: order.audience ?? "api://AzureADTokenExchange",
                lifetime: .seconds(order.lifetime ?? 600), claims: order.claims ?? [:])
            return .object(["token": .string(token)])
        case "server-certificate":
            let order = try decoder.decode(CertificateOrder.self, from: body)
            let identity = try desk.authority.serverIdentity(for: order.names)
            return .object([
                "certificate": .string(identity.certificatePEM), "key": .string(identity.privateKeyPEM.value),
            ])
        case "fault":
            let order = try decoder.decode(FaultOrder.self, from: body)
            desk.frontage.add(try order.fault, at: order.endpoint, times: order.times ?? 1)
            return .object([:])
        case "no-faults":
            desk.frontage.removeFaults()
            return .object([:])
        case "requests":
            let order = try decoder.decode(RequestsOrder.self, from: body)
            let requests = desk.frontage.requests.filter { order.endpoint == nil || $0.endpoint == order.endpoint }
            return .object([
                "count": .whole(requests.count), "requests": .texts(requests.map { "\($0.endpoint.rawValue): \($0)" }),
            ])
        case "forget-requests":
            desk.frontage.forgetRequests()
            return .object([:])
        case "devices":
            return .object(["user_codes": .texts(desk.tokens.ledger.waitingUserCodes)])
        case "answer-device":
            let order = try decoder.decode(AnswerOrder.self, from: body)
            guard let code = order.userCode, desk.tokens.ledger.answer(userCode: code, order.answer) else {
                throw LocalCloudError("no device waits with that code")
            }
            return .object([:])
        case "answer-browser":
            desk.tokens.ledger.browserAnswer = try decoder.decode(AnswerOrder.self, from: body).answer
            return .object([:])
        case "revoke-refresh-tokens":
            desk.tokens.ledger.revokeRefreshTokens()
            return .object([:])
        default: throw LocalCloudError("there is no such action")
        }
    }

    /// Compares in a time that does not tell where the first difference is.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
