import CredentialHTTP
import FoundationEssentials
import TokenCredentials

extension EntraContext {
    /// The error for a reply with another status than 200.
    func error(for response: HTTPResponse) -> CredentialError {
        guard let refusal = EntraError(response.body) else { return error(forUnreadable: response) }
        return error(for: refusal, in: response)
    }

    /// The error for a refusal; it came without a response of its own if a browser brought it.
    func error(for refusal: EntraError, in response: HTTPResponse?) -> CredentialError {
        let row = refusal.code.flatMap(EntraErrorCode.init)
        let general = OAuthErrorWord.row(for: refusal.error)
        let status = response?.status ?? 0
        let isTemporary = status == 429 || status >= 500 || row?.kind == .temporary || general?.kind == .temporary
        let needsSignIn = isForUser && (row?.kind == .signInNeeded || row == nil && general?.kind == .signInNeeded)
        let kind: Diagnosis.Kind = isTemporary ? .temporary : needsSignIn ? .signInNeeded : .refused
        let number = refusal.code.map { " (AADSTS\($0))" } ?? ""
        let problem =
            if let row { filled(row.problem) + number } else if let general {
                filled(general.problem) + (number.isEmpty ? " (\(refusal.error))" : number)
            } else {
                "\(host) refused the request: \(refusal.error)\(number)"
            }
        return .failed(
            Diagnosis(
                problem, remedy: remedy(row: row, general: general, code: refusal.code), kind: kind,
                retryAfter: isTemporary ? wait(response) : nil,
                facts: facts(response, refusal), cause: refusal))
    }

    private func remedy(row: EntraErrorCode?, general: OAuthErrorWord?, code: Int?) -> String {
        if let row { return filled(row.remedy) }
        let page = code.map { "\(authority.url)/error?code=\($0)" }
        if let general { return filled(general.remedy) + (page.map { " See \($0)." } ?? "") }
        return page.map { "See \($0)." } ?? filled("Check client id {client}, tenant {tenant} and scope {scope}.")
    }

    /// The error for a reply that is not Entra's own: a proxy's, a firewall's, or a service in distress.
    private func error(forUnreadable response: HTTPResponse) -> CredentialError {
        let said = ReplyShape(response).words
        let problem: String
        let remedy: String
        var kind = Diagnosis.Kind.refused
        switch response.status {
        case 200..<300:
            problem = "answered with status \(response.status) and no token"
            remedy = "Check that {authority} is an Entra authority."
        case 300..<400:
            problem = "answered with a redirect (\(response.status)), which is not followed"
            remedy = "Check the authority {authority}, and whether this network demands a sign-in of its own."
        case 407:
            problem = "is behind a proxy that wants a sign-in (407)"
            remedy = "Put the proxy's user name and password into HTTPS_PROXY."
        case 404:
            problem = "has no token endpoint for tenant \(tenant): it answered 404 with \(said)"
            remedy = "Check the authority {authority} and the tenant {tenant}."
        case 429:
            problem = "turns requests away because there were too many (429)"
            remedy = "Wait, and let one process keep the token for the others."
            kind = .temporary
        case 408, 500...:
            problem = "is in trouble: it answered \(response.status) with \(said)"
            remedy =
                route == nil
                ? "Try again later; if a proxy is in between, check HTTPS_PROXY."
                : "Try again later, and check that {authority} is up."
            kind = .temporary
        default:
            problem = "answered \(response.status) with \(said), which Entra does not do"
            remedy =
                route == nil
                ? "A proxy or a firewall seems to have answered; check HTTPS_PROXY and the authority {authority}."
                : "Something else seems to have answered; check {authority}."
        }
        return .failed(
            Diagnosis(
                "\(host) \(problem)", remedy: filled(remedy), kind: kind,
                retryAfter: kind == .temporary ? wait(response) : nil,
                facts: facts(response, nil)))
    }
}

/// What a body looks like, without quoting it.
enum ReplyShape {
    case nothing
    case page
    case json
    case text

    init(_ response: HTTPResponse) {
        switch response.body.first(where: { $0 > 0x20 }) {
        case nil: self = .nothing
        case UInt8(ascii: "<"): self = .page
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
        default: self = .text
        }
    }

    var words: String {
        switch self {
        case .nothing: "nothing"
        case .page: "a web page"
        case .json: "JSON of another kind"
        case .text: "plain text"
        }
    }
}
