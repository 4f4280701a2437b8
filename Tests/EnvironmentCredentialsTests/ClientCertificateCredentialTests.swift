import CredentialHTTP
import CredentialTesting
import EnvironmentCredentials
import Foundation
import Testing
import TokenCredentials

/// The parts of a JSON Web Token, decoded by nothing of ours.
private struct DecodedToken {
    let header: [String: Any]
    let payload: [String: Any]
    let signed: String
    let signature: [UInt8]

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
        else { return nil }
        func bytes(_ part: String) -> Data? {
            let standard = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
        }
        func object(_ part: String) -> [String: Any]? {
            bytes(part).flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
        }
        guard let header = object(parts[0]), let payload = object(parts[1]), let signature = bytes(parts[2]) else {
            return nil
        }
        self.header = header
        self.payload = payload
        self.signature = Array(signature)
        signed = "\(parts[0]).\(parts[1])"
    }
}

@Suite struct `The client certificate credential` {
    private static let keys = KeyFiles.shared
    private static let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
    private static let thumbprint = keys.text("sha1").trimmingCharacters(in: .newlines)
    private static let endpoint = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"

    /// An hour from now: within the life of the certificates made for these tests.
    private let clock = ManualClock(now: Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded() + 3600))

    private func credential(
        _ http: ScriptedTransport, _ source: CertificateSource = .contents(keys["ca.pem", "leaf.pem", "key.pem"]),
        password: String? = nil, sending: CertificateSending = .thumbprint, signature: AssertionSignature = .ps256,
        files: MemoryFiles = MemoryFiles(), clock: ManualClock? = nil
    ) -> ClientCertificateCredential {
        ClientCertificateCredential(
            tenant: "contoso.example", clientID: client, certificate: source, password: password, sending: sending,
            signature: signature, files: files, http: http, clock: clock ?? self.clock)
    }

    @Test func `proves itself with an assertion that others can verify`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let token = try await credential(http).token(for: TokenRequest(scope))
        #expect(token.secret == "eyJ0.eyJ1.c2ln")
        let sent = try #require(http.requests.first)
        #expect(sent.url == Self.endpoint)
        let text = try #require(sent.sentField("client_assertion"))
        #expect(
            sent.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=\(text)",
            ])
        let assertion = try #require(DecodedToken(text))
        #expect(Set(assertion.header.keys) == ["alg", "typ", "x5t#S256"])
        #expect(assertion.header["alg"] as? String == "PS256")
        #expect(assertion.header["typ"] as? String == "JWT")
        let thumbprint = try #require(assertion.header["x5t#S256"] as? String)
        #expect(thumbprint.count == 43)
        let digest = try #require(
            Data(
                base64Encoded: thumbprint.replacingOccurrences(of: "-", with: "+")
                    .replacingOccurrences(of: "_", with: "/") + "="))
        #expect(digest.map { String(format: "%02X", $0) }.joined() + "\n" == Self.keys.text("sha256"))
        let now = Int(clock.now.timeIntervalSince1970)
        #expect(Set(assertion.payload.keys) == ["aud", "iss", "sub", "jti", "iat", "nbf", "exp"])
        #expect(assertion.payload["aud"] as? String == Self.endpoint)
        #expect(assertion.payload["iss"] as? String == client)
        #expect(assertion.payload["sub"] as? String == client)
        #expect(UUID(uuidString: assertion.payload["jti"] as? String ?? "") != nil)
        #expect(assertion.payload["iat"] as? Int == now)
        #expect(assertion.payload["nbf"] as? Int == now)
        #expect(assertion.payload["exp"] as? Int == now + 600)
        #expect(Self.keys.verifies(assertion.signature, of: assertion.signed, Self.pss))
        #expect(!Self.keys.verifies(assertion.signature, of: assertion.signed + "x", Self.pss))
        #expect(!Self.keys.verifies(assertion.signature, of: assertion.signed, []))
    }

    @Test func `signs anew for every token`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let credential = credential(http)
        for _ in 0..<2 { _ = try await credential.token(for: TokenRequest(scope)) }
        let identifiers = http.requests.compactMap { request in
            request.sentField("client_assertion").flatMap { DecodedToken($0)?.payload["jti"] as? String }
        }
        #expect(Set(identifiers).count == 2)
    }

    @Test func `makes an assertion for somebody else's request, and asks nobody`() async throws {
        let http = ScriptedTransport()
        let text = try await credential(http).clientAssertion(for: TokenRequest(scope))
        let assertion = try #require(DecodedToken(text))
        #expect(assertion.payload["aud"] as? String == Self.endpoint)
        #expect(Self.keys.verifies(assertion.signature, of: assertion.signed, Self.pss))
        #expect(http.requests.isEmpty)
    }

    @Test func `signs for the tenant a request names`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        let credential = ClientCertificateCredential(
            tenant: "contoso.example", clientID: client, certificate: .contents(Self.keys["aes.pfx"]),
            password: KeyFiles.password, additionallyAllowedTenants: ["*"], http: http, clock: clock)
        _ = try await credential.token(for: TokenRequest(scope, tenant: "fabrikam.example"))
        let sent = try #require(http.requests.first)
        let assertion = try #require(sent.sentField("client_assertion").flatMap { DecodedToken($0) })
        #expect(sent.url == "https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/token")
        #expect(assertion.payload["aud"] as? String == sent.url)
    }

    @Test(
        arguments: [
            (CertificateSource.contents(keys["ca.pem", "key.pem", "leaf.pem"]), nil),
            (.contents(keys["aes.pfx"]), KeyFiles.password),
        ] as [(CertificateSource, String?)])
    func `sends the chain where asked, its own certificate first`(_ source: CertificateSource, password: String?)
        async throws
    {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(http, source, password: password, sending: .chain).token(for: TokenRequest(scope))
        let assertion = try #require(http.requests.first?.sentField("client_assertion").flatMap { DecodedToken($0) })
        #expect(
            assertion.header["x5c"] as? [String] == [
                Data(Self.keys["leaf.der"]).base64EncodedString(), Data(Self.keys["ca.der"]).base64EncodedString(),
            ])
    }

    @Test func `signs in the old way where asked`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(http, signature: .rs256).token(for: TokenRequest(scope))
        let assertion = try #require(http.requests.first?.sentField("client_assertion").flatMap { DecodedToken($0) })
        #expect(Set(assertion.header.keys) == ["alg", "typ", "x5t"])
        #expect(assertion.header["alg"] as? String == "RS256")
        #expect((assertion.header["x5t"] as? String)?.count == 27)
        #expect(Self.keys.verifies(assertion.signature, of: assertion.signed, []))
    }

    @Test(arguments: [(-30.0, "is not valid yet"), (30.0, "has expired")])
    func `names the days of a certificate that is not valid today`(_ days: Double, words: String) async throws {
        let http = ScriptedTransport()
        let clock = ManualClock(now: Date.now.addingTimeInterval(days * 86_400))
        let error = await failure(of: credential(http, .file("/c.pem"), files: files(), clock: clock))
        let diagnosis = try #require(error?.diagnosis)
        #expect(error?.isFailed == true)
        #expect(diagnosis.kind == .refused)
        #expect(diagnosis.problem.hasPrefix("the certificate in /c.pem \(words): it is valid from 20"))
        #expect(diagnosis.problem.split(separator: "Z").count >= 2)
        #expect(diagnosis.facts.contains(.init("certificate thumbprint", Self.thumbprint)))
        #expect(http.requests.isEmpty)
    }

    private func files() -> MemoryFiles {
        MemoryFiles(["/c.pem": String(decoding: Self.keys["leaf.pem", "key.pem"], as: UTF8.self)])
    }

    @Test func `reads its file anew for every token`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)), .success(.text(goodReply)))
        let files = files()
        let credential = credential(http, .file("/c.pem"), files: files)
        _ = try await credential.token(for: TokenRequest(scope))
        files["/c.pem"] = Self.keys.text("leaf.pem")
        #expect(await failure(of: credential)?.diagnosis?.problem == "/c.pem holds no private key")
    }

    @Test(arguments: [
        (FileError.Reason?.none, "No such file"), (.notARegularFile, "not a regular file"),
        (.system(errno: 13), "Permission denied"), (.tooLarge(limit: 262_144), "longer than 262144 bytes"),
    ])
    func `says why its file cannot be read`(_ fault: FileError.Reason?, words: String) async {
        let files = MemoryFiles()
        if let fault { files.setFault(fault, at: "/c.pem") }
        let error = await failure(of: credential(ScriptedTransport(), .file("/c.pem"), files: files))
        #expect(error?.isFailed == true)
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(error?.diagnosis?.problem.contains("/c.pem") == true)
        #expect(error?.diagnosis?.problem.contains(words) == true)
    }

    @Test func `shows the thumbprint and nothing secret when Entra refuses it`() async throws {
        let http = ScriptedTransport(
            .success(.text(#"{"error":"invalid_client","error_codes":[700027]}"#, status: 401)))
        let credential = credential(
            http, .contents(Self.keys["leaf.pem", "pkcs8-encrypted.pem"]), password: KeyFiles.password)
        let error = await failure(of: credential)
        let diagnosis = try #require(error?.diagnosis)
        #expect(diagnosis.problem.contains("not registered"))
        #expect(diagnosis.facts.contains(.init("certificate thumbprint", Self.thumbprint)))
        let assertion = try #require(http.requests.first?.sentField("client_assertion"))
        let key = Self.keys.text("pkcs8-encrypted.pem").split(separator: "\n")[1]
        for shown in [everythingShown(of: diagnosis), everythingShown(of: credential)] {
            for secret in [KeyFiles.password, assertion, String(key)] { #expect(!shown.contains(secret)) }
        }
    }

    @Test(arguments: ["1", "true", "TRUE", "0", "false", "yes"])
    func `is made by the environment`(_ chain: String) async throws {
        let files = MemoryFiles([
            "/c.pem": String(decoding: Self.keys["ca.pem", "leaf.pem", "pkcs8-encrypted.pem"], as: UTF8.self)
        ])
        let variables = [
            "AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": client, "AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem",
            "AZURE_CLIENT_CERTIFICATE_PASSWORD": KeyFiles.password, "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN": chain,
        ]
        let http = ScriptedTransport(.success(.text(goodReply)))
        let credential = EnvironmentCredential(
            environment: ProcessEnvironment(variables), files: files, http: http, clock: clock)
        #expect(credential.configuration == .configured(by: "AZURE_CLIENT_CERTIFICATE_PATH"))
        _ = try await credential.token(for: TokenRequest(scope))
        let assertion = try #require(http.requests.first?.sentField("client_assertion").flatMap { DecodedToken($0) })
        #expect((assertion.header["x5c"] != nil) == ["1", "true", "TRUE"].contains(chain))
        var wrong = variables
        wrong["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = "hush-wrong"
        let error = await failure(
            of: EnvironmentCredential(
                environment: ProcessEnvironment(wrong), files: files, http: ScriptedTransport(), clock: clock))
        #expect(error?.diagnosis?.problem == "the password does not open /c.pem")
        #expect(error?.diagnosis?.remedy == "Correct AZURE_CLIENT_CERTIFICATE_PASSWORD.")
        #expect(!everythingShown(of: error as Any).contains("hush"))
    }
}

@Suite struct `The client assertion credential` {
    private func credential(
        _ http: ScriptedTransport, _ assertion: @escaping @Sendable () async throws -> String
    ) -> ClientAssertionCredential {
        ClientAssertionCredential(
            tenant: "contoso.example", clientID: client, http: http, clock: ManualClock(), assertion: assertion)
    }

    @Test func `sends what the function returns`() async throws {
        let http = ScriptedTransport(.success(.text(goodReply)))
        _ = try await credential(http) { "a.b.c" }.token(for: TokenRequest(scope))
        #expect(
            http.requests.first?.sentForm == [
                "client_id=\(client)", "scope=\(scope)", "grant_type=client_credentials",
                "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion=a.b.c",
            ])
    }

    @Test(arguments: ["", "a.b.c\n", "a b", "a\0b"])
    func `sends nothing that cannot be an assertion`(_ text: String) async {
        let http = ScriptedTransport()
        let error = await failure(of: credential(http) { text })
        #expect(error?.diagnosis?.kind == .misconfigured)
        #expect(http.requests.isEmpty)
    }

    private struct Trouble: Error, CustomStringConvertible {
        let description = "hush-hush"
    }

    @Test func `gives the function's error the shape of a credential's`() async {
        let failed = await failure(of: credential(ScriptedTransport()) { throw Trouble() })
        #expect(failed?.isFailed == true)
        #expect(failed?.diagnosis?.problem == "making the client assertion did not work: Trouble")
        #expect(failed?.diagnosis.map { "\($0)".contains("hush") } == false)
        let passed = await failure(
            of: credential(ScriptedTransport()) { throw CredentialError.unavailable("no vault") })
        #expect(passed?.isUnavailable == true)
        let cancelled = await failure(of: credential(ScriptedTransport()) { throw CancellationError() })
        if case .cancelled? = cancelled {} else { Issue.record("\(String(describing: cancelled))") }
    }
}
