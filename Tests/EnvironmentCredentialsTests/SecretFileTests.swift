import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A client secret in a file` {
    static let variables = [
        "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "PASSGRES_CLIENT_SECRET_FILE": "/secret",
    ]

    private func credential(
        _ more: [String: String?] = [:], _ files: any FileAccess, _ http: ScriptedTransport = ScriptedTransport()
    ) -> EnvironmentCredential {
        var variables: [String: String] = Self.variables
        for (name, value) in more { variables[name] = value }
        return EnvironmentCredential(
            environment: ProcessEnvironment(variables), files: files, http: http, clock: ManualClock())
    }

    @Test(arguments: ["hush~1", "hush~1\n", "hush~1\r\n", "\u{FEFF}hush~1\n"])
    func `is sent without its line end`(_ contents: String) async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let credential = credential([:], MemoryFiles(["/secret": contents]), http)
        #expect(credential.configuration == .configured(by: "PASSGRES_CLIENT_SECRET_FILE"))
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(http.requests.first?.sentField("client_secret") == "hush~1")
        #expect(!everythingShown(of: credential).contains("hush"))
    }

    @Test func `is read anew for every token`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let files = MemoryFiles(["/secret": "hush-1"])
        let credential = credential([:], files, http)
        _ = try await credential.token(for: TokenRequest(scope))
        files["/secret"] = "hush-2"
        _ = try await credential.token(for: TokenRequest(scope))
        #expect(http.requests.map { $0.sentField("client_secret") } == ["hush-1", "hush-2"])
    }

    @Test func `is named in what Entra has against it`() async {
        let refusal = HTTPResponse.text(#"{"error":"invalid_client","error_codes":[7000222]}"#, status: 401)
        let error = await failure(
            of: credential([:], MemoryFiles(["/secret": "hush"]), ScriptedTransport(.success(refusal))))
        #expect(error?.diagnosis?.remedy?.contains("the file /secret that PASSGRES_CLIENT_SECRET_FILE names") == true)
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test(arguments: [
        (nil, "there is no file /secret"), ("", "the client secret is empty"), ("\n", "the client secret is empty"),
    ])
    func `that holds none is named`(_ contents: String?, _ words: String) async {
        let error = await failure(of: credential([:], MemoryFiles(contents.map { ["/secret": $0] } ?? [:])))
        #expect(error?.isFailed == true)
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem.contains(words) == true)
        #expect(error?.diagnosis?.remedy?.contains("PASSGRES_CLIENT_SECRET_FILE") == true)
    }

    @Test func `that is longer than any secret is not read`() async {
        let files = MemoryFiles(["/secret": String(repeating: "x", count: 65_537)])
        #expect(
            await failure(of: credential([:], files))?.diagnosis?.problem.contains("longer than 65536 bytes") == true)
    }

    @Test func `that is no ordinary file is refused`() async throws {
        for path in ["/dev/null", "/dev/zero", "/tmp"] {
            let error = await failure(of: credential(["PASSGRES_CLIENT_SECRET_FILE": path], LocalFiles()))
            #expect(error?.diagnosis?.kind == .misconfigured)
            #expect(error?.diagnosis?.problem.contains(path) == true)
        }
    }

    @Test(arguments: ["AZURE_CLIENT_SECRET", "PASSGRES_CLIENT_SECRET_NAME"])
    func `is refused beside another place for it`(_ other: String) async {
        let credential = credential([other: "hush"], MemoryFiles(["/secret": "hush"]))
        let error = await failure(of: credential)
        #expect(error?.diagnosis?.kind == .misconfigured)
        for name in [other, "PASSGRES_CLIENT_SECRET_FILE"] { #expect(error?.diagnosis?.problem.contains(name) == true) }
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }

    @Test func `needs tenant and client too, and goes before a certificate`() async {
        let missing = await failure(of: credential(["AZURE_TENANT_ID": nil], MemoryFiles(["/secret": "hush"])))
        #expect(
            missing?.diagnosis?.problem
                == "AZURE_CLIENT_ID and PASSGRES_CLIENT_SECRET_FILE are set, and AZURE_TENANT_ID is not")
        #expect(
            credential(["AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem"], MemoryFiles()).configuration
                == .configured(
                    by: "PASSGRES_CLIENT_SECRET_FILE (set as well and not used: AZURE_CLIENT_CERTIFICATE_PATH)"))
    }
}
