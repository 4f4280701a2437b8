import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import Foundation
import Testing
import TokenCredentials

@Suite struct `A secret that variables only name` {
    /// Finds `orders` and `pfx`, and writes down what it was asked for.
    private final class Finder: Sendable {
        let asked = Guarded<[String]>([])
        let fault: CredentialError?

        init(_ fault: CredentialError? = nil) { self.fault = fault }

        var lookup: SecretLookup {
            @Sendable func find(_ name: String) async throws(CredentialError) -> String {
                asked.withLock { $0.append(name) }
                if let fault { throw fault }
                return name == "pfx" ? KeyFiles.password : "hush-found"
            }
            return find
        }
    }

    static let named = [
        "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "PASSGRES_CLIENT_SECRET_NAME": " orders ",
    ]

    private func credential(
        _ variables: [String: String], _ find: SecretLookup?, _ http: ScriptedTransport = ScriptedTransport()
    ) -> EnvironmentCredential {
        EnvironmentCredential(
            environment: ProcessEnvironment(variables), files: MemoryFiles(), http: http, clock: ManualClock(),
            findingSecret: find)
    }

    @Test func `is found for every token, and sent`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let finder = Finder()
        let credential = credential(Self.named, finder.lookup, http)
        #expect(credential.configuration == .configured(by: "PASSGRES_CLIENT_SECRET_NAME"))
        #expect(finder.asked.withLock { $0 }.isEmpty)
        for _ in 0..<2 { _ = try await credential.token(for: TokenRequest(scope)) }
        #expect(finder.asked.withLock { $0 } == ["orders", "orders"])
        #expect(http.requests.map { $0.sentField("client_secret") } == ["hush-found", "hush-found"])
        #expect(!everythingShown(of: credential).contains("hush"))
    }

    @Test func `is named in what Entra has against it`() async throws {
        let refusal = HTTPResponse.text(#"{"error":"invalid_client","error_codes":[7000222]}"#, status: 401)
        let error = await failure(of: credential(Self.named, Finder().lookup, ScriptedTransport(.success(refusal))))
        #expect(
            error?.diagnosis?.remedy?.contains(#"the secret "orders" that PASSGRES_CLIENT_SECRET_NAME names"#) == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test(arguments: [
        CredentialError.failed(Diagnosis("no such secret", kind: .misconfigured)),
        .failed(Diagnosis("locked", kind: .signInNeeded)), .cancelled,
    ])
    func `that cannot be found ends the search`(fault: CredentialError) async {
        let http = ScriptedTransport()
        let error = await failure(of: credential(Self.named, Finder(fault).lookup, http))
        #expect(error?.description == fault.description)
        #expect(error?.isUnavailable == false)
        #expect(http.requests.isEmpty)
    }

    @Test func `is refused beside the secret itself, and where no store is looked into`() async {
        let both = Self.named.merging(["AZURE_CLIENT_SECRET": "hush"]) { $1 }
        for (variables, find) in [(both, Finder().lookup), (Self.named, nil)] {
            let error = await failure(of: credential(variables, find))
            #expect(error?.isFailed == true)
            #expect(error?.diagnosis?.kind == .misconfigured)
            #expect(error?.diagnosis?.problem.contains("PASSGRES_CLIENT_SECRET_NAME") == true)
            #expect(!everythingShown(of: error as Any).contains("hush"))
        }
    }

    @Test func `needs tenant and client too, and goes before a certificate`() async {
        var half = Self.named
        half["AZURE_TENANT_ID"] = nil
        let missing = await failure(of: credential(half, Finder().lookup))
        #expect(
            missing?.diagnosis?.problem.contains("PASSGRES_CLIENT_SECRET_NAME are set, and AZURE_TENANT_ID") == true)
        let more = Self.named.merging(["AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem"]) { $1 }
        #expect(
            credential(more, Finder().lookup).configuration
                == .configured(
                    by: "PASSGRES_CLIENT_SECRET_NAME (set as well and not used: AZURE_CLIENT_CERTIFICATE_PATH)"))
    }

    @Test func `may open a certificate's key`() async throws {
        let clock = ManualClock(
            now: Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded() + 3600))
        let text = String(
            decoding: KeyFiles.shared["ca.pem", "leaf.pem", "pkcs8-encrypted.pem"], as: UTF8.self)
        let files = MemoryFiles(["/c.pem": text])
        let variables = [
            "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem",
            "PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME": "pfx",
        ]
        func credential(
            _ variables: [String: String], _ http: ScriptedTransport, _ find: SecretLookup?
        ) -> EnvironmentCredential {
            EnvironmentCredential(
                environment: ProcessEnvironment(variables), files: files, http: http, clock: clock, findingSecret: find)
        }
        let http = ScriptedTransport(.success(.text(goodReply)))
        let finder = Finder()
        _ = try await credential(variables, http, finder.lookup).token(for: TokenRequest(scope))
        #expect(http.requests.first?.sentField("client_assertion") != nil)
        #expect(finder.asked.withLock { $0 } == ["pfx"])
        let wrong = variables.merging(["PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME": "other"]) { $1 }
        let error = await failure(of: credential(wrong, ScriptedTransport(), Finder().lookup))
        #expect(error?.diagnosis?.problem == "the password does not open /c.pem")
        #expect(
            error?.diagnosis?.remedy
                == #"Correct the secret "other" that PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME names."#)
        let both = variables.merging(["AZURE_CLIENT_CERTIFICATE_PASSWORD": "hush"]) { $1 }
        #expect(
            await failure(of: credential(both, ScriptedTransport(), finder.lookup))?.diagnosis?.kind == .misconfigured)
    }

    @Test func `is found for credentials made in code`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        @Sendable func secret() async throws(CredentialError) -> String { "hush-code" }
        @Sendable func password() async throws(CredentialError) -> String { KeyFiles.password }
        let direct = ClientSecretCredential(
            tenant: "contoso.example", clientID: client, http: http, clock: ManualClock(), findingSecret: secret)
        _ = try await direct.token(for: TokenRequest(scope))
        #expect(http.requests.first?.sentField("client_secret") == "hush-code")
        #expect(!everythingShown(of: direct).contains("hush"))
        let certificate = ClientCertificateCredential(
            tenant: "contoso.example", clientID: client,
            certificate: .contents(KeyFiles.shared["ca.pem", "leaf.pem", "pkcs8-encrypted.pem"]), http: http,
            clock: ManualClock(now: Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded() + 3600)),
            findingPassword: password)
        _ = try await certificate.token(for: TokenRequest(scope))
        #expect(http.requests.last?.sentField("client_assertion") != nil)
        #expect(!everythingShown(of: certificate).contains(KeyFiles.password))
    }
}
