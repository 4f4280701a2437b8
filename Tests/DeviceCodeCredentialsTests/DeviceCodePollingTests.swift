import CredentialHTTP
import CredentialTesting
import DeviceCodeCredentials
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `Polling for a device code` {
    @Test(arguments: [
        ([token()], [5.0]), ([pending, pending, token()], [5, 5, 5]),
        ([refusal("slow_down"), pending, refusal("slow_down"), pending, token()], [5, 10, 10, 15, 15]),
        // Nobody there: twice as long each time, half a minute at most, and back once somebody answers.
        (
            [
                .failure(.timeout), .failure(.unreachable("no route")), .failure(.brokenReply("reset")),
                .failure(.unknownHost), pending, token(),
            ], [5, 10, 20, 30, 30, 5]
        ),
        ([refusal("slow_down"), .failure(.connectTimeout), refusal("slow_down"), token()], [5, 10, 20, 15]),
        // Somebody there, and too busy.
        (
            [.success(.text("", status: 429, headers: [("Retry-After", "17")])), pending, token()], [5, 17, 5]
        ),
        // Trouble of the service's own: the next poll, and less often only if it lasts.
        ([.success(.text("", status: 503)), token()], [5, 5]),
        ([.success(.text("<html>", status: 502)), token()], [5, 5]),
        ([.success(.text(#"{"error":"server_error"}"#, status: 500)), token()], [5, 5]),
        (
            [.success(.text("", status: 502)), .success(.text("", status: 503)), .success(.text("", status: 503))]
                + [pending, .success(.text("", status: 504)), token()], [5, 5, 10, 20, 5, 5]
        ),
        ([.success(.text("", status: 503, headers: [("Retry-After", "1")])), token()], [5, 5]),
    ])
    func `waits as long as it is told`(
        _ answers: [Result<HTTPResponse, HTTPTransportError>], waits: [Double]
    ) async throws {
        let clock = LeapingClock()
        let http = ScriptedTransport(all: [code()] + answers)
        _ = try await credential(http, clock).token(for: TokenRequest(scope))
        #expect(clock.waits == waits)
        #expect(http.unused == 0)
    }

    @Test(arguments: [
        (#","expires_in":900,"interval":7"#, 7.0, 900.0), (#","expires_in":"600","interval":"9""#, 9, 600),
        (#","expires_in":900"#, 5, 900), (#","interval":3"#, 3, 900), ("", 5, 900),
        (#","expires_in":-1,"interval":0"#, 5, 900), (#","expires_in":1e300,"interval":1e300"#, 5, 900),
        (#","expires_in":"soon","interval":null"#, 5, 900), (#","expires_in":900,"interval":45"#, 45, 900),
    ])
    func `takes its numbers in whatever form they come`(_ numbers: String, interval: Double, life: Double) async throws
    {
        let clock = LeapingClock()
        let witness = Witness()
        let http = ScriptedTransport(all: [code(numbers), .failure(.timeout), token()])
        _ = try await credential(http, clock, witness: witness).token(for: TokenRequest(scope))
        #expect(clock.waits == [interval, max(interval, interval * 2 > 30 ? 30 : interval * 2)])
        #expect(witness.prompts.first?.expiresAt == start.addingTimeInterval(life))
    }

    @Test(arguments: [
        ("authorization_declined", nil, "the sign-in was declined", Diagnosis.Kind.refused),
        ("authorization_declined", 90120, "the sign-in was declined", .refused),
        ("access_denied", nil, "the sign-in was declined", .refused),
        ("expired_token", 70019, "the code was not entered in time", .signInNeeded),
        ("expired_token", nil, "the code was not entered in time", .signInNeeded),
        ("bad_verification_code", 70018, "the code is not known, or was mistyped", .signInNeeded),
        ("invalid_grant", 50134, "the code was approved in another data centre (AADSTS50134)", .signInNeeded),
        ("invalid_grant", 53003, "a policy of tenant organizations blocks this sign-in (AADSTS53003)", .refused),
        ("invalid_client", 50196, "", .temporary), ("no_such_word", nil, "", .refused),
    ])
    func `ends with what the service says at last`(
        _ word: String, number: Int?, problem: String, kind: Diagnosis.Kind
    ) async throws {
        let http = ScriptedTransport(all: [code(), pending, refusal(word, code: number)])
        let error = try #require(await failure(credential(http)))
        guard case .failed(let diagnosis) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(problem.isEmpty || diagnosis.problem == problem)
        #expect(diagnosis.kind == kind)
        #expect(diagnosis.remedy?.hasSuffix(".") == true)
        #expect(diagnosis.facts.contains(.init("error", word)))
        #expect(http.requests.count == 3)
        #expect(!everythingShown(of: error).contains("hush"))
    }

    @Test(arguments: [
        Result<HTTPResponse, HTTPTransportError>.failure(.tls("self-signed")), .failure(.bodyTooLarge(limit: 9)),
        .success(.text("<html>sign in to the hotel</html>", type: "text/html")), .success(.text("", status: 302)),
        .success(.text(#"{"access_token":""}"#)),
    ])
    func `ends at once with what waiting does not mend`(_ answer: Result<HTTPResponse, HTTPTransportError>) async {
        let http = ScriptedTransport(all: [code(), answer])
        #expect(await failure(credential(http))?.diagnosis?.kind != .temporary)
        #expect(http.unused == 0)
    }

    @Test func `ends when the code does`() async throws {
        let clock = LeapingClock()
        let http = ScriptedTransport(all: [code(#","expires_in":12,"interval":5"#), pending, pending])
        let diagnosis = try #require(await failure(credential(http, clock))?.diagnosis)
        #expect(diagnosis.problem == "the code was not entered in time")
        #expect(diagnosis.kind == .signInNeeded)
        #expect(diagnosis.remedy == "Sign in again: passgres login.")
        #expect(clock.waits == [5, 5])
    }

    @Test func `uses the last moment of the code and says what was wrong`() async throws {
        let clock = LeapingClock()
        let http = ScriptedTransport(
            all: [code(#","expires_in":22,"interval":5"#)] + Array(repeating: .failure(.timeout), count: 3))
        let diagnosis = try #require(await failure(credential(http, clock))?.diagnosis)
        #expect(clock.waits == [5, 10, 7])
        #expect(http.unused == 0)
        #expect(diagnosis.kind == .temporary)
        #expect(
            diagnosis.problem
                == "the code expired while login.microsoftonline.com took the connection and did not answer in time")
    }

    @Test func `stops when the task is cancelled in a wait`() async {
        let clock = ManualClock()
        let http = ScriptedTransport(all: [code()])
        let task = Task { await failure(credential(http, clock)) }
        await clock.waitForSleepers()
        #expect(clock.deadlines == [start.addingTimeInterval(5)])
        task.cancel()
        guard case .cancelled? = await task.value else {
            Issue.record("not cancelled")
            return
        }
        #expect(http.requests.count == 1)
    }

    @Test func `stops when the task is cancelled in a request`() async {
        guard case .cancelled? = await failure(credential(ScriptedTransport(all: [code(), .failure(.cancelled)])))
        else {
            Issue.record("not cancelled")
            return
        }
    }
}
