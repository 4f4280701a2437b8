import CredentialTesting
import EnvironmentCredentials
import FoundationEssentials
import LocalEntra
import OnBehalfOfCredentials
import Testing
import TokenCredentials
import WorkloadIdentityCredentials

@Suite struct `An application signs in for real` {
    @Test func `with a secret`() async throws {
        try await Login.with { login in
            let credential = EnvironmentCredential(
                environment: login.environment(["AZURE_CLIENT_SECRET": Login.secret]), http: login.http,
                clock: login.clock)
            await login.expect(credential, Login.applicationObject)
            let wrong = EnvironmentCredential(
                environment: login.environment(["AZURE_CLIENT_SECRET": "wrong"]), http: login.http, clock: login.clock)
            let error = await login.failure(wrong)
            #expect(error?.diagnosis?.problem.hasSuffix("is wrong (AADSTS7000215)") == true)
        }
    }

    @Test(arguments: [CertificateSending.thumbprint, .chain], [AssertionSignature.ps256, .rs256])
    func `with a certificate`(_ sending: CertificateSending, _ signature: AssertionSignature) async throws {
        try await Login.with { login in
            let certified = try Login.certified.get()
            let credential = ClientCertificateCredential(
                tenant: Login.tenant, clientID: Login.application,
                certificate: .contents(Array((certified.privateKeyPEM.value + certified.certificatePEM).utf8)),
                sending: sending, signature: signature, authority: try login.authority, http: login.http,
                clock: login.clock)
            await login.expect(credential, Login.applicationObject)
            // A new assertion each time: the stand-in turns down one that it has seen.
            await login.expect(credential, Login.applicationObject)
        }
    }

    @Test func `with a certificate in a file, and not with one that is not registered`() async throws {
        try await Login.with { login in
            let certified = try Login.certified.get()
            let path = try login.directory.write(
                certified.certificatePEM + certified.privateKeyPEM.value, to: "app.pem")
            let credential = EnvironmentCredential(
                environment: login.environment(["AZURE_CLIENT_CERTIFICATE_PATH": path]), http: login.http,
                clock: login.clock)
            await login.expect(credential, Login.applicationObject)
            let other = try CertifiedKey.forClient(named: "somebody else")
            try login.directory.write(other.certificatePEM + other.privateKeyPEM.value, to: "app.pem")
            let error = await login.failure(credential)
            #expect(error?.diagnosis?.facts.contains(.init("error code", "AADSTS700027")) == true)
        }
    }

    @Test func `with a token that its platform keeps in a file`() async throws {
        try await Login.with { login in
            let token = try login.cloud.issueFederatedToken(issuer: Login.issuer, subject: Login.subject)
            let path = try login.directory.write(token + "\n", to: "token")
            let credential = WorkloadIdentityCredential(
                environment: login.environment(["AZURE_FEDERATED_TOKEN_FILE": path]), http: login.http,
                clock: login.clock)
            await login.expect(credential, Login.applicationObject)
            // Kubernetes keeps a token for an hour: it must serve more than once.
            await login.expect(credential, Login.applicationObject)

            try login.directory.write(
                try login.cloud.issueFederatedToken(
                    issuer: Login.issuer, subject: "system:serviceaccount:orders:other"),
                to: "token")
            let error = await login.failure(credential)
            #expect(error?.diagnosis?.remedy?.contains("--subject 'system:serviceaccount:orders:other'") == true)
        }
    }

    @Test func `with an assertion of its own making, and only for what it was made`() async throws {
        try await Login.with { login in
            let cloud = login.cloud
            let credential = ClientAssertionCredential(
                tenant: Login.tenant, clientID: Login.application, authority: try login.authority, http: login.http,
                clock: login.clock
            ) { try cloud.issueFederatedToken(issuer: Login.issuer, subject: Login.subject) }
            await login.expect(credential, Login.applicationObject)
            let foreign = ClientAssertionCredential(
                tenant: Login.tenant, clientID: Login.application, authority: try login.authority, http: login.http,
                clock: login.clock
            ) { try cloud.issueFederatedToken(issuer: Login.issuer, subject: Login.subject, audience: "api://other") }
            #expect(
                await login.failure(foreign)?.diagnosis?.facts.contains(.init("error code", "AADSTS700212")) == true)
        }
    }

    @Test func `on behalf of the person whose call it answers`() async throws {
        try await Login.with { login in
            let call = try login.cloud.issueToken(
                for: .user(principalName: Login.person.principalName, clientID: Login.publicClient),
                TokenVariation(audience: Login.application))
            let credential = OnBehalfOfCredential(
                userAssertion: call, tenant: Login.tenant, clientID: Login.application, proof: .secret(Login.secret),
                authority: try login.authority, http: login.http, clock: login.clock)
            await login.expect(credential, Login.person.objectID)
            let certified = try Login.certified.get()
            let certificate = ClientCertificateCredential(
                tenant: Login.tenant, clientID: Login.application,
                certificate: .contents(Array((certified.privateKeyPEM.value + certified.certificatePEM).utf8)),
                authority: try login.authority, http: login.http, clock: login.clock)
            let byCertificate = OnBehalfOfCredential(
                userAssertion: call, tenant: Login.tenant, clientID: Login.application,
                proof: .assertion { try await certificate.clientAssertion(for: $0) },
                authority: try login.authority, http: login.http, clock: login.clock)
            await login.expect(byCertificate, Login.person.objectID)
        }
    }

    @Test func `and is told of a scope that nobody knows`() async throws {
        try await Login.with { login in
            let credential = EnvironmentCredential(
                environment: login.environment(["AZURE_CLIENT_SECRET": Login.secret]), http: login.http,
                clock: login.clock)
            await #expect(throws: CredentialError.self) {
                try await credential.token(for: TokenRequest("https://nobody.example/.default"))
            }
        }
    }

    @Test func `after the service was in trouble`() async throws {
        try await Login.with { login in
            let credential = EnvironmentCredential(
                environment: login.environment(["AZURE_CLIENT_SECRET": Login.secret]), http: login.http,
                clock: login.clock)
            login.cloud.inject(.reply(status: 503), at: .token)
            login.cloud.inject(.throttled(retryAfter: 7), at: .token)
            await login.expect(credential, Login.applicationObject)
            #expect(login.cloud.requests(to: .token).count == 3)
            #expect(login.pauses.last.map { $0 >= 7 } == true)
            login.cloud.inject(.page, at: .token)
            #expect(await login.failure(credential)?.diagnosis?.problem.contains("a web page") == true)
            // A connection that was kept may have been closed meanwhile, so libcurl asks once more on a new one.
            login.cloud.inject(.hangUp, at: .token, times: 2)
            await login.expect(credential, Login.applicationObject)
            login.cloud.inject(.hangUp, at: .token, times: 9)
            #expect(await login.failure(credential)?.diagnosis?.kind == .temporary)
        }
    }
}
