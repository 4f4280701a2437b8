public import CredentialHTTP
import FoundationEssentials
public import TokenCredentials

/// Asks an identity service that is trusted whether another authority is one of Microsoft's, before anything is sent
/// there. For whoever wants it: no credential asks by itself, since it costs a round trip and fails behind a private
/// endpoint.
public struct AuthorityDiscovery: Sendable {
    private let trusted: Authority
    private let http: any HTTPTransport

    /// Asks at the public cloud's authority unless another is given.
    public init(
        askingAt trusted: Authority = AzureCloud.public.authority,
        http: any HTTPTransport = RetryingTransport(CurlTransport.shared)
    ) {
        self.trusted = trusted
        self.http = http
    }

    /// Returns if the authority is known there.
    ///
    /// Throws ``TokenCredentials/CredentialError/failed(_:)``: of kind `misconfigured` if it is not known, `temporary` if
    /// nobody could be asked.
    public func check(_ authority: Authority) async throws(CredentialError) {
        let page = HTTPRequest.percentEncoded("\(authority.url)/common/oauth2/v2.0/authorize")
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await http.send(
                HTTPRequest(
                    .get, "\(trusted.url)/common/discovery/instance?api-version=1.1&authorization_endpoint=\(page)",
                    headers: [("Accept", "application/json")]))
        } catch {
            guard error != .cancelled else { throw .cancelled }
            throw unanswered("\(error)", cause: error)
        }
        let reply = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        if response.status == 200, reply?["tenant_discovery_endpoint"]?.text != nil { return }
        guard reply?["error"]?.text == "invalid_instance" else {
            throw unanswered("answered with HTTP \(response.status) and neither yes nor no")
        }
        throw .failed(
            Diagnosis(
                "\(trusted.host) knows no authority \(authority.host)",
                remedy: "Check AZURE_AUTHORITY_HOST; a private authority is used without this check.",
                kind: .misconfigured))
    }

    private func unanswered(_ problem: String, cause: (any Error)? = nil) -> CredentialError {
        .failed(
            Diagnosis(
                "\(trusted.host) \(problem)", remedy: "Try again later, or use the authority without this check.",
                kind: .temporary, cause: cause))
    }
}
