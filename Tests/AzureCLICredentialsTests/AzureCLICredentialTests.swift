import AzureCLICredentials
import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `The Azure CLI credential` {
    let clock = ManualClock()

    func credential(
        _ commands: ScriptedRunner, tenant: String? = nil, subscription: String? = nil,
        environment: ProcessEnvironment = ["HOME": "/nonexistent", "PATH": "/usr/bin"]
    ) -> AzureCLICredential {
        AzureCLICredential(
            tenant: tenant, subscription: subscription, environment: environment, commands: commands, clock: clock)
    }

    func arguments(
        tenant: String? = nil, subscription: String? = nil, _ request: TokenRequest = .sample
    ) async throws -> [String] {
        let commands = ScriptedRunner.az(.success(CommandOutput(reply())))
        _ = try await credential(commands, tenant: tenant, subscription: subscription).token(for: request)
        return try #require(commands.commands.first).arguments
    }

    @Test func `is called azure-cli`() {
        #expect(credential(.az()).name == "azure-cli")
    }

    @Test func `returns the token az prints, and its end`() async throws {
        let token = try await credential(.az(.success(CommandOutput(reply())))).token(for: .sample)
        #expect(token.secret == "token-1")
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
    }

    @Test func `asks for the resource that the scope names`() async throws {
        let base = ["account", "get-access-token", "--output", "json", "--resource"]
        let postgres = base + ["https://ossrdbms-aad.database.windows.net"]
        #expect(try await arguments() == postgres)
        #expect(try await arguments(TokenRequest("https://x.example//.default")) == base + ["https://x.example/"])
        #expect(try await arguments(TokenRequest("api://1234")) == base + ["api://1234"])
        #expect(try await arguments(tenant: "contoso.example") == postgres + ["--tenant", "contoso.example"])
        #expect(try await arguments(subscription: "My sub_1.0") == postgres + ["--subscription", "My sub_1.0"])
        var request = TokenRequest.sample
        request.tenant = "other"
        #expect(try await arguments(tenant: "contoso.example", request) == postgres + ["--tenant", "other"])
    }

    @Test func `asks for no other tenant than its own where a variable forbids it`() async throws {
        for (tenant, expected) in [("contoso.example", ["--tenant", "contoso.example"]), (nil, [])] {
            let commands = ScriptedRunner.az(.success(CommandOutput(reply())))
            let credential = AzureCLICredential(
                tenant: tenant, environment: ["HOME": "/h", "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH": "true"],
                commands: commands, clock: ManualClock())
            var request = TokenRequest.sample
            request.tenant = "other"
            _ = try await credential.token(for: request)
            #expect(commands.commands.first?.arguments.dropFirst(6) == expected[...])
        }
    }

    @Test func `starts az plainly, with the user's variables but for secrets`() async throws {
        let commands = ScriptedRunner.az(.success(CommandOutput(reply())))
        let environment: ProcessEnvironment = [
            "HOME": "/home/u", "AZURE_CONFIG_DIR": "/c", "HTTPS_PROXY": "http://p", "PGPASSWORD": "s3cr3t",
            "AZURE_CLIENT_SECRET": "s3cr3t", "AZURE_PASSWORD": "s3cr3t", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "s3cr3t",
            "SYSTEM_ACCESSTOKEN": "s3cr3t",
        ]
        _ = try await credential(commands, environment: environment).token(for: .sample)
        let command = try #require(commands.commands.first)
        #expect(command.program == "/usr/bin/az")
        #expect(command.input == nil)
        #expect(command.timeLimit == .seconds(20))
        #expect(command.outputLimit == 1_048_576)
        #expect(command.errorOutput == .kept)
        var variables = command.variables
        #expect(variables.removeValue(forKey: "TZ") == LocalTime.zone)
        #expect(
            variables == [
                "HOME": "/home/u", "AZURE_CONFIG_DIR": "/c", "HTTPS_PROXY": "http://p",
                "PATH": "/usr/local/bin:/usr/bin:/bin", "AZURE_CORE_NO_COLOR": "true",
                "AZURE_CORE_COLLECT_TELEMETRY": "false",
            ])
    }

    @Test(
        arguments: [
            ("https://a b", nil, nil), ("https://a;id", nil, nil), ("--debug", nil, nil), ("a\nb", nil, nil),
            ("$(id)", nil, nil),
            ("", nil, nil), ("https://ok", "../../x", nil), ("https://ok", "-x", nil), ("https://ok", "a b", nil),
            ("https://ok", nil, "a;b"), ("https://ok", nil, "--x"), ("https://ok", nil, "a\0"),
            ("https://ok", "t", "s"),
            (String(repeating: "a", count: 3000), nil, nil),
        ] as [(String, String?, String?)])
    func `starts nothing with an unsafe argument`(_ scope: String, _ tenant: String?, _ subscription: String?)
        async throws
    {
        let commands = ScriptedRunner.az()
        let failure = try #require(
            await failure(
                of: credential(commands, tenant: tenant, subscription: subscription), for: TokenRequest(scope)))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .misconfigured)
        #expect(failure.diagnosis.remedy != nil)
        #expect(commands.commands.isEmpty)
    }

    @Test func `asks for one resource at a time`() async throws {
        let commands = ScriptedRunner.az()
        let failure = try #require(await failure(of: credential(commands), for: TokenRequest("https://a", "https://b")))
        #expect(failure.kind == "failed")
        #expect(commands.commands.isEmpty)
    }

    @Test func `answers a demand for claims with the sign-in that meets it`() async throws {
        let commands = ScriptedRunner.az()
        var request = TokenRequest.sample
        request.claims = #"{"access_token":{"nbf":{"essential":true}}}"#
        let failure = try #require(await failure(of: credential(commands, tenant: "t"), for: request))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .signInNeeded)
        let challenge = Data(#"{"access_token":{"nbf":{"essential":true}}}"#.utf8).base64EncodedString()
        #expect(
            failure.diagnosis.remedy
                == "Run az login --tenant t --scope https://ossrdbms-aad.database.windows.net/.default"
                + " --claims-challenge \(challenge) (Azure CLI 2.76.0 or later).")
        request.claims = String(repeating: "x", count: 70_000)
        let long = try #require(await AzureCLICredentialsTests.failure(of: credential(commands), for: request))
        #expect(shown(long.diagnosis).utf8.count < 10_000)
        #expect(commands.commands.isEmpty)
    }

    @Test func `is unavailable where az is not installed`() async throws {
        let credential = credential(ScriptedRunner(programs: [:]))
        let failure = try #require(await failure(of: credential))
        #expect(failure.kind == "unavailable")
        #expect(failure.diagnosis.problem == "the Azure CLI (az) is not on the PATH")
        #expect(failure.diagnosis.remedy == "Install the Azure CLI and run az login, or use another credential.")
        #expect(credential.configuration == .notConfigured("the Azure CLI (az) is not on the PATH"))
    }

    @Test func `is configured by the program that was found`() {
        #expect(credential(.az()).configuration == .configured(by: "/usr/bin/az"))
    }

    @Test(arguments: [
        (CommandError.timedOut(after: .seconds(20)), Diagnosis.Kind.temporary, "did not finish within 20 seconds"),
        (.outputTooLong(limit: 1_048_576), .misconfigured, "wrote more than 1048576 bytes"),
        (.notStarted("Exec format error"), .misconfigured, "could not be started: Exec format error"),
        (.interrupted("x"), .temporary, "could not be followed to its end"),
    ])
    func `fails where az is there and does not run to its end`(
        _ error: CommandError, _ kind: Diagnosis.Kind, _ words: String
    ) async throws {
        let failure = try #require(await failure(of: credential(.az(.failure(error)))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == kind)
        #expect(failure.diagnosis.problem.contains(words))
        #expect((failure.diagnosis.retryAfter != nil) == (kind == .temporary))
    }

    @Test func `is cancelled when its run is`() async throws {
        let (runs, begun) = AsyncStream.makeStream(of: Void.self)
        @Sendable func wait(_ command: Command) async throws(CommandError) -> CommandOutput {
            begun.yield()
            try? await Task.sleep(for: .seconds(600))
            throw .cancelled
        }
        let commands = ScriptedRunner(programs: ["az": "/usr/bin/az"], answers: [wait])
        let credential = credential(commands)
        let task = Task { await AzureCLICredentialsTests.failure(of: credential)?.kind }
        for await _ in runs { break }
        task.cancel()
        #expect(await task.value == "cancelled")
    }
}
