import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import EntraTokenEndpoint

@Suite struct `A refusal` {
    private func answer(
        _ response: HTTPResponse, to grant: TokenGrant = .clientSecret("hush-hush")
    ) async throws -> Diagnosis {
        let error = await failure { () async throws(CredentialError) in
            try await endpoint(ScriptedTransport(.success(response))).token(grant, for: TokenRequest(postgresScope))
        }
        #expect(error?.isFailed == true)
        let diagnosis = try #require(error?.diagnosis)
        #expect(diagnosis.remedy?.hasSuffix(".") == true)
        #expect(!diagnosis.problem.hasSuffix("."))
        #expect(diagnosis.problem.first?.isUppercase == false || diagnosis.problem.hasPrefix("Entra"))
        #expect(!everythingShown(of: diagnosis).contains("hush-hush"))
        #expect(!diagnosis.description.contains("{"))
        return diagnosis
    }

    private func body(_ error: String, _ code: Int? = nil) -> String {
        guard let code else { return #"{"error":"\#(error)","error_description":"hush-hush"}"# }
        return #"""
            {"error":"\#(error)","error_description":"AADSTS\#(code): hush-hush\r\nTrace ID: x","error_codes":[\#(code)],
            "timestamp":"2026-01-02 03:04:05Z","trace_id":"0f9c0000-0000-0000-0000-00000000beef",
            "correlation_id":"0f9c0000-0000-0000-0000-00000000cafe","suberror":"basic_action"}
            """#
    }

    @Test func `names what to do in the user's own words, and the ids support asks for`() async throws {
        let diagnosis = try await answer(.text(body("invalid_client", 7_000_215), status: 401))
        #expect(
            diagnosis.problem
                == "the client secret of application \(client) (AZURE_CLIENT_ID) is wrong (AADSTS7000215)")
        #expect(diagnosis.remedy?.contains("AZURE_CLIENT_SECRET") == true)
        #expect(diagnosis.kind == .refused)
        #expect(diagnosis.retryAfter == nil)
        let facts = Dictionary(diagnosis.facts.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(facts["HTTP status"] == "401")
        #expect(facts["error"] == "invalid_client")
        #expect(facts["error code"] == "AADSTS7000215")
        #expect(facts["suberror"] == "basic_action")
        #expect(facts["trace id"] == "0f9c0000-0000-0000-0000-00000000beef")
        #expect(facts["correlation id"] == "0f9c0000-0000-0000-0000-00000000cafe")
        #expect(facts["timestamp"] == "2026-01-02 03:04:05Z")
        #expect(UUID(uuidString: facts["request id"] ?? "") != nil)
        #expect((diagnosis.cause as? EntraError)?.error == "invalid_client")
    }

    @Test func `is numbered by its description where the list of numbers is missing`() async throws {
        let text = #"{"error":"invalid_client","error_description":"AADSTS7000222: The key\r\nTrace ID: AADSTS1"}"#
        #expect(try await answer(.text(text, status: 401)).problem.hasSuffix("has expired (AADSTS7000222)"))
    }

    @Test(arguments: [
        (#"{"error":"invalid_client","error_codes":[70002,50012]}"#, "AADSTS50012"),
        (#"{"error":"invalid_grant","error_codes":[70000,9999999,50173]}"#, "AADSTS50173"),
        (
            #"{"error":"invalid_client","error_description":"AADSTS70002: Error validating. AADSTS7000222: Expired."}"#,
            "AADSTS7000222"
        ),
        (#"{"error":"invalid_client","error_description":"AADSTS70002: Error validating."}"#, "AADSTS70002"),
    ])
    func `is numbered by what Entra put another number round`(_ body: String, _ number: String) async throws {
        #expect(try await answer(.text(body, status: 401)).problem.hasSuffix("(\(number))"))
    }

    @Test(arguments: EntraErrorCode.known)
    func `with a known number is explained`(_ row: EntraErrorCode) async throws {
        for grant in [TokenGrant.clientSecret("hush-hush"), .deviceCode("hush-hush")] {
            let diagnosis = try await answer(.text(body("invalid_request", row.number), status: 400), to: grant)
            #expect(diagnosis.problem.hasSuffix(" (AADSTS\(row.number))"))
            let expected: Diagnosis.Kind =
                switch row.kind {
                case .temporary: .temporary
                case .signInNeeded where grant.isSignIn: .signInNeeded
                default: .refused
                }
            #expect(diagnosis.kind == expected)
            // Who polls asks again by itself, and is told a time only where the service names one.
            #expect((diagnosis.retryAfter != nil) == (expected == .temporary && !grant.isPolled))
        }
    }

    @Test func `has one row for each number`() {
        #expect(Set(EntraErrorCode.known.map(\.number)).count == EntraErrorCode.known.count)
        #expect(EntraErrorCode.known.count >= 118)
    }

    @Test(arguments: OAuthErrorWord.known)
    func `with a known word is explained`(_ row: OAuthErrorWord) async throws {
        let service = try await answer(.text(body(row.word), status: 400))
        #expect(service.problem.hasSuffix(" (\(row.word))"))
        #expect(service.kind == (row.kind == .temporary ? .temporary : .refused))
        let person = try await answer(.text(body(row.word), status: 400), to: .refreshToken("hush-hush"))
        #expect(person.kind == row.kind)
    }

    @Test func `with an unknown number names the page that explains it`() async throws {
        let diagnosis = try await answer(.text(body("brand_new", 987_654), status: 400))
        #expect(diagnosis.problem == "login.microsoftonline.com refused the request: brand_new (AADSTS987654)")
        #expect(diagnosis.remedy == "See https://login.microsoftonline.com/error?code=987654.")
    }

    @Test(arguments: [
        ([(name: String, value: String)](), Duration.seconds(30)), ([("Retry-After", "7")], .seconds(7)),
        ([("retry-after", "99999")], .seconds(3600)), ([("Retry-After", "-3")], .seconds(30)),
        ([("Retry-After", "later")], .seconds(30)), ([("retry-after-ms", "1500")], .milliseconds(1500)),
        ([("x-ms-retry-after-ms", "250"), ("Retry-After", "9")], .milliseconds(250)),
        ([("Retry-After", "Tue, 14 Nov 2023 22:14:20 GMT")], .seconds(60)),
        ([("Retry-After", "Tue, 14 Nov 2023 22:00:00 GMT")], .seconds(0)),
    ])
    func `that asks for patience says for how long`(_ headers: [(name: String, value: String)], wait: Duration)
        async throws
    {
        for (status, text) in [(429, "Too Many Requests"), (503, "<html>"), (429, body("x", 90055)), (500, body("y"))] {
            let diagnosis = try await answer(.text(text, status: status, headers: headers))
            #expect(diagnosis.kind == .temporary)
            #expect(diagnosis.retryAfter == wait)
        }
    }

    @Test(arguments: [
        (302, "", Diagnosis.Kind.refused, "redirect (302)"),
        (403, "<html>hush-hush", .refused, "answered 403 with a web page"),
        (404, "<html>", .refused, "has no token endpoint for tenant contoso.example"), (407, "", .refused, "proxy"),
        (400, "hush-hush", .refused, "answered 400 with plain text"),
        (401, #"{"x":1}"#, .refused, "JSON of another kind"),
        (429, "Too Many Requests", .temporary, "too many"), (502, "<html>", .temporary, "answered 502 with a web page"),
        (504, "", .temporary, "answered 504 with nothing"), (408, "", .temporary, "answered 408"),
        (201, goodReply, .refused, "status 201 and no token"),
    ])
    func `that is not Entra's own is told in one sentence`(
        _ status: Int, body: String, kind: Diagnosis.Kind, words: String
    ) async throws {
        let diagnosis = try await answer(.text(body, status: status, type: "text/plain"))
        #expect(diagnosis.problem.contains(words))
        #expect(diagnosis.kind == kind)
    }

    @Test func `shows no field that is not of its kind`() async throws {
        let diagnosis = try await answer(
            .text(
                #"""
                {"error":"hush-hush with blanks","correlation_id":"hush-hush","trace_id":"hush-hush","suberror":"hush hush",
                "timestamp":"hush-hush","error_codes":["x",-1,1e99]}
                """#, status: 400))
        #expect(diagnosis.facts.map(\.name) == ["HTTP status", "error", "request id"])
    }

    @Test func `hands on the claims a person has to sign in with`() async throws {
        let claims = #"{"access_token":{"polids":{"essential":true}}}"#
        let quotedClaims = claims.replacing("\"", with: "\\\"")
        let diagnosis = try await answer(
            .text(#"{"error":"interaction_required","claims":"\#(quotedClaims)"}"#, status: 400),
            to: .onBehalfOf(assertion: "hush-hush", .none))
        #expect((diagnosis.cause as? EntraError)?.claims == claims)
        #expect(diagnosis.kind == .signInNeeded)
    }
}
