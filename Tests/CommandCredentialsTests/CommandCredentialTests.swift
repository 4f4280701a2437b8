import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A credential program` {
    let scratch: ScratchDirectory
    let clock = ManualClock()

    init() throws {
        scratch = try ScratchDirectory()
    }

    static let request = TokenRequest("https://db.example/.default")
    static let good = #"{"version":1,"token":"t0k3n","expiresOn":1700003600}"#

    func scripted(_ outcomes: Result<CommandOutput, CommandError>...) -> ScriptedRunner {
        ScriptedRunner(
            programs: ["/opt/vault": "/opt/vault"],
            answers: outcomes.map { outcome in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    try outcome.get()
                }
                return answer
            })
    }

    func credential(_ commands: ScriptedRunner) -> CommandCredential {
        CommandCredential(
            environment: ["PASSGRES_CREDENTIAL_COMMAND": "/opt/vault", "PGPASSWORD": "s3cr3t", "VAULT_TOKEN": "v"],
            commands: commands, clock: clock)
    }

    func failure(
        _ credential: CommandCredential, for request: TokenRequest = request
    ) async -> (kind: String, diagnosis: Diagnosis)? {
        do throws(CredentialError) {
            _ = try await credential.token(for: request)
            return nil
        } catch {
            switch error {
            case .unavailable(let diagnosis): return ("unavailable", diagnosis)
            case .failed(let diagnosis): return ("failed", diagnosis)
            case .cancelled: return ("cancelled", "cancelled")
            }
        }
    }

    @Test func `gets the request as JSON and answers with a token`() async throws {
        let reply =
            #"{"version":1,"token":"t0k3n","expiresOn":"2023-11-14T23:13:20Z","refreshOn":1700001800,"user":"api"}"#
        let commands = scripted(.success(CommandOutput(reply)), .success(CommandOutput(Self.good)))
        let credential = credential(commands)
        #expect(credential.name == "command")
        #expect(credential.configuration == .configured(by: "PASSGRES_CREDENTIAL_COMMAND"))
        let token = try await credential.token(for: Self.request)
        #expect(token.secret == "t0k3n")
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
        #expect(token.refreshAt == Date(timeIntervalSince1970: 1_700_001_800))
        #expect(token.user == "api")
        _ = try await credential.token(for: TokenRequest("b", "a", tenant: "t", claims: #"{"x":"é"}"#))
        #expect(
            commands.commands.map(\.input) == [
                #"{"claims":null,"scopes":["https://db.example/.default"],"tenant":null,"version":1}"# + "\n",
                #"{"claims":"{\"x\":\"é\"}","scopes":["a","b"],"tenant":"t","version":1}"# + "\n",
            ])
        let command = try #require(commands.commands.first)
        #expect(command.program == "/opt/vault")
        #expect(command.arguments.isEmpty)
        #expect(command.errorOutput == .shown)
        #expect(command.timeLimit == .seconds(30))
        #expect(command.variables == ["PASSGRES_CREDENTIAL_COMMAND": "/opt/vault", "VAULT_TOKEN": "v"])
    }

    @Test(arguments: [
        ("", "exactly one JSON document"), ("[]", "exactly one JSON document"),
        (good + good, "exactly one JSON document"),
        ("warning\n" + good, "exactly one JSON document"), ("{}", "another version"),
        (#"{"version":2,"token":"s3cr3t","expiresOn":1700003600}"#, "another version"),
        (#"{"version":1,"expiresOn":1700003600}"#, "no token"),
        (#"{"version":1,"token":"","expiresOn":1}"#, "no token"),
        (#"{"version":1,"token":"s3cr3t\n","expiresOn":1700003600}"#, "line break"),
        (#"{"version":1,"token":"s3cr3t"}"#, "until when"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":"soon"}"#, "until when"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":0}"#, "has ended already, at 1970-01-01T00:00:00Z"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":"9999-12-31T23:59:59Z"}"#, "more than a year"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":1700003600,"refreshOn":"x"}"#, "refreshOn"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":1700003600,"user":"a\nb"}"#, "control characters"),
    ])
    func `fails where it breaks the protocol, and is not quoted`(_ reply: String, _ words: String) async throws {
        let failure = try #require(await failure(credential(scripted(.success(CommandOutput(reply))))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem.contains(words), "\(failure.diagnosis)")
        #expect(!"\(failure.diagnosis)".contains("s3cr3t"))
    }

    @Test func `fails where it prints no text`() async throws {
        let output = CommandOutput(ending: .exited(0), output: [0xFF, 0xFE])
        let failure = try #require(await failure(credential(scripted(.success(output)))))
        #expect(failure.diagnosis.problem.hasSuffix("printed bytes that are no text"))
    }

    @Test(
        arguments: [
            (
                69, #"{"version":1,"problem":"no Vault here","remedy":"Set VAULT_ADDR."}"#, "unavailable", nil,
                "no Vault here. Set VAULT_ADDR."
            ),
            (69, "", "unavailable", nil, "the credential program /opt/vault says that it does not apply here"),
            (69, good, "failed", .misconfigured, "yet printed a token"),
            (1, #"{"version":1,"problem":"Vault\nis sealed"}"#, "failed", .refused, "Vault is sealed (exit status: 1)"),
            (1, "garbage s3cr3t", "failed", .refused, "ended with status 1 and did not say why"),
            (1, #"{"token":"s3cr3t","problem":"cannot send s3cr3t"}"#, "failed", .refused, "did not say why"),
            (75, #"{"problem":"busy"}"#, "failed", .temporary, "busy"),
            (127, "", "failed", .misconfigured, "status 127"),
        ] as [(Int32, String, String, Diagnosis.Kind?, String)])
    func `says by its exit status whether it applies`(
        _ status: Int32, _ reply: String, _ kind: String, _ trouble: Diagnosis.Kind?, _ words: String
    ) async throws {
        let failure = try #require(await failure(credential(scripted(.success(CommandOutput(reply, status: status))))))
        #expect(failure.kind == kind)
        #expect(failure.diagnosis.kind == trouble)
        #expect("\(failure.diagnosis)".contains(words), "\(failure.diagnosis)")
        #expect(!"\(failure.diagnosis)".contains("s3cr3t"))
    }

    @Test func `is unavailable where none is configured, and fails where it is missing`() async throws {
        let none = CommandCredential(environment: [:], commands: scripted())
        #expect(await failure(none)?.kind == "unavailable")
        #expect(none.configuration == .notConfigured("PASSGRES_CREDENTIAL_COMMAND is not set"))
        for program in ["/nowhere/x", "missing", "./relative"] {
            let credential = CommandCredential(environment: [
                "PASSGRES_CREDENTIAL_COMMAND": program, "PATH": "/usr/bin",
            ])
            let failure = try #require(await failure(credential))
            #expect(failure.kind == "failed")
            #expect(failure.diagnosis.kind == .misconfigured)
            #expect(
                credential.configuration
                    == .notConfigured("PASSGRES_CREDENTIAL_COMMAND names a program that cannot be run"))
        }
    }

    @Test(arguments: ["", "a/b", "../x", "A", "a b", "é"])
    func `has a name of few signs`(_ name: String) async throws {
        let failure = try #require(await failure(CommandCredential(named: name, environment: ["PATH": scratch.path])))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem.contains("cannot be the name"))
    }

    @Test func `is found by its name and run`() async throws {
        try scratch.writeScript(
            """
            read -r question
            printf '{"version":1,"token":"%s","expiresOn":%s}' "$(printf %s "$question" | cksum | tr -dc 0-9)" $(($(date +%s) + 900))
            """, to: "passgres-credential-vault")
        let credential = CommandCredential(named: "vault", environment: ["PATH": "\(scratch.path):/usr/bin:/bin"])
        #expect(credential.name == "vault")
        #expect(credential.configuration == .configured(by: "\(scratch.path)/passgres-credential-vault"))
        let token = try await credential.token(for: Self.request)
        #expect(token.secret.utf8.count > 5)
        let other = CommandCredential(named: "absent", environment: ["PATH": scratch.path])
        #expect(await failure(other)?.kind == "failed")
        #expect(other.configuration == .notConfigured("there is no program passgres-credential-absent on the PATH"))
    }

    @Test(arguments: [
        ("sleep 600", "did not finish within 2 seconds"),
        ("head -c 1073741824 /dev/zero", "wrote more than 1048576 bytes"),
        ("kill -KILL $$", "was ended by signal 9"), ("sleep 600 & exit 0", "exactly one JSON document"),
        (#"printf '\377'"#, "no text"),
    ])
    func `fails within its time, whatever it does`(_ body: String, _ words: String) async throws {
        try scratch.writeScript(body, to: "passgres-credential-bad")
        let credential = CommandCredential(
            named: "bad", environment: ["PATH": "\(scratch.path):/usr/bin:/bin"],
            timeLimit: body == "sleep 600" ? .seconds(2) : .seconds(60))
        let failure = try #require(await failure(credential))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem.contains(words), "\(failure.diagnosis)")
    }

    @Test func `survives every beginning and every change of one byte`() async {
        let sample = Array(Self.good.utf8)
        func ask(_ bytes: [UInt8]) async {
            let commands = scripted(.success(CommandOutput(ending: .exited(0), output: bytes)))
            _ = try? await credential(commands).token(for: Self.request)
        }
        for count in sample.indices { await ask(Array(sample[..<count])) }
        for index in sample.indices {
            var changed = sample
            changed[index] ^= 0x21
            await ask(changed)
        }
    }
}
