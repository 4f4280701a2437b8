import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `The instance metadata service` {
    typealias Answer = Result<HTTPResponse, HTTPTransportError>

    static let notFound = HTTPResponse.text(
        #"{"error":"invalid_request","error_description":"Identity not found"}"#, status: 400)

    /// Sends the answers once a probe has found the service.
    func outcome(
        _ identity: ManagedIdentity? = nil, _ answer: Answer
    ) async -> Result<AccessToken, CredentialError> {
        let http = ProbedTransport(answer: answer)
        return await World.credential(identity, World.imdsEnvironment, http: http, clock: HastyClock()).outcome()
    }

    @Test func `is probed once, in a second, without what makes a request for a token`() async throws {
        let http = ScriptedTransport(.success(World.present), .success(World.reply), .success(World.reply))
        let credential = World.credential(nil, World.imdsEnvironment, http: http)
        _ = try await credential.token(for: World.request)
        _ = try await credential.token(for: World.request)
        let probe = try #require(http.requests.first)
        #expect(probe.method == .get)
        #expect(probe.url == World.imds)
        #expect(probe.headers.isEmpty)
        #expect(probe.body == nil)
        #expect(probe.connectTimeout == .seconds(1))
        #expect(probe.timeout == .seconds(1))
        #expect(probe.proxy == .never)
        #expect(http.requests.dropFirst().allSatisfy { $0.header("Metadata") == "true" && $0.timeout > .seconds(1) })
        #expect(http.requests.count == 3)
    }

    @Test func `is not probed by a credential that is alone`() async throws {
        let http = ScriptedTransport(.success(World.reply))
        _ = try await World.credential(nil, World.imdsEnvironment, http: http, patience: .persistent)
            .token(for: World.request)
        #expect(http.unused == 0)
    }

    @Test(arguments: [
        HTTPTransportError.connectTimeout, .timeout, .unreachable("Connection refused"), .unknownHost,
        .brokenReply("no HTTP"),
    ])
    func `is unavailable where the probe gets no answer`(_ reason: HTTPTransportError) async {
        let http = ScriptedTransport(.failure(reason))
        let outcome = await World.credential(nil, World.imdsEnvironment, http: http).outcome()
        #expect(outcome.word == "unavailable")
        #expect(
            outcome.diagnosis?.problem
                == "IMDS at http://127.0.0.1:9, which AZURE_POD_IDENTITY_AUTHORITY_HOST names, \(reason)")
        #expect(outcome.diagnosis?.remedy != nil)
        #expect(http.requests.count == 1)

        let unset = await World.credential(nil, [:], http: StubTransport(.failure(reason))).outcome()
        #expect(unset.word == "unavailable")
        #expect(
            unset.diagnosis?.problem
                == "no variable names an identity endpoint, and IMDS at http://169.254.169.254 \(reason)")
    }

    @Test func `is unavailable where a proxy says that it is unreachable`() async {
        let docker = HTTPResponse.text(
            "connecting to 127.0.0.1:9: A socket operation: Unreachable network", status: 403)
        for patience in [ManagedIdentityCredential.Patience.probing(.seconds(1)), .persistent] {
            let http = ScriptedTransport(.success(docker))
            let outcome = await World.credential(nil, World.imdsEnvironment, http: http, patience: patience).outcome()
            #expect(outcome.word == "unavailable")
            #expect(http.requests.count == 1)
        }
    }

    @Test(arguments: [200, 302, 400, 403, 404, 410, 500, 502])
    func `is there whatever the probe is answered`(_ status: Int) async {
        let http = ScriptedTransport(.success(.text("<html>", status: status)), .success(World.reply))
        #expect(await World.credential(nil, World.imdsEnvironment, http: http).outcome().word == "token")
    }

    @Test func `is there where the probe is answered with too much`() async {
        let http = ScriptedTransport(.failure(.bodyTooLarge(limit: 1)), .success(World.reply))
        #expect(await World.credential(nil, World.imdsEnvironment, http: http).outcome().word == "token")
    }

    @Test func `is probed again half a minute after it was absent, and not before`() async {
        let http = ScriptedTransport(
            .failure(.connectTimeout), .failure(.timeout), .success(World.present), .success(World.reply))
        let clock = ManualClock()
        let credential = World.credential(nil, World.imdsEnvironment, http: http, clock: clock)
        #expect(await credential.outcome().word == "unavailable")
        clock.advance(by: .seconds(29))
        #expect(await credential.outcome().diagnosis?.problem.contains("did not take the connection") == true)
        #expect(http.requests.count == 1)
        clock.advance(by: .seconds(2))
        #expect(await credential.outcome().word == "unavailable")
        clock.advance(by: .seconds(-3600))
        #expect(await credential.outcome().word == "token")
        #expect(http.unused == 0)
    }

    @Test func `is not asked on a machine that is not Azure's, unless it is meant`() async {
        let laptop = MemoryFiles([MachineTag.path: "No Asset Tag\n"])
        let silent = ScriptedTransport()
        let outcome = await World.credential(nil, [:], http: silent, files: laptop).outcome()
        #expect(outcome.word == "unavailable")
        #expect(outcome.diagnosis?.problem.hasPrefix("this machine is not an Azure one: ") == true)
        #expect(silent.requests.isEmpty)

        let moved = ScriptedTransport(.success(World.present), .success(World.reply))
        #expect(
            await World.credential(nil, World.imdsEnvironment, http: moved, files: laptop).outcome().word == "token")
        let alone = ScriptedTransport(.success(World.reply))
        #expect(
            await World.credential(nil, [:], http: alone, files: laptop, patience: .persistent).outcome().word
                == "token")
        #expect(alone.requests.first?.url.hasPrefix("http://169.254.169.254/metadata/identity/oauth2/token?") == true)
    }

    @Test(arguments: ["7783-7084-3265-9085-8269-3286-77\n", "", "\n", nil])
    func `is probed where the machine is Azure's or does not say`(_ tag: String?) async {
        let files = MemoryFiles(tag.map { [MachineTag.path: $0] } ?? [:])
        let http = ScriptedTransport(.success(World.present), .success(World.reply))
        #expect(await World.credential(nil, [:], http: http, files: files).outcome().word == "token")
        let unreadable = MemoryFiles()
        unreadable.setFault(.system(errno: 13), at: MachineTag.path)
        let again = ScriptedTransport(.success(World.present), .success(World.reply))
        #expect(await World.credential(nil, [:], http: again, files: unreadable).outcome().word == "token")
    }

    static let several =
        "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity"
    static let classes: [(ManagedIdentity?, Int, String, String, Diagnosis.Kind?)] = [
        (nil, 400, #"{"error":"invalid_request","error_description":"Identity not found"}"#, "unavailable", nil),
        (nil, 400, #"{"error":"invalid_request","error_description":"\#(several)"}"#, "failed", .misconfigured),
        (nil, 400, "", "unavailable", nil),
        (nil, 400, "<html>", "unavailable", nil),
        (nil, 400, #"{"error":"invalid_resource","error_description":"AADSTS500011"}"#, "failed", .refused),
        (nil, 400, #"{"error":"bad_request_102","error_description":"header"}"#, "failed", .refused),
        (
            .clientID(World.client), 400, #"{"error":"invalid_request","error_description":"Identity not found"}"#,
            "unavailable", nil
        ),
        (.clientID(World.client), 400, "", "failed", .refused),
        (.objectID(World.client), 400, #"{"error":"invalid_request"}"#, "failed", .refused),
        (nil, 401, #"{"error":"unauthorized_client"}"#, "failed", .refused),
        (nil, 403, "forbidden", "failed", .refused),
        (nil, 405, "", "failed", .refused),
        (nil, 404, "", "failed", .temporary),
        (nil, 410, "<html>", "failed", .temporary),
        (nil, 429, #"{"error":"too_many"}"#, "failed", .temporary),
        (nil, 500, "", "failed", .temporary),
        (nil, 502, "", "failed", .temporary),
        (nil, 504, "", "failed", .temporary),
        (nil, 301, "", "unavailable", nil),
        (nil, 200, "<html>sign in</html>", "unavailable", nil),
        (nil, 200, "", "unavailable", nil),
        (nil, 204, "", "failed", .refused),
        (nil, 200, "{}", "failed", nil),
    ]

    @Test(arguments: classes)
    func `answers are classified`(
        _ identity: ManagedIdentity?, _ status: Int, _ body: String, _ word: String, _ kind: Diagnosis.Kind?
    ) async throws {
        let outcome = await outcome(identity, .success(.text(body, status: status)))
        #expect(outcome.word == word)
        let diagnosis = try #require(outcome.diagnosis)
        #expect(diagnosis.kind == kind)
        #expect(diagnosis.facts.contains(.init("HTTP status", "\(status)")))
        #expect((diagnosis.retryAfter != nil) == (kind == .temporary))
        #expect(status == 200 || diagnosis.remedy != nil)
        if identity != nil { #expect(diagnosis.problem.contains(World.client)) }
    }

    @Test func `is something else where it answers with 200 megabytes`() async {
        let outcome = await outcome(nil, .failure(.bodyTooLarge(limit: 1_048_576)))
        #expect(outcome.word == "unavailable")
        #expect(outcome.diagnosis?.problem.contains("answered with more than 1048576 bytes") == true)
    }

    @Test func `fails where it was there and answers no more`() async {
        let outcome = await outcome(nil, .failure(.timeout))
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .temporary)
        #expect(outcome.diagnosis?.retryAfter != nil)
    }

    @Test func `tells several identities apart from none`() async {
        let body = #"{"error":"invalid_request","error_description":"\#(Self.several)"}"#
        let outcome = await outcome(nil, .success(.text(body, status: 400)))
        #expect(outcome.diagnosis?.remedy?.contains("--client-id") == true)
        #expect(outcome.diagnosis?.facts.contains(.init("error", "invalid_request")) == true)
    }

    @Test func `is refused under an address that is none`() async {
        for address in ["169.254.169.254", "http://user:pass-word@h", "http://h?x=1", "ftp://h", "http://h\r\nX: y"] {
            let http = ScriptedTransport()
            let outcome = await World.credential(
                nil, ["AZURE_POD_IDENTITY_AUTHORITY_HOST": address], http: http
            ).outcome()
            #expect(outcome.word == "failed")
            #expect(outcome.diagnosis?.problem.contains("AZURE_POD_IDENTITY_AUTHORITY_HOST") == true)
            #expect(!outcome.shown.contains("pass-word"))
            #expect(http.requests.isEmpty)
        }
    }
}

/// Answers a probe as IMDS does, and every request for a token alike.
struct ProbedTransport: HTTPTransport {
    let answer: Result<HTTPResponse, HTTPTransportError>

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        request.header("Metadata") == nil ? World.present : try answer.get()
    }
}
