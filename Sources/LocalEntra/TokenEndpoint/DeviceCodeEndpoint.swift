import FoundationEssentials
import TokenCredentials

/// `POST {authority}/{tenant}/oauth2/v2.0/devicecode` (RFC 8628, section 3.1).
struct DeviceCodeEndpoint: Sendable {
    let tokens: TokenEndpoint
    let lifetime: Duration
    let interval: Duration

    func answer(_ exchange: HTTPExchange, tenantName: String) -> HTTPReply {
        do throws(EntraRefusal) {
            return try grant(exchange, tenantName: tenantName)
        } catch {
            return error.reply(to: exchange, at: tokens.clock.now)
        }
    }

    private func grant(_ exchange: HTTPExchange, tenantName: String) throws(EntraRefusal) -> HTTPReply {
        guard exchange.method == "POST", let form = exchange.form else {
            throw EntraRefusal("invalid_request", 9_002_313, "the endpoint takes forms by POST only")
        }
        try tokens.check(tenantName: tenantName, grant: "device_code")
        guard let clientID = form.first("client_id"), !clientID.isEmpty else { throw .missing("client_id") }
        guard let application = tokens.tenant.application(clientID) else {
            throw TokenEndpoint.unknownApplication(clientID, tenantName)
        }
        guard let scope = form.first("scope"), !scope.isEmpty else { throw .missing("scope") }
        _ = try RequestedScope.ofUser(scope, resources: tokens.resources)
        let seconds = lifetime.components.seconds
        let userCode = String(randomText(64).uppercased().filter { $0.isLetter || $0.isNumber }.prefix(9))
        let deviceCode = tokens.ledger.record(
            GrantLedger.Device(
                userCode: userCode, clientID: application.clientID, scope: scope,
                expiresAt: tokens.clock.now.addingTimeInterval(Double(seconds)),
                interval: Double(interval.components.seconds)))
        let address = "https://localhost:\(exchange.localPort)/devicelogin"
        return HTTPReply(
            json: .object([
                "user_code": .string(userCode), "device_code": .string(deviceCode),
                "verification_uri": .string(address),
                "expires_in": .whole(Int(seconds)), "interval": .whole(Int(interval.components.seconds)),
                "message": .string("To sign in, open \(address) in a browser and enter the code \(userCode)."),
            ]))
    }
}
