import CredentialHTTP
import CredentialTesting
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `A host named by a variable` {
    static let hosts: [ProcessEnvironment] = [
        `The request of each host`.appService, `The request of each host`.older, `The request of each host`.cloudShell,
        `The request of each host`.fabric,
        ["IDENTITY_ENDPOINT": "http://127.0.0.1:9/t", "IMDS_ENDPOINT": "http://127.0.0.1:9"],
    ]

    static let answers: [(Result<HTTPResponse, HTTPTransportError>, Diagnosis.Kind?)] = [
        (.success(.text("", status: 400)), .refused),
        (.success(.text(#"{"statusCode":400,"message":"no identity"}"#, status: 400)), .refused),
        (.success(.text(#"{"error":{"code":"ManagedIdentityNotFound","message":"m"}}"#, status: 404)), .refused),
        (.success(.text("", status: 403)), .refused),
        (.success(.text("", status: 429, headers: [("Retry-After", "9")])), .temporary),
        (.success(.text("", status: 500)), .temporary),
        (.success(.text("", status: 302, headers: [("Location", "http://x")])), .misconfigured),
        (.success(.text("<html>", status: 200)), .misconfigured),
        (.failure(.unreachable("Connection refused")), .temporary),
        (.failure(.timeout), .temporary),
        (.failure(.tls("another certificate")), .misconfigured),
        (.failure(.bodyTooLarge(limit: 1_048_576)), .misconfigured),
    ]

    @Test(arguments: hosts, answers)
    func `fails in one sentence, whatever goes wrong`(
        _ environment: ProcessEnvironment, _ answer: (Result<HTTPResponse, HTTPTransportError>, Diagnosis.Kind?)
    ) async {
        let http = StubTransport(answer.0)
        let outcome = await World.credential(nil, environment, http: http, clock: HastyClock()).outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == answer.1)
        #expect(outcome.diagnosis?.remedy != nil)
        #expect((outcome.diagnosis?.retryAfter != nil) == (answer.1 == .temporary))
        #expect(outcome.diagnosis?.problem.contains("\n") == false)
        #expect(!outcome.shown.contains(World.secret))
    }

    @Test func `has its error's name and id shown, and not its text`() async {
        let body =
            #"{"error":{"code":"ManagedIdentityNotFound","message":"quoting \#(World.secret)","correlationId":"c-1"}}"#
        let http = StubTransport(.success(.text(body, status: 404)))
        let outcome = await World.credential(nil, `The request of each host`.fabric, http: http).outcome()
        #expect(
            outcome.diagnosis?.facts == [
                .init("HTTP status", "404"), .init("error", "ManagedIdentityNotFound"), .init("correlation id", "c-1"),
                .init("endpoint", "https://localhost:2377/metadata/identity/oauth2/token"),
            ])
        #expect(!outcome.shown.contains(World.secret))
    }

    @Test func `names the identity asked for and where its id came from`() async {
        let http = StubTransport(.success(.text("", status: 400)))
        var environment = `The request of each host`.appService
        environment["AZURE_CLIENT_ID"] = World.client
        let outcome = await World.credential(nil, environment, http: http).outcome()
        #expect(outcome.diagnosis?.problem.contains("client id \(World.client)") == true)
        #expect(outcome.diagnosis?.remedy?.contains("AZURE_CLIENT_ID") == true)
    }

    static let thumbprints: [(String, Bool)] = [
        (String(repeating: "aB", count: 20), true), (String(repeating: "ab:", count: 20), true),
        (String(repeating: "ab ", count: 20), true), (String(repeating: "ab", count: 19), false),
        (String(repeating: "ab", count: 32), false), (String(repeating: "xy", count: 20), false),
        (String(repeating: "ab", count: 19) + "ａｂ", false), ("::", false),
    ]

    @Test(arguments: thumbprints) func `on Service Fabric has a thumbprint of 40 digits`(
        _ text: String, _ isValid: Bool
    ) async {
        var environment = `The request of each host`.fabric
        environment["IDENTITY_SERVER_THUMBPRINT"] = text
        let http = ScriptedTransport(.success(World.reply))
        let outcome = await World.credential(nil, environment, http: http).outcome()
        #expect(outcome.word == (isValid ? "token" : "failed"))
        #expect(http.requests.count == (isValid ? 1 : 0))
        if isValid { #expect(http.requests.first?.trust == .pinned(sha1: [UInt8](repeating: 0xAB, count: 20))) }
    }

    @Test func `on Service Fabric is asked over TLS only`() async {
        var environment = `The request of each host`.fabric
        environment["IDENTITY_ENDPOINT"] = "http://localhost:2377/metadata/identity/oauth2/token"
        let http = ScriptedTransport()
        let outcome = await World.credential(nil, environment, http: http).outcome()
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.problem == "the address in IDENTITY_ENDPOINT does not begin with https://")
        #expect(http.requests.isEmpty)
    }

    @Test func `on Service Fabric is told from an impostor by its certificate`() async {
        let http = StubTransport(.failure(.tls("the certificate is another one")))
        let outcome = await World.credential(nil, `The request of each host`.fabric, http: http).outcome()
        #expect(outcome.diagnosis?.remedy?.contains("IDENTITY_SERVER_THUMBPRINT") == true)
    }

    @Test(arguments: ["a\r\nX: y", "a\nb", "a\u{0}b", "gehe\u{ed}m", String(repeating: "a", count: 8193)])
    func `is not asked with a secret that cannot stand in a header`(_ secret: String) async {
        for names in [("IDENTITY_ENDPOINT", "IDENTITY_HEADER"), ("MSI_ENDPOINT", "MSI_SECRET")] {
            let http = ScriptedTransport()
            let environment = ProcessEnvironment([names.0: "http://127.0.0.1:9/t", names.1: secret])
            let outcome = await World.credential(nil, environment, http: http).outcome()
            #expect(outcome.word == "failed")
            #expect(outcome.diagnosis?.problem.contains(names.1) == true)
            #expect(!outcome.shown.contains(secret))
            #expect(http.requests.isEmpty)
        }
    }

    @Test func `shows no secret of its credential`() async throws {
        for environment in Self.hosts {
            let credential = World.credential(
                .clientID(World.client), environment, http: StubTransport(.success(World.reply)))
            var text = "\(credential)" + String(reflecting: credential)
            dump(credential, to: &text)
            #expect(!text.contains(World.secret))
            #expect(text.contains("managed-identity"))
        }
        var text = ""
        dump(try HeaderSecret(World.secret, from: "X"), to: &text)
        text +=
            "\(try HeaderSecret(World.secret, from: "X"))"
            + String(reflecting: try HeaderSecret(World.secret, from: "X"))
        #expect(!text.contains(World.secret))
    }

    @Test func `serves a hundred callers at once`() async {
        let credential = World.credential(
            nil, World.imdsEnvironment, http: ProbedTransport(answer: .success(World.reply)))
        let words = await withTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { await credential.outcome().word } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(words == ["token": 100])
    }
}
