import AzureCLICredentials
import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A token of the Azure CLI` {
    let clock = ManualClock()
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        try scratch.write("{}", to: "azureProfile.json")
        try scratch.write("{}", to: "msal_token_cache.json")
    }

    func credential(_ commands: ScriptedRunner) -> AzureCLICredential {
        AzureCLICredential(environment: ["AZURE_CONFIG_DIR": scratch.path], commands: commands, clock: clock)
    }

    @Test func `is kept until it nears its end, so that az is started once an hour`() async throws {
        let commands = ScriptedRunner.azPrintingTokens(2, until: clock)
        let credential = credential(commands)
        for _ in 0..<100 { #expect(try await credential.token(for: .sample).secret == "token-1") }
        // az hands out the same token up to five minutes before its end: asking earlier would be vain.
        clock.advance(by: .seconds(3310))
        #expect(try await credential.token(for: .sample).secret == "token-1")
        #expect(commands.commands.count == 1)
        clock.advance(by: .seconds(270))
        #expect(try await credential.token(for: .sample).secret == "token-2")
        #expect(commands.commands.count == 2)
    }

    @Test func `is fetched once for a hundred callers at a time`() async throws {
        let commands = ScriptedRunner.azPrintingTokens(1, until: clock)
        let credential = credential(commands)
        let secrets = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 { group.addTask { try await credential.token(for: .sample).secret } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(secrets == ["token-1"])
        #expect(commands.commands.count == 1)
    }

    @Test(arguments: ["azureProfile.json", "msal_token_cache.json", "msal_token_cache.bin", "clouds.config"])
    func `is forgotten when somebody signs in or changes the account`(_ file: String) async throws {
        let commands = ScriptedRunner.azPrintingTokens(2, until: clock)
        let credential = credential(commands)
        #expect(try await credential.token(for: .sample).secret == "token-1")
        try scratch.write(#"{"changed": true}"#, to: file)
        #expect(try await credential.token(for: .sample).secret == "token-2")
        #expect(try await credential.token(for: .sample).secret == "token-2")
        #expect(commands.commands.count == 2)
    }

    @Test func `is forgotten on request, through the cache round a chain`() async throws {
        let commands = ScriptedRunner.azPrintingTokens(2, until: clock)
        let cache = CachedCredential(CredentialChain(credential(commands)), clock: clock)
        for _ in 0..<3 { #expect(try await cache.token(for: .sample).secret == "token-1") }
        await cache.forgetToken(for: .sample)
        #expect(try await cache.token(for: .sample).secret == "token-2")
        #expect(commands.commands.count == 2)
    }

    @Test func `is forgotten when somebody signs out`() async throws {
        let commands = ScriptedRunner.az(
            .success(CommandOutput(reply())),
            .success(CommandOutput("", errorOutput: "Please run 'az login' to setup account.", status: 1)))
        let credential = credential(commands)
        #expect(try await credential.token(for: .sample).secret == "token-1")
        try scratch.write("{ }", to: "azureProfile.json")
        #expect(await failure(of: credential)?.kind == "unavailable")
    }

    @Test func `is kept although az writes its own cache while it runs`() async throws {
        let scratch = scratch
        @Sendable func renew(_ command: Command) async throws(CommandError) -> CommandOutput {
            _ = try? scratch.write(#"{"AccessToken": {}}"#, to: "msal_token_cache.json")
            return CommandOutput(reply())
        }
        let commands = ScriptedRunner(programs: ["az": "/usr/bin/az"], answers: [renew])
        let credential = credential(commands)
        for _ in 0..<3 { #expect(try await credential.token(for: .sample).secret == "token-1") }
        #expect(commands.commands.count == 1)
    }

    @Test func `is asked for again if somebody signed in while az ran`() async throws {
        let scratch = scratch
        @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
            _ = try? scratch.write("{  }", to: "azureProfile.json")
            return CommandOutput(reply("former-user"))
        }
        @Sendable func answerAgain(_ command: Command) async throws(CommandError) -> CommandOutput {
            CommandOutput(reply("new-user"))
        }
        let commands = ScriptedRunner(programs: ["az": "/usr/bin/az"], answers: [answer, answerAgain])
        #expect(try await credential(commands).token(for: .sample).secret == "new-user")
        #expect(commands.commands.count == 2)
    }

    @Test func `is kept apart from those of other resources and tenants`() async throws {
        let commands = ScriptedRunner.azPrintingTokens(3, until: clock)
        let credential = credential(commands)
        var other = TokenRequest.sample
        other.tenant = "t"
        #expect(try await credential.token(for: .sample).secret == "token-1")
        #expect(try await credential.token(for: other).secret == "token-2")
        #expect(try await credential.token(for: TokenRequest("https://other")).secret == "token-3")
        #expect(try await credential.token(for: .sample).secret == "token-1")
    }

    @Test func `is not kept when there is none`() async throws {
        let commands = ScriptedRunner.az(.failure(.timedOut(after: .seconds(20))), .success(CommandOutput(reply())))
        let credential = credential(commands)
        #expect(await failure(of: credential)?.kind == "failed")
        #expect(try await credential.token(for: .sample).secret == "token-1")
    }
}
