import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import AzurePowerShellCredentials

@Suite struct `The Azure PowerShell credential` {
    let clock = ManualClock()
    static let request = TokenRequest("https://ossrdbms-aad.database.windows.net/.default")
    static let good = #"{"token":"t0k3n","expiresOn":1700003600}"#

    func runner(_ outcomes: Result<CommandOutput, CommandError>...) -> ScriptedRunner {
        ScriptedRunner(
            programs: ["pwsh": "/usr/bin/pwsh"],
            answers: outcomes.map { outcome in
                @Sendable func answer(_ command: Command) async throws(CommandError) -> CommandOutput {
                    try outcome.get()
                }
                return answer
            })
    }

    func credential(_ commands: ScriptedRunner, tenant: String? = nil, home: String = "/nonexistent")
        -> AzurePowerShellCredential
    {
        AzurePowerShellCredential(tenant: tenant, environment: ["HOME": home], commands: commands, clock: clock)
    }

    func failure(
        _ commands: ScriptedRunner, for request: TokenRequest = request
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

    /// The script that a command carries, decoded by hand.
    func script(_ command: Command?) throws -> String {
        let data = try #require(command?.arguments.last.flatMap { Data(base64Encoded: $0) })
        let units = stride(from: 0, to: data.count - 1, by: 2).map { UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8 }
        return String(decoding: units, as: UTF16.self)
    }

    @Test func `hands pwsh a script as base64 of UTF-16`() async throws {
        let commands = runner(.success(CommandOutput(Self.good)))
        let credential = credential(commands, tenant: "contoso.example")
        #expect(credential.name == "azure-powershell")
        #expect(credential.configuration == .configured(by: "/usr/bin/pwsh"))
        let token = try await credential.token(for: Self.request)
        #expect(token.secret == "t0k3n")
        #expect(token.expiresAt == Date(timeIntervalSince1970: 1_700_003_600))
        let command = try #require(commands.commands.first)
        #expect(command.arguments.dropLast() == ["-NoProfile", "-NonInteractive", "-EncodedCommand"])
        let text = try script(command)
        #expect(text.contains("Import-Module Az.Accounts -MinimumVersion 2.2.0"))
        #expect(text.contains("$wanted = @{ ResourceUrl = 'https://ossrdbms-aad.database.windows.net' }"))
        #expect(text.contains("$wanted['TenantId'] = 'contoso.example'"))
        #expect(text.contains("-ge [version]'2.17.0' -and $module.Version -lt [version]'5.0.0'"))
        #expect(text.contains("$wanted['AsSecureString'] = $true"))
        #expect(text.contains("[System.Security.SecureString]"))
    }

    @Test func `leaves the tenant out where none is named`() async throws {
        let commands = runner(.success(CommandOutput(Self.good)))
        _ = try await credential(commands).token(for: Self.request)
        #expect(try !script(commands.commands.first).contains("TenantId"))
    }

    @Test(arguments: ["https://a'; Remove-Item x; '", "https://a b", "$(id)", "`id`", "--x", "https://ä"])
    func `writes no unsafe text into a script`(_ scope: String) async throws {
        let commands = runner()
        let failure = try #require(await failure(commands, for: TokenRequest(scope)))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .misconfigured)
        #expect(await self.failure(commands, for: TokenRequest("https://a", tenant: scope))?.kind == "failed")
        #expect(commands.commands.isEmpty)
    }

    @Test func `answers a demand for claims with the sign-in that meets it`() async throws {
        let commands = runner()
        var request = Self.request
        request.tenant = "t"
        request.claims = "{}"
        let failure = try #require(await failure(commands, for: request))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .signInNeeded)
        #expect(
            failure.diagnosis.remedy
                == "Run Connect-AzAccount -Tenant t -ClaimsChallenge e30= (Az.Accounts 5.2.0 or later).")
        #expect(commands.commands.isEmpty)
    }

    @Test(arguments: [
        "", "{}", "s3cr3t", #"{"token":"s3cr3t"}"#, #"{"token":"s3cr3t","expiresOn":"soon"}"#,
        #"{"token":{"Length":7},"expiresOn":1700003600}"#, #"{"token":"s3cr3t","expiresOn":1}"#,
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

    /// One for each row of the table, in its order, and then what no row speaks of.
    static let complaints = [
        Complaint(127, "", "unavailable", nil, "not installed"),
        Complaint(41, "", "unavailable", nil, "no module Az.Accounts"),
        Complaint(
            1, "File x.psm1 cannot be loaded because running scripts is disabled", "unavailable", .misconfigured,
            "policy"),
        Complaint(1, "AADSTS50076: MFA. Run Connect-AzAccount", "failed", .signInNeeded, "has ended"),
        Complaint(1, "AADSTS7000112: disabled s3cr3t", "failed", .refused, "Entra refused"),
        Complaint(1, "Run Connect-AzAccount to login.", "unavailable", .signInNeeded, "nobody is signed in"),
        Complaint(
            1, "Name or service not known (login.microsoftonline.com:443)", "failed", .temporary, "could not reach"),
        Complaint(1, "s3cr3t", "failed", nil, "not known here"),
    ]

    @Test(arguments: complaints)
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
        let rows = Self.complaints.dropLast().map { complaint in
            AzurePowerShellFaults.rows.firstIndex { $0.matches(complaint.text.lowercased(), .exited(complaint.status)) }
        }
        #expect(rows == Array(AzurePowerShellFaults.rows.indices))
    }

    @Test func `is unavailable where pwsh is not installed`() async throws {
        let failure = try #require(await failure(ScriptedRunner(programs: [:])))
        #expect(failure.kind == "unavailable")
        #expect(failure.diagnosis.problem == "PowerShell (pwsh) is not on the PATH")
    }

    @Test func `keeps the token until somebody signs in anew`() async throws {
        let scratch = try ScratchDirectory()
        mkdir("\(scratch.path)/.Azure", 0o700)
        let other = Self.good.replacing("t0k3n", with: "0th3r")
        let commands = runner(.success(CommandOutput(Self.good)), .success(CommandOutput(other)))
        let credential = credential(commands, home: scratch.path)
        for _ in 0..<3 { #expect(try await credential.token(for: Self.request).secret == "t0k3n") }
        try scratch.write("{}", to: ".Azure/AzureRmContext.json")
        for _ in 0..<3 { #expect(try await credential.token(for: Self.request).secret == "0th3r") }
        #expect(commands.commands.count == 2)
    }

    @Test func `runs a real program`() async throws {
        let scratch = try ScratchDirectory()
        try scratch.writeScript(
            #"printf 'WARNING: old\n{"token":"t0k3n","expiresOn":%s}\n' $(($(date +%s) + 3600))"#, to: "pwsh")
        let credential = AzurePowerShellCredential(environment: ["PATH": "\(scratch.path):/usr/bin:/bin"])
        #expect(try await credential.token(for: Self.request).secret == "t0k3n")
    }
}
