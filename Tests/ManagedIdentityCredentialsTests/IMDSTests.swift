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

    @Test(arguments: [200, 400, 401, 403, 404, 405, 410, 429, 500, 502, 503])
    func `is there by its header, whatever it answers the probe`(_ status: Int) async {
        let answer = HTTPResponse.text("<html>", status: status, headers: [World.header])
        let http = ScriptedTransport(.success(answer), .success(World.reply))
        #expect(await World.credential(nil, World.imdsEnvironment, http: http).outcome().word == "token")
    }

    @Test(
        arguments: [400, 404, 429, 500],
        [
            #"{"error":"invalid_request","error_description":"Required metadata header not specified"}"#,
            #"{"error":"bad_request_102"}"#, #"{"error":"Too many requests","error_description":"wait"}"#,
        ])
    func `is there by its error document, whatever the status`(_ status: Int, _ body: String) async {
        let http = ScriptedTransport(.success(.text(body, status: status)), .success(World.reply))
        #expect(await World.credential(nil, World.imdsEnvironment, http: http).outcome().word == "token")
    }

    static let strangers: [(status: Int, body: String, headers: [(name: String, value: String)])] =
        [200, 301, 400, 401, 403, 404, 405, 407, 410, 429, 500, 502, 503, 504].flatMap { status in
            [
                (status, "<html>gateway</html>", [("Content-Type", "text/html")]), (status, "", []),
                (status, "<html>", [("Server", "nginx")]), (status, "<html>", [("Server", "Not IMDS/1")]),
            ]
        } + [
            // Another cloud's metadata service, and a web server that writes its errors in JSON.
            (401, "<?xml version=\"1.0\"?>", [("Server", "EC2ws")]), (404, "not found", []),
            (404, #"{"timestamp":1,"status":404,"error":"Not Found","path":"/metadata"}"#, []),
            (403, #"{"message":"forbidden"}"#, []), (403, #"["error"]"#, []), (200, "{}", []),
            (503, "upstream connect error", [("Retry-After", "1")]),
        ]

    @Test(arguments: strangers, [ManagedIdentityCredential.Patience.probing(.seconds(1)), .persistent])
    func `is unavailable, at once, where something else answers`(
        _ answer: (status: Int, body: String, headers: [(name: String, value: String)]),
        _ patience: ManagedIdentityCredential.Patience
    ) async {
        let http = ScriptedTransport(.success(.text(answer.body, status: answer.status, headers: answer.headers)))
        let outcome = await World.credential(nil, World.imdsEnvironment, http: http, patience: patience).outcome()
        #expect(outcome.word == "unavailable")
        #expect(outcome.diagnosis?.problem.contains("what answers in place of IMDS") == true)
        #expect(outcome.diagnosis?.remedy?.isEmpty == false)
        #expect(outcome.diagnosis?.facts.contains(.init("HTTP status", "\(answer.status)")) == true)
        #expect(!outcome.shown.contains("upstream") && !outcome.shown.contains("gateway"))
        #expect(http.requests.count == 1)
    }

    @Test func `is unavailable where the probe is answered with too much`() async {
        let http = ScriptedTransport(.failure(.bodyTooLarge(limit: 1)))
        #expect(await World.credential(nil, World.imdsEnvironment, http: http).outcome().word == "unavailable")
    }

    static let failing: [HTTPResponse] = [429, 500, 503].flatMap { status in
        [
            HTTPResponse.text("<html>", status: status, headers: [World.header]),
            .text(#"{"error":"server_error"}"#, status: status),
        ]
    }

    @Test(arguments: failing, [ManagedIdentityCredential.Patience.probing(.seconds(1)), .persistent])
    func `fails where it is throttled or in trouble, so that nobody becomes somebody else`(
        _ answer: HTTPResponse, _ patience: ManagedIdentityCredential.Patience
    ) async {
        let outcome = await World.credential(
            nil, World.imdsEnvironment, http: StubTransport(.success(answer)), clock: HastyClock(), patience: patience
        ).outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .temporary)
    }

    @Test func `fails where something comes in between after it had answered`() async {
        let outcome = await outcome(nil, .success(.text("<html>", status: 502)))
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .temporary)
    }

    static let numbers: [(Int, Int, String, Diagnosis.Kind?)] = [
        (400, 500_011, "invalid_resource", .refused), (400, 7_000_112, "unauthorized_client", .refused),
        (400, 90_002, "invalid_request", .refused), (400, 700_082, "invalid_grant", .refused),
        (500, 500_011, "server_error", .refused), (400, 90_033, "temporarily_unavailable", .temporary),
    ]

    @Test(arguments: numbers)
    func `is refused by Entra with the number's own meaning`(
        _ status: Int, _ number: Int, _ word: String, _ kind: Diagnosis.Kind?
    ) async throws {
        let text = "AADSTS\(number): quoting \(World.secret). Trace ID: x"
        let imds = await outcome(
            nil, .success(.text(#"{"error":"\#(word)","error_description":"\#(text)"}"#, status: status)))
        let appService = await World.credential(
            nil, `The request of each host`.appService,
            http: StubTransport(
                .success(.text(#"{"statusCode":\#(status),"message":"\#(text)"}"#, status: status))),
            clock: HastyClock()
        ).outcome()
        for outcome in [imds, appService] {
            #expect(outcome.word == "failed")
            let diagnosis = try #require(outcome.diagnosis)
            #expect(diagnosis.kind == kind)
            #expect(diagnosis.problem.contains("AADSTS\(number)"))
            #expect(!diagnosis.problem.contains("{") && diagnosis.remedy?.contains("{") == false)
            #expect(diagnosis.facts.contains(.init("error code", "AADSTS\(number)")))
            #expect(!outcome.shown.contains(World.secret))
        }
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
        let outcome = await outcome(identity, .success(.text(body, status: status, headers: [World.header])))
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
        #expect(outcome.diagnosis?.remedy?.contains("--identity") == true)
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
