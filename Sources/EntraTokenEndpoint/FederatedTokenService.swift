package import CredentialHTTP
package import TokenCredentials

/// A platform that hands out tokens for the jobs it runs, by which they prove who they are to Entra.
package struct FederatedTokenService: Sendable {
    /// The platform's name, for reports.
    package let platform: String
    /// The member of its reply that holds the token.
    package let member: String
    /// The headers of its reply that its support asks for.
    package let supportHeaders: [String]
    /// What to do where it turns the job down.
    package let remedy: String
    private let http: any HTTPTransport
    private let clock: any WallClock

    package init(
        platform: String, member: String, supportHeaders: [String] = [], remedy: String, http: any HTTPTransport,
        clock: any WallClock
    ) {
        self.platform = platform
        self.member = member
        self.supportHeaders = supportHeaders
        self.remedy = remedy
        self.http = RetryingTransport(http, policy: .tokenEndpoint, clock: clock)
        self.clock = clock
    }

    /// The address of such a service with more in its query.
    ///
    /// Throws ``CredentialError/failed(_:)`` unless it is an https address without user information and fragment.
    package static func address(
        _ text: String, adding query: [(name: String, value: String)], called name: String
    ) throws(CredentialError) -> String {
        let rest = text.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        guard text.lowercased().hasPrefix("https://"), (try? Authority(String(host))) != nil,
            rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Array("#\\\"<>".utf8).contains($0) })
        else {
            throw .failed(
                Diagnosis(
                    "\(name) is not an https address without user name and fragment",
                    remedy: "Leave it as the platform sets it.", kind: .misconfigured))
        }
        let added = query.map { "\($0.name)=\(HTTPRequest.percentEncoded($0.value))" }.joined(separator: "&")
        return text + (text.contains("?") ? "&" : "?") + added
    }

    /// Asks for a token.
    ///
    /// Throws ``CredentialError/failed(_:)`` for whatever comes but a token, and ``CredentialError/cancelled``.
    package func token(_ request: HTTPRequest) async throws(CredentialError) -> FederatedToken {
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await http.send(request)
        } catch {
            if error == .cancelled { throw .cancelled }
            throw .failed(
                Diagnosis(
                    "the token service of \(platform) \(error)",
                    remedy: "Run the job again; check its network and proxy.",
                    kind: error.isTemporary ? .temporary : .misconfigured,
                    retryAfter: error.isTemporary ? .seconds(5) : nil, cause: error))
        }
        guard response.status == 200 else { throw refusal(response) }
        guard let text = JSONDocument.object(in: response.body)?[member]?.text, let token = FederatedToken(text) else {
            throw .failed(
                Diagnosis(
                    "the token service of \(platform) answered without a token", remedy: remedy, kind: .refused,
                    facts: facts(response)))
        }
        return token
    }

    private func refusal(_ response: HTTPResponse) -> CredentialError {
        let isTemporary = response.status == 429 || response.status >= 500 || response.status == 408
        let said =
            switch response.status {
            case 300..<400: "wants a sign-in, as it does where the job's own token is not accepted"
            case 401, 403: "turned the job down"
            case 404: "does not know what was asked for"
            case _ where isTemporary: "is in trouble"
            default: "refused the request"
            }
        return .failed(
            Diagnosis(
                "the token service of \(platform) \(said) (\(response.status))",
                remedy: isTemporary ? "Run the job again later." : remedy, kind: isTemporary ? .temporary : .refused,
                retryAfter: isTemporary ? response.askedWait(now: clock.now) : nil, facts: facts(response)))
    }

    private func facts(_ response: HTTPResponse) -> [Diagnosis.Fact] {
        let support = supportHeaders.compactMap { name -> Diagnosis.Fact? in
            guard let value = response.header(name), value.utf8.count <= 128,
                value.utf8.allSatisfy({ ClientID.isLetterOrDigit($0) || Array(" :-._".utf8).contains($0) })
            else { return nil }
            return Diagnosis.Fact(name, value)
        }
        return [Diagnosis.Fact("HTTP status", "\(response.status)")] + support
    }
}
