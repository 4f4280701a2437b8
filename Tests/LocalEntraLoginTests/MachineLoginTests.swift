import CredentialHTTP
import CredentialTesting
import LocalEntra
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `A managed identity signs in for real` {
    private static let identities: [(ManagedIdentity?, String)] = [
        (nil, Login.machine.objectID), (.systemAssigned, Login.machine.objectID),
        (.clientID(Login.assigned.clientID), Login.assigned.objectID),
        (.objectID(Login.assigned.objectID), Login.assigned.objectID),
        (.resourceID(Login.assigned.resourceID), Login.assigned.objectID),
    ]

    private func credential(
        _ login: Login, _ host: Endpoint, _ identity: ManagedIdentity? = nil, more: [String: String] = [:]
    ) -> ManagedIdentityCredential {
        ManagedIdentityCredential(
            identity, environment: ProcessEnvironment(login.cloud.environment(of: host).merging(more) { $1 }),
            files: MemoryFiles(), http: login.http, clock: login.clock, patience: .probing(.seconds(5)),
            keys: LocalKeyDirectory(login.directory.path))
    }

    @Test(arguments: [Endpoint.imds, .appService, .arc])
    func `by every kind of id`(_ host: Endpoint) async throws {
        try await Login.with { login in
            for (identity, owner) in Self.identities {
                await login.expect(credential(login, host, identity), owner)
            }
            let named = credential(login, host, more: ["AZURE_CLIENT_ID": Login.assigned.clientID])
            await login.expect(named, Login.assigned.objectID)
        }
    }

    @Test func `on Azure Machine Learning and the older App Service, by client id or none`() async throws {
        try await Login.with { login in
            await login.expect(credential(login, .machineLearning), Login.machine.objectID)
            let named = credential(login, .machineLearning, .clientID(Login.assigned.clientID))
            await login.expect(named, Login.assigned.objectID)
            let usual = credential(
                login, .machineLearning, more: ["DEFAULT_IDENTITY_CLIENT_ID": Login.assigned.clientID])
            await login.expect(usual, Login.assigned.objectID)
        }
    }

    @Test func `in Cloud Shell, as the person`() async throws {
        try await Login.with { login in
            await login.expect(credential(login, .cloudShell), Login.person.objectID)
        }
    }

    @Test func `on Service Fabric, and only with the certificate that was named`() async throws {
        try await Login.with { login in
            await login.expect(credential(login, .serviceFabric), Login.machine.objectID)
            let other = credential(
                login, .serviceFabric,
                more: ["IDENTITY_SERVER_THUMBPRINT": "00112233445566778899aabbccddeeff00112233"])
            #expect(await login.failure(other)?.diagnosis?.kind == .misconfigured)
            #expect(login.cloud.requests(to: .serviceFabric).count == 1)
        }
    }

    @Test(arguments: [Endpoint.appService, .machineLearning, .serviceFabric])
    func `with the header's secret and not without`(_ host: Endpoint) async throws {
        try await Login.with { login in
            let wrong = credential(
                login, host,
                more: ["IDENTITY_HEADER": "wrong", "MSI_SECRET": "wrong"].filter {
                    login.cloud.environment(of: host)[$0.key] != nil
                })
            guard case .failed(let diagnosis)? = await login.failure(wrong) else {
                return #expect(Bool(false), "no failure")
            }
            #expect(diagnosis.kind == .refused)
        }
    }

    @Test(arguments: [Endpoint.imds, .appService, .arc, .machineLearning])
    func `and is told of an identity that is not there`(_ host: Endpoint) async throws {
        try await Login.with { login in
            let other = credential(login, host, .clientID("7e57ab1e-0000-4000-8000-0000000000ff"))
            switch (host, await login.failure(other)) {
            // Only IMDS tells "no such identity" from any other refusal; the others were named by a variable.
            case (.imds, .unavailable?), (.appService, .failed?), (.arc, .failed?), (.machineLearning, .failed?): break
            case (_, let other): #expect(Bool(false), "\(other?.description ?? "a token")")
            }
        }
    }

    @Test func `after the metadata service was away for an update`() async throws {
        try await Login.with { login in
            let patient = credential(login, .imds)
            // The first request only asks whether anybody is there.
            login.cloud.inject(.reply(status: 410), at: .imds, times: 3)
            await login.expect(patient, Login.machine.objectID)
            #expect(login.cloud.requests(to: .imds).count == 4)
            #expect(login.pauses == [2, 4])
        }
    }

    @Test func `and takes no web page, no stale date and no endless reply for a token`() async throws {
        try await Login.with { login in
            let credential = credential(login, .imds)
            await login.expect(credential, Login.machine.objectID)
            for fault in [Fault.page, .redirect(to: "http://127.0.0.1:1/"), .oversized(bytes: 200 << 20)] {
                login.cloud.inject(fault, at: .imds)
                guard case .unavailable? = await login.failure(credential) else {
                    #expect(Bool(false), "\(fault)")
                    continue
                }
            }
            login.cloud.inject(.staleExpiry, at: .imds)
            let stale = await login.failure(credential)
            #expect(stale?.diagnosis?.problem.contains("stale date") == true)
        }
    }
}
