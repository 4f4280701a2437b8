import FoundationEssentials
import TokenCredentials

/// `GET {authority}/{tenant}/oauth2/v2.0/authorize`: the page where a person would sign in, answered at once.
struct AuthorizeEndpoint: Sendable {
    let tokens: TokenEndpoint
    /// Who signs in as long as nobody else was named.
    let usualAnswer: SignInAnswer

    func answer(_ exchange: HTTPExchange, tenantName: String) -> HTTPReply {
        let query = exchange.query
        do throws(EntraRefusal) {
            try tokens.check(tenantName: tenantName, grant: "authorization_code")
            let (application, redirectURI) = try client(query, tenantName)
            return reply(query, application, redirectURI)
        } catch {
            // Before the redirect address is trusted nothing may be sent there: the person sees the error instead.
            return HTTPReply(
                status: error.status, headers: [RequestField("Content-Type", "text/plain; charset=utf-8")],
                body: .bytes(Data("AADSTS\(error.number): \(error.text)\n".utf8)))
        }
    }

    private func client(
        _ query: [RequestField], _ tenantName: String
    ) throws(EntraRefusal) -> (LocalApplication, String) {
        guard let clientID = query.first("client_id") else { throw .missing("client_id") }
        guard let application = tokens.tenant.application(clientID) else {
            throw TokenEndpoint.unknownApplication(clientID, tenantName)
        }
        guard let redirectURI = query.first("redirect_uri") else { throw .missing("redirect_uri") }
        let bare = Self.withoutLoopbackPort(redirectURI)
        guard application.redirectURIs.contains(where: { Self.withoutLoopbackPort($0) == bare }) else {
            throw EntraRefusal("invalid_request", 50011, "the redirect address is not registered for the application")
        }
        return (application, redirectURI)
    }

    private func reply(_ query: [RequestField], _ application: LocalApplication, _ redirectURI: String) -> HTTPReply {
        var fields: [RequestField]
        do throws(EntraRefusal) {
            fields = [RequestField("code", try code(query, application, redirectURI))]
        } catch {
            fields = [
                RequestField("error", error.error),
                RequestField("error_description", "AADSTS\(error.number): \(error.text)"),
            ]
        }
        if let state = query.first("state") { fields.append(RequestField("state", state)) }
        return query.first("response_mode") == "form_post"
            ? Self.formPost(to: redirectURI, fields) : Self.redirect(to: redirectURI, fields)
    }

    private func code(
        _ query: [RequestField], _ application: LocalApplication, _ redirectURI: String
    ) throws(EntraRefusal) -> String {
        guard query.first("response_type") == "code" else {
            throw EntraRefusal("unsupported_response_type", 700054, "only the response type 'code' is offered")
        }
        guard query.first("code_challenge_method") == "S256", let challenge = query.first("code_challenge"),
            challenge.utf8.count == 43
        else { throw EntraRefusal("invalid_request", 501491, "a code challenge of method S256 is required") }
        guard let scope = query.first("scope") else { throw .missing("scope") }
        _ = try RequestedScope.ofUser(scope, resources: tokens.resources)
        guard case .approve(let name) = tokens.ledger.browserAnswer ?? usualAnswer, let user = tokens.tenant.user(name)
        else { throw EntraRefusal("access_denied", 65004, "the user declined the sign-in") }
        return tokens.ledger.record(
            GrantLedger.Code(
                user: user.principalName, clientID: application.clientID, scope: scope, redirectURI: redirectURI,
                challenge: challenge, nonce: query.first("nonce"), expiresAt: tokens.clock.now.addingTimeInterval(600)))
    }

    private static func redirect(to address: String, _ fields: [RequestField]) -> HTTPReply {
        let query = fields.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
        let location = address + (address.contains("?") ? "&" : "?") + query
        return HTTPReply(status: 302, headers: [RequestField("Location", location)])
    }

    private static func formPost(to address: String, _ fields: [RequestField]) -> HTTPReply {
        let inputs = fields.map {
            #"<input type="hidden" name="\#(escaped($0.name))" value="\#(escaped($0.value))">"#
        }.joined()
        let page = """
            <!DOCTYPE html><html><body onload="document.forms[0].submit()">\
            <form method="post" action="\(escaped(address))">\(inputs)</form></body></html>
            """
        return HTTPReply(
            status: 200, headers: [RequestField("Content-Type", "text/html; charset=utf-8")],
            body: .bytes(Data(page.utf8)))
    }

    /// The address with the port of a loopback host left out, which is not compared for native applications.
    private static func withoutLoopbackPort(_ address: String) -> String {
        for host in ["http://localhost", "http://127.0.0.1"] where address.hasPrefix(host + ":") {
            let rest = address.dropFirst(host.count + 1).drop { $0.isNumber }
            return host + (rest == "/" ? "" : String(rest))
        }
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
            if isPlain {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        let named: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
        return text.map { named[$0] ?? String($0) }.joined()
    }
}
