import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `A fault` {
    private static let query = "api-version=2018-02-01&resource=https%3A%2F%2Fossrdbms-aad.database.windows.net"

    private func ask(_ cloud: LocalCloud, _ client: LoopbackClient) async throws -> LoopbackReply {
        try await client.get(
            "\(cloud.metadataAddress)/metadata/identity/oauth2/token?\(Self.query)", headers: ["Metadata": "true"])
    }

    @Test func `takes as many answers as it was told to, in order, at its endpoint only`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            cloud.inject(.throttled(retryAfter: 7), at: .imds, times: 2)
            cloud.inject(.refusal(status: 503, error: "temporarily_unavailable", number: 90033), at: .imds)
            cloud.inject(.page, at: .token)
            let first = try await ask(cloud, client)
            #expect(first.status == 429)
            #expect(first.headers["retry-after"] == "7")
            let statuses = [
                try await ask(cloud, client).status, try await ask(cloud, client).status,
                try await ask(cloud, client).status,
            ]
            #expect(statuses == [429, 503, 200])
            cloud.removeFaults()
            let reply = try await client.post(cloud.tokenAddress, form: [:])
            #expect(reply.errorNumber == 900144)
        }
    }

    @Test func `of the metadata service is that service's own, unless something else answers in its place`()
        async throws
    {
        try await Sample.withCloud { cloud, client, _ in
            let own = "IMDS/150.870.65.1324"
            var server = try await ask(cloud, client).headers["server"]
            #expect(server == own)
            for fault in [
                Fault.throttled(retryAfter: 7), .reply(status: 500), .refusal(status: 503, error: "x", number: 90033),
            ] {
                cloud.inject(fault, at: .imds)
                server = try await ask(cloud, client).headers["server"]
                #expect(server == own, "\(fault)")
            }
            for fault in [
                Fault.page, .redirect(to: "http://127.0.0.1:1/"), .oversized(bytes: 9),
                .reply(status: 502, headers: [RequestField("Content-Type", "text/html")], body: "<html>"),
            ] {
                cloud.inject(fault, at: .imds)
                server = try await ask(cloud, client).headers["server"]
                #expect(server == nil, "\(fault)")
            }
            cloud.inject(.reply(status: 401, headers: [RequestField("Server", "EC2ws")]), at: .imds)
            server = try await ask(cloud, client).headers["server"]
            #expect(server == "EC2ws")
        }
    }

    @Test func `can be a web page, a redirect or a body of any size`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            cloud.inject(.page, at: .imds)
            let page = try await ask(cloud, client)
            #expect(page.status == 200 && page.text.hasPrefix("<!DOCTYPE html>"))
            cloud.inject(.redirect(to: "http://127.0.0.1:1/"), at: .imds)
            let redirect = try await ask(cloud, client)
            #expect(redirect.status == 302 && redirect.headers["location"] == "http://127.0.0.1:1/")
            cloud.inject(.oversized(bytes: 20_000_001), at: .imds)
            let large = try await ask(cloud, client)
            #expect(large.body.count == 20_000_001)
        }
    }

    @Test func `can put the expiry into the past, in the form it had`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            cloud.inject(.staleExpiry, at: .imds)
            let reply = try await ask(cloud, client)
            #expect(reply.json["expires_on"] == .string("1000000000"))
            #expect(reply.json["expires_in"] == .string("-3600"))
            #expect(reply.json["access_token"] != nil)
        }
    }

    @Test func `can delay the proper answer, or hang up`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            cloud.inject(.delay(.milliseconds(30)), at: .imds)
            let start = ContinuousClock.now
            let late = try await ask(cloud, client)
            #expect(late.status == 200)
            #expect(start.duration(to: .now) >= .milliseconds(30))
            cloud.inject(.hangUp, at: .imds)
            await #expect(throws: (any Error).self) { try await ask(cloud, client) }
            #expect(cloud.requests.count == 2)
        }
    }

    @Test func `can be silence, which ends with the cloud`() async throws {
        let cloud = try await LocalCloud.start(Configuration(tenant: Sample.tenant))
        cloud.inject(.silence, at: .imds)
        let answer = Task { try await ask(cloud, LoopbackClient()) }
        while cloud.requests.isEmpty { await Task.yield() }
        try await cloud.shutdown()
        await #expect(throws: (any Error).self) { try await answer.value }
    }
}

@Suite struct `The record of requests` {
    @Test func `holds everything and shows no secret`() async throws {
        try await Sample.withCloud { cloud, client, clock in
            _ = try await client.post(
                cloud.tokenAddress + "?q=1",
                form: [
                    "client_id": Sample.application.clientID, "client_secret": Sample.secret,
                    "grant_type": "client_credentials", "scope": Sample.scope,
                ], headers: ["Authorization": "Bearer hidden-thing"])
            let request = try #require(cloud.requests(to: .token).first)
            #expect(request.method == "POST")
            #expect(request.path == "/\(cloud.tenant.id)/oauth2/v2.0/token")
            #expect(request.query == [RequestField("q", "1")])
            #expect(request.form.first("client_secret") == Sample.secret)
            #expect(request.header("authorization") == "Bearer hidden-thing")
            #expect(request.receivedAt == clock.now)
            var dumped = ""
            dump(request, to: &dumped)
            dump([Sample.tenant], to: &dumped)
            dump(cloud, to: &dumped)
            for text in ["\(request)", String(reflecting: request), dumped, "\(cloud.requests)", "\(Sample.tenant)"] {
                #expect(!text.contains(Sample.secret))
                #expect(!text.contains("hidden-thing"))
                #expect(!text.contains(Sample.password))
            }
            #expect("\(request)".contains("client_secret=<redacted>"))
            cloud.forgetRequests()
            #expect(cloud.requests.isEmpty)
        }
    }

    @Test func `counts every request of many at once`() async throws {
        try await Sample.withCloud { cloud, client, _ in
            let address = "\(cloud.metadataAddress)/metadata/identity/oauth2/token"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await client.get(address).status } }
                for try await status in group { #expect(status == 400) }
            }
            #expect(cloud.requests(to: .imds).count == 200)
        }
    }
}
