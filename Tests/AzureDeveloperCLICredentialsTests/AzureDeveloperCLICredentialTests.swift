import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import AzureDeveloperCLICredentials

@Suite struct `The Azure Developer CLI credential` {
    let clock = ManualClock()
    static let scope = "https://ossrdbms-aad.database.windows.net/.default"
    static let good = #"{"token":"t0k3n","expiresOn":"2023-11-14T23:13:20Z"}"#

    func runner(_ outcomes: Result<CommandOutput, CommandError>...) -> ScriptedRunner {
        ScriptedRunner(
            programs: ["azd": "/usr/bin/azd"],
            answers: outcomes.map { outcome in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    try outcome.get()
                }
                return answer
            })
    }

    func credential(_ commands: ScriptedRunner, tenant: String? = nil, home: String = "/nonexistent")
        -> AzureDeveloperCLICredential
    {
        AzureDeveloperCLICredential(tenant: tenant, environment: ["HOME": home], commands: commands, clock: clock)
    }

    func failure(
        _ commands: ScriptedRunner, for request: TokenRequest = TokenRequest(scope)
    ) async -> (kind: String, diagnosis: Diagnosis)? {
        do throws(CredentialError) {
            _ = try await credential(commands).token(for: request)
            return nil
        } catch {
            switch error {
            case .unavailable(let diagnosis): return ("unavailable", diagnosis)
            case .failed(let diagnosis): return ("failed", diagnosis)
            case .cancelled: return ("cancelled", "cancelled")
            }
        }
    }

    @Test func `leaves azd what a pipeline's job and a managed identity are known by, and no other secret`()
        async throws
    {
        let commands = runner(.success(CommandOutput(Self.good)))
        let credential = AzureDeveloperCLICredential(
            environment: [
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "j0b", "SYSTEM_ACCESSTOKEN": "j0b", "IDENTITY_HEADER": "h0st",
                "AZURE_CLIENT_SECRET": "s3cr3t", "PGPASSWORD": "s3cr3t",
            ], commands: commands, clock: clock)
        _ = try await credential.token(for: TokenRequest(Self.scope))
        let variables = try #require(commands.commands.first?.variables)
        #expect(variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] == "j0b" && variables["SYSTEM_ACCESSTOKEN"] == "j0b")
        #expect(variables["IDENTITY_HEADER"] == "h0st")
        #expect(!variables.values.contains("s3cr3t"))
    }

    @Test func `asks azd for all scopes, tenant and claims`() async throws {
        let commands = runner(.success(CommandOutput(Self.good)), .success(CommandOutput(Self.good)))
        let credential = credential(commands, tenant: "contoso.example")
        #expect(credential.name == "azure-developer-cli")
        #expect(credential.configuration == .configured(by: "/usr/bin/azd"))
        let token = try await credential.token(for: TokenRequest(Self.scope))
        #expect(token.secret == "t0k3n")
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
        _ = try await credential.token(
            for: TokenRequest("https://b/x", "https://a/y", tenant: "t", claims: #"{"a":1}"#))
        let base = ["auth", "token", "--output", "json", "--no-prompt", "--scope"]
        #expect(
            commands.commands.map(\.arguments) == [
                base + [Self.scope, "--tenant-id", "contoso.example"],
                base + ["https://a/y", "--scope", "https://b/x", "--tenant-id", "t", "--claims", "eyJhIjoxfQ=="],
            ])
        #expect(commands.commands.first?.variables["NO_COLOR"] == "true")
        #expect(commands.commands.first?.input == nil)
    }

    @Test func `reads the end as UTC in every zone`() async {
        for zone in ["America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/Berlin", "UTC"] {
            await #expect(processExitsWith: .success) { [zone = zone as String] in
                setenv("TZ", zone, 1)
                tzset()
                let now = Date(timeIntervalSince1970: 1_700_000_000)
                let token = try AzureDeveloperCLIReply.token(
                    in: Array(#"{"token":"t","expiresOn":"2023-11-14T23:13:20Z"}"#.utf8), now: now)
                if token.expiresAt != Date(timeIntervalSince1970: 1_700_003_600) { exit(1) }
            }
        }
    }

    @Test(arguments: [
        "", "{}", "s3cr3t", #"{"token":"s3cr3t"}"#, #"{"token":"s3cr3t","expiresOn":"2023-11-14T23:13:20"}"#,
        #"{"token":"s3 cr3t","expiresOn":"2023-11-14T23:13:20Z"}"#, #"{"token":"s3cr3t","expiresOn":1700003600}"#,
        #"{"token":"s3cr3t","expiresOn":"2023-11-14T21:13:20Z"}"#,
    ])
    func `fails without a token and its end, and quotes nothing`(_ text: String) async throws {
        let failure = try #require(await failure(runner(.success(CommandOutput(text)))))
        #expect(failure.kind == "failed")
        #expect(!"\(failure.diagnosis)".contains("s3cr3t"))
    }

    struct Complaint: Sendable {
        let status: Int32
        let text: String
        let kind: String
        let trouble: Diagnosis.Kind?
        let words: String

        init(_ status: Int32, _ text: String, _ kind: String, _ trouble: Diagnosis.Kind?, _ words: String) {
            (self.status, self.text, self.kind, self.trouble, self.words) = (status, text, kind, trouble, words)
        }
    }

    /// One for each row of the table, in its order.
    static let complaints = [
        Complaint(127, "", "unavailable", nil, "not installed"),
        Complaint(1, "ERROR: unknown flag: --claims", "failed", .signInNeeded, "demands claims"),
        Complaint(1, "ERROR: unknown flag: --tenant-id", "failed", .misconfigured, "does not know"),
        Complaint(
            1, #"{"error":"s3cr3t","message":"reauthentication required, run `azd auth login`"}"#, "failed",
            .signInNeeded,
            "has ended"),
        Complaint(
            1, #"{"message":"AADSTS7000112: disabled; run azd auth login"}"#, "failed", .refused, "Entra refused"),
        Complaint(
            1,
            #"{"type":"consoleMessage","data":{"message":"\nERROR: not logged in, run `azd auth login` to login\n"}}"#,
            "unavailable", .signInNeeded, "nobody is signed in"),
        Complaint(
            1, "dial tcp: lookup login.microsoftonline.com: no such host", "failed", .temporary, "could not reach"),
        Complaint(1, "x509: certificate signed by unknown authority", "failed", .misconfigured, "certificate"),
    ]

    static let more = [
        Complaint(
            1,
            "{\n  \"error\": \"auth\",\n  \"message\": \"not \\u006cogged in\",\n  \"suggestion\": \"run `azd auth \\u006cogin`\"\n}",
            "unavailable", .signInNeeded, "nobody is signed in"),
        Complaint(
            1,
            "{\"type\":\"consoleMessage\",\"data\":{\"message\":\"hint\"}}\n{\"type\":\"consoleMessage\",\"data\":{\"message\":\"not logg\\u0065d in\"}}",
            "unavailable", .signInNeeded, "nobody is signed in"),
        Complaint(1, "s3cr3t", "failed", nil, "not known here"),
    ]

    @Test(arguments: complaints + more)
    func `classifies every complaint, and quotes none`(_ complaint: Complaint) async throws {
        let output = CommandOutput("", errorOutput: complaint.text, status: complaint.status)
        let failure = try #require(await failure(runner(.success(output))))
        #expect(failure.kind == complaint.kind)
        #expect(failure.diagnosis.kind == complaint.trouble)
        #expect(failure.diagnosis.problem.contains(complaint.words), "\(failure.diagnosis)")
        #expect(failure.diagnosis.remedy != nil)
        #expect(!"\(failure.diagnosis)".contains("s3cr3t"))
    }

    @Test func `has a sample for every row of its table`() {
        let rows = Self.complaints.map { complaint in
            let output = CommandOutput("", errorOutput: complaint.text, status: complaint.status)
            return AzureDeveloperCLIFaults.rows.firstIndex {
                $0.matches(AzureDeveloperCLIReply.complaint(in: output).lowercased(), output.ending)
            }
        }
        #expect(rows == Array(AzureDeveloperCLIFaults.rows.indices))
    }

    @Test func `is unavailable where azd is not installed`() async throws {
        let failure = try #require(await failure(ScriptedRunner(programs: [:])))
        #expect(failure.kind == "unavailable")
        #expect(failure.diagnosis.problem == "the Azure Developer CLI (azd) is not on the PATH")
    }

    @Test func `starts nothing with an unsafe scope`() async throws {
        let commands = runner()
        #expect(await failure(commands, for: TokenRequest("--debug"))?.kind == "failed")
        #expect(commands.commands.isEmpty)
    }

    @Test func `keeps the token until somebody signs in anew`() async throws {
        let scratch = try ScratchDirectory()
        mkdir("\(scratch.path)/.azd", 0o700)
        let other = Self.good.replacing("t0k3n", with: "0th3r")
        let commands = runner(.success(CommandOutput(Self.good)), .success(CommandOutput(other)))
        let credential = credential(commands, home: scratch.path)
        for _ in 0..<3 { #expect(try await credential.token(for: TokenRequest(Self.scope)).secret == "t0k3n") }
        try scratch.write("{}", to: ".azd/auth.json")
        for _ in 0..<3 { #expect(try await credential.token(for: TokenRequest(Self.scope)).secret == "0th3r") }
        #expect(commands.commands.count == 2)
    }

    @Test func `runs a real program`() async throws {
        let scratch = try ScratchDirectory()
        try scratch.writeScript(
            #"printf '{"token":"t0k3n","expiresOn":"%s"}\n' "$(date -u -d '+1 hour' '+%FT%TZ')""#, to: "azd")
        let credential = AzureDeveloperCLICredential(environment: ["PATH": "\(scratch.path):/usr/bin:/bin"])
        let token = try await credential.token(for: TokenRequest(Self.scope))
        #expect(token.secret == "t0k3n")
        #expect(abs(token.expiresAt.timeIntervalSinceNow - 3600) < 300)
    }
}
