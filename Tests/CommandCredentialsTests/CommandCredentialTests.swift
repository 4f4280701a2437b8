import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
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

    /// An answer as Kubernetes' plugins print it.
    static func exec(_ status: String, version: String = "v1") -> String {
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/\#(version)","spec":{},"#
            + #""status":{\#(status)}}"#
    }

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
        #expect(
            command.variables == [
                "PASSGRES_CREDENTIAL_COMMAND": "/opt/vault", "VAULT_TOKEN": "v",
                "KUBERNETES_EXEC_INFO":
                    #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}"#,
            ])
    }

    @Test(arguments: [
        ("", "printed nothing"), (" \n", "printed nothing"), ("[]", "that is no object"), ("7", "that is no object"),
        (good + good, "something after its JSON document"), (good + "\n{}", "something after its JSON document"),
        ("warning\n" + good, "no JSON document"), ("{", "no JSON document"), (#"{"a":"}"#, "no JSON document"),
        (#"{"a":"\"}"}x"#, "something after its JSON document"),
        (String(repeating: #"{"a":"#, count: 100_000), "no JSON document"),
        (String(repeating: "[", count: 100_000), "no JSON document"),
        ("{}", "which version"),
        (#"{"version":2,"token":"s3cr3t","expiresOn":1700003600}"#, "another version"),
        (#"{"version":"x","token":"s3cr3t","expiresOn":1700003600}"#, "another version"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":1e300}"#, "until when"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":9223372036854775807}"#, "until when"),
        (#"{"version":1,"token":"s3cr3t","expiresOn":-9000000000000000000}"#, "until when"),
        (#"{"version":1,"token":["s3cr3t"],"expiresOn":1700003600}"#, "no token"),
        (
            #"{"version":1,"token":"\#(String(repeating: "s3cr3t", count: 20_000))","expiresOn":1700003600}"#,
            "more than 65535 bytes"
        ),
        (#"{"Version":2,"SessionToken":"s3cr3t"}"#, "another Version of credential_process"),
        (#"{"Version":1,"AccessKeyId":"AK","SecretAccessKey":"s3cr3t"}"#, "a key is no password"),
        (#"{"Version":1,"SessionToken":"s3cr3t"}"#, "until when"), (#"{"Version":1}"#, "no SessionToken"),
        (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v9"}"#, "v1 or v1beta1"),
        (#"{"kind":"Pod","apiVersion":"v1"}"#, "no ExecCredential"),
        (exec(""), "without a token"), (exec(#""clientCertificateData":"s3cr3t""#), "no password"),
        (exec(#""token":"s3cr3t""#), "until when"),
        (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}"#, "without a status"),
        (#"{"version":1,"expiresOn":1700003600}"#, "no token"),
        (#"{"version":1,"token":"","expiresOn":1}"#, "no token"),
        (#"{"version":1,"token":"s3cr3t\u0000","expiresOn":1700003600}"#, "zero byte"),
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

    @Test(arguments: [
        exec(#""token":"t0k3n","expirationTimestamp":"2023-11-14T23:13:20Z""#),
        exec(#""token":"t0k3n","expirationTimestamp":"2023-11-15T00:13:20+01:00""#, version: "v1beta1"),
        #"{"Version":1,"AccessKeyId":"AK","SecretAccessKey":"SK","SessionToken":"t0k3n","Expiration":"2023-11-14T23:13:20Z"}"#,
        #"{"Version":1,"SessionToken":"t0k3n","Expiration":"2023-11-14T23:13:20.000Z"}"#,
        #" {"version":"1","token":"t0k3n","expiresOn":"1700003600","refreshOn":null,"user":null,"more":[{}]} "# + "\n",
    ])
    func `may answer as programs for Kubernetes and AWS do`(_ reply: String) async throws {
        let token = try await credential(scripted(.success(CommandOutput(reply)))).token(for: Self.request)
        #expect(token.secret == "t0k3n")
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
    }

    @Test(arguments: ["s3 cr3t", "é", "\t", "a\nb", "a\r", "\u{7f}", "\u{202e}"])
    func `may give any other bytes`(_ secret: String) async throws {
        let encoded = String(decoding: try JSONEncoder().encode(secret), as: UTF8.self)
        for reply in [
            #"{"version":1,"token":\#(encoded),"expiresOn":1700003600}"#,
            #"{"Version":1,"SessionToken":\#(encoded),"Expiration":"2023-11-14T23:13:20Z"}"#,
            Self.exec(#""token":\#(encoded),"expirationTimestamp":"2023-11-14T23:13:20Z""#),
        ] {
            let token = try await credential(scripted(.success(CommandOutput(reply)))).token(for: Self.request)
            #expect(token.secret == secret)
        }
    }

    @Test func `may leave the expiry to a token that says it itself`() async throws {
        let payload = Data(#"{"exp":1700003600}"#.utf8).base64EncodedString()
        let reply = Self.exec(#""token":"e30.\#(payload).x""#)
        let token = try await credential(scripted(.success(CommandOutput(reply)))).token(for: Self.request)
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
    }

    @Test func `is not believed that its token outlives itself, or is renewed at once`() async throws {
        let payload = Data(#"{"exp":1700000060}"#.utf8).base64EncodedString()
        let reply = #"{"version":1,"token":"e30.\#(payload).x","expiresOn":1700086400,"refreshOn":1700000000}"#
        let token = try await credential(scripted(.success(CommandOutput(reply)))).token(for: Self.request)
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_000_060))
        #expect(token.refreshAt == nil)
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
            (69, exec(#""token":"s3cr3t""#), "failed", .misconfigured, "yet printed a token"),
            (69, #"{"Version":1,"SessionToken":"s3cr3t"}"#, "failed", .misconfigured, "yet printed a token"),
            (1, #"{"version":1,"problem":"Vault\nis sealed"}"#, "failed", .refused, "Vault is sealed (exit status: 1)"),
            (1, "garbage s3cr3t", "failed", .refused, "ended with status 1 and did not say why"),
            (1, #"{"token":"s3cr3t","problem":"cannot send s3cr3t"}"#, "failed", .refused, "did not say why"),
            (
                1, #"{"problem":"\u202eeyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJkYiJ9.c2ln is old","remedy":"password=huntr"}"#,
                "failed", .refused, #"\u202e<masked> is old. password=<masked>"#
            ),
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
        ("kill -KILL $$", "was ended by signal 9"), ("sleep 600 & exit 0", "printed nothing"),
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

    static let samples = [
        good, exec(#""token":"t0k3n","expirationTimestamp":"2023-11-14T23:13:20Z""#),
        #"{"Version":1,"SessionToken":"t0k3n","Expiration":"2023-11-14T23:13:20Z"}"#,
        #"{"version":1,"problem":"no Vault \u00e9","remedy":"Set \"VAULT_ADDR\"."}"#,
    ]
    static let endings: [CommandOutput.Ending] = [.exited(0), .exited(69), .exited(1), .signalled(11)]

    @Test(arguments: samples, endings)
    func `survives every beginning and every change of one byte`(
        _ sample: String, _ ending: CommandOutput.Ending
    ) async {
        let sample = Array(sample.utf8)
        func ask(_ bytes: [UInt8]) async {
            let commands = scripted(.success(CommandOutput(ending: ending, output: bytes)))
            do throws(CredentialError) {
                let token = try await credential(commands).token(for: Self.request)
                #expect(token.secret.utf8.allSatisfy { (0x21...0x7E).contains($0) } && token.expiresAt > clock.now)
                #expect(ending == .exited(0))
            } catch {
                #expect(error.diagnosis?.problem.isEmpty == false)
                #expect(error.diagnosis?.problem.unicodeScalars.contains { $0.value < 0x20 } == false)
            }
        }
        for count in sample.indices { await ask(Array(sample[..<count])) }
        for index in sample.indices {
            for change: UInt8 in [0x01, 0x21, 0x80, 0xFF] {
                var changed = sample
                changed[index] ^= change
                await ask(changed)
            }
            await ask(Array(sample[...index]) + [UInt8(ascii: "\n")] + sample[index...])
        }
    }

    @Test(arguments: [
        (CommandError.timedOut(after: .seconds(30)), Diagnosis.Kind.temporary),
        (.interrupted("Too many open files"), .temporary), (.notStarted("Exec format error"), .misconfigured),
        (.outputTooLong(limit: 9), .misconfigured),
    ])
    func `says whether another attempt can help where it did not run to its end`(
        _ error: CommandError, _ kind: Diagnosis.Kind
    ) async throws {
        let failure = try #require(await failure(credential(scripted(.failure(error)))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == kind)
        #expect((failure.diagnosis.retryAfter != nil) == (kind == .temporary))
    }

    @Test func `leaves no process behind, not even a dead one`() async throws {
        let family = try Processes(in: scratch)
        try scratch.writeScript(
            family.joining + "echo $$ >&9; sleep 600 & echo $! >&9; kill -KILL $$", to: "passgres-credential-bad")
        let credential = CommandCredential(named: "bad", environment: ["PATH": "\(scratch.path):/usr/bin:/bin"])
        #expect(await failure(credential)?.diagnosis.problem.contains("was ended by signal 9") == true)
        #expect(await family.haveEnded())
        let processes = await family.numbers(2)
        try #require(processes.count == 2)
        // The program itself was ours to bury: its number is free. Its child is the system's to bury.
        #expect(kill(processes[0], 0) == -1 && errno == ESRCH)
    }
}
