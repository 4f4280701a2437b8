import CredentialHTTP
import CredentialTesting
import EntraCredentials
import Testing

@Suite struct `Authority discovery` {
    @Test func `asks the trusted authority about the other one`() async throws {
        let http = ScriptedTransport(.success(.text(#"{"tenant_discovery_endpoint":"https://x/","metadata":[]}"#)))
        try await AuthorityDiscovery(http: http).check(try Authority("login.example.org:8443"))
        #expect(
            http.requests.map(\.url) == [
                "https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint="
                    + "https%3A%2F%2Flogin.example.org%3A8443%2Fcommon%2Foauth2%2Fv2.0%2Fauthorize"
            ])
        #expect(http.requests.first?.method == .get && http.requests.first?.body == nil)
    }

    static let refusals: [(HTTPResponse, Diagnosis.Kind, String)] = [
        (.text(#"{"error":"invalid_instance"}"#, status: 400), .misconfigured, "knows no authority login.example.org"),
        (.text("<html>", status: 200, type: "text/html"), .temporary, "HTTP 200"),
        (.text("", status: 503), .temporary, "HTTP 503"),
    ]

    @Test(arguments: refusals)
    func `says no, or that nobody could be asked`(reply: HTTPResponse, kind: Diagnosis.Kind, words: String) async {
        let discovery = AuthorityDiscovery(http: ScriptedTransport(.success(reply)))
        let error = await #expect(throws: CredentialError.self) {
            try await discovery.check(try Authority("login.example.org"))
        }
        #expect(error?.diagnosis?.kind == kind)
        #expect(error?.diagnosis?.problem.contains(words) == true)
    }
}
