import CredentialHTTP
import FoundationEssentials
import TokenCredentials

/// What the settings are called where the user made them, so that a remedy can name them.
package struct SettingNames: Sendable {
    /// Where the tenant was set; `nil` if in code.
    package var tenant: String?
    /// Where the client id was set; `nil` if in code.
    package var clientID: String?
    /// Where the secret, the certificate, the assertion or the password is; in words if in code.
    package var proof: String
    /// Where the authority was set; `nil` if in code.
    package var authority: String?

    package init(
        tenant: String? = nil, clientID: String? = nil, proof: String = "the client secret", authority: String? = nil
    ) {
        self.tenant = tenant
        self.clientID = clientID
        self.proof = proof
        self.authority = authority
    }

    /// The names of the variables all Azure libraries read.
    package static func variables(proof: String) -> SettingNames {
        SettingNames(
            tenant: "AZURE_TENANT_ID", clientID: "AZURE_CLIENT_ID", proof: proof, authority: "AZURE_AUTHORITY_HOST")
    }
}

/// Who asked whom for what: all that a diagnosis of the answer may name.
struct EntraContext: Sendable {
    let authority: Authority
    let tenant: String
    let clientID: String
    let scope: String
    let settings: SettingNames
    let route: TokenEndpoint.Route?
    let isForUser: Bool
    let requestID: String
    let now: Date
    /// How long to leave a service in trouble alone that asks for no time; `nil` where the caller asks again by itself.
    var usualWait: Duration? = .seconds(30)

    /// Who answers: the authority, or what stands in the way to it.
    var host: String { route?.host ?? authority.host }

    /// How long a service in trouble is to be left alone, up to an hour.
    func wait(_ response: HTTPResponse?) -> Duration? {
        response?.retryAfter(now: now).map { min(.seconds(3600), $0) } ?? usualWait
    }

    /// A text with the places `{client}`, `{tenant}`, `{authority}`, `{scope}` and `{proof}` filled in.
    func filled(_ text: String) -> String {
        func value(_ value: String, _ setting: String?) -> String { setting.map { "\(value) (\($0))" } ?? value }
        return text.replacing("{client}", with: value(clientID, settings.clientID))
            .replacing("{tenant}", with: value(tenant, settings.tenant))
            .replacing("{authority}", with: value(host, route?.setting ?? settings.authority))
            .replacing("{proof}", with: settings.proof)
            .replacing("{scope}", with: scope)
    }

    /// The error for a reply that never came.
    func error(for error: HTTPTransportError) -> CredentialError {
        let remedy: String
        let kind: Diagnosis.Kind
        switch error {
        case .cancelled: return .cancelled
        case .unknownHost:
            remedy = "Check the network, the name service, and the authority {authority}."
            kind = .temporary
        case .unreachable, .connectTimeout, .timeout, .brokenReply:
            remedy =
                route == nil
                ? "Check the network, the firewall, and whether HTTPS_PROXY has to be set."
                : "Check the network, and that {authority} is up; the cluster sets its address."
            kind = .temporary
        case .proxy:
            remedy = "Check HTTPS_PROXY and NO_PROXY."
            kind = .temporary
        case .proxyDenied:
            remedy = "Put the proxy's user name and password into HTTPS_PROXY, or have the proxy let {authority} pass."
            kind = .refused
        case .tls:
            let place = route?.trustSetting ?? "SSL_CERT_FILE"
            remedy = "Check the clock, and name the authority that signs certificates on this network in \(place)."
            kind = .misconfigured
        case .invalidRequest:
            remedy = "Check the authority {authority} and the proxy settings."
            kind = .misconfigured
        case .bodyTooLarge:
            remedy = "Check the authority {authority}: this is no answer of a token endpoint."
            kind = .misconfigured
        }
        return .failed(
            Diagnosis(
                "\(host) \(error)", remedy: filled(remedy), kind: kind,
                retryAfter: error.isTemporary ? .seconds(5) : nil, facts: [.init("request id", requestID)], cause: error
            ))
    }

    /// The error for a reply with status 200 that is no token.
    func error(for defect: TokenReply.Defect, in response: HTTPResponse) -> CredentialError {
        let isPage = ReplyShape(response) == .page
        return .failed(
            Diagnosis(
                "\(host) answered \(isPage ? "with a web page where a token should be" : defect.text)",
                remedy: filled(
                    isPage && route == nil
                        ? "A proxy or a sign-in page of this network seems to have answered; check HTTPS_PROXY."
                        : "Check that {authority} is an Entra authority."),
                kind: .refused, facts: facts(response, nil)))
    }

    /// What a report prints beside the sentence.
    func facts(_ response: HTTPResponse?, _ error: EntraError?) -> [Diagnosis.Fact] {
        var facts: [Diagnosis.Fact] = []
        func add(_ name: String, _ value: String?) {
            if let value { facts.append(Diagnosis.Fact(name, value)) }
        }
        add("HTTP status", response.map { "\($0.status)" })
        add("error", error?.error)
        add("error code", error?.code.map { "AADSTS\($0)" })
        add("suberror", error?.suberror)
        add("correlation id", error?.correlationID)
        add("trace id", error?.traceID)
        add("timestamp", error?.timestamp)
        if response != nil, error?.correlationID?.lowercased() != requestID { add("request id", requestID) }
        return facts
    }
}
