import CommandCredentials
import CredentialTesting
import Testing
import TokenCredentials

@testable import AzureCLICredentials

@Suite struct `The Azure CLI's complaints` {
    struct Complaint: Sendable, CustomTestStringConvertible {
        let status: Int32
        let text: String
        let kind: String
        let trouble: Diagnosis.Kind?
        let words: String

        var testDescription: String { "\(status) \(text)" }

        init(_ status: Int32, _ text: String, _ kind: String, _ trouble: Diagnosis.Kind?, _ words: String) {
            (self.status, self.text, self.kind, self.trouble, self.words) = (status, text, kind, trouble, words)
        }
    }

    /// One for each row of the table, in its order, and then others.
    static let complaints: [Complaint] = [
        Complaint(127, "sh: 1: az: nicht gefunden", "unavailable", nil, "not installed"),
        Complaint(
            1, "[Errno 13] Permission denied: '/home/u/.azure/msal_token_cache.bin.lockfile'", "failed", .temporary,
            "lock"),
        Complaint(
            1, "json.decoder.JSONDecodeError: Extra data: line 1 column 9 (char 8)", "failed", .misconfigured, "damaged"
        ),
        Complaint(
            1,
            "ERROR: AADSTS700082: The refresh token has expired due to inactivity. s3cr3t\nTo re-authenticate, please run:\naz login",
            "failed", .signInNeeded, "sign-in of the Azure CLI has ended"),
        Complaint(
            1, "ERROR: AADSTS50076: Due to a configuration change … you must use MFA. az login", "failed",
            .signInNeeded, "second factor"),
        Complaint(
            1, "ERROR: AADSTS53003: Access has been blocked by Conditional Access policies.", "failed", .refused,
            "conditional access"),
        Complaint(
            1, "AADSTS500011: The resource principal named s3cr3t was not found", "failed", .misconfigured,
            "does not know the resource"),
        Complaint(1, "AADSTS90002: Tenant 's3cr3t' not found.", "failed", .misconfigured, "directory does not exist"),
        Complaint(
            1, "AADSTS7000222: The provided client secret keys are expired.", "failed", .signInNeeded,
            "as an application"),
        Complaint(
            1, "AADSTS50196: The server terminated an operation because it encountered a loop", "failed", .temporary,
            "wait"),
        Complaint(1, "AADSTS7000112: Application is disabled. Run az login", "failed", .refused, "Entra refused"),
        Complaint(
            1, "400 Client Error: Bad Request for url: http://localhost:50342/oauth2/token", "failed", .signInNeeded,
            "Cloud Shell"),
        Complaint(
            1, "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "failed",
            .misconfigured, "certificate"),
        Complaint(
            1,
            "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: /s3cr3t",
            "failed",
            .temporary, "could not reach Entra"),
        Complaint(
            1, "OSError: [Errno 30] Read-only file system: '/home/u/.azure'", "failed", .misconfigured,
            "write its own files"),
        Complaint(2, "az: error: unrecognized arguments: --tenant s3cr3t", "failed", .misconfigured, "does not know"),
        Complaint(
            1, "ERROR: No subscription found. Run 'az account set' to select a subscription.", "unavailable",
            .signInNeeded, "subscription"),
        Complaint(
            1, "ERROR: Please run 'az login' to setup account.", "unavailable", .signInNeeded, "nobody is signed in"),
    ]

    static let more: [Complaint] = [
        Complaint(1, "/bin/sh: az: command not found", "unavailable", nil, "not installed"),
        Complaint(1, "'az' is not recognized as an internal or external command", "unavailable", nil, "not installed"),
        Complaint(
            1, "ERROR: User 's3cr3t' does not exist in MSAL token cache. Run `az login`.", "unavailable", .signInNeeded,
            "nobody"),
        Complaint(1, "ERREUR : exécutez `az login`.", "unavailable", .signInNeeded, "nobody is signed in"),
        // What requests says of a certificate names the retries too.
        Complaint(
            1,
            "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: /c (Caused by "
                + "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate')))",
            "failed", .misconfigured, "certificate"),
        // A code is not taken for another that begins alike.
        Complaint(1, "AADSTS530033: something else", "failed", .refused, "Entra refused"),
        Complaint(1, "The command failed with an unexpected error. s3cr3t", "failed", nil, "not known here"),
        Complaint(1, "", "failed", nil, "not known here"),
        Complaint(255, "エラー", "failed", nil, "not known here"),
    ]

    func credential(_ outcome: Result<CommandOutput, CommandError>) -> AzureCLICredential {
        AzureCLICredential(
            environment: ["HOME": "/nonexistent"], commands: ScriptedRunner.az(outcome), clock: ManualClock())
    }

    @Test(arguments: complaints + more)
    func `are classified, answered with a remedy and not quoted`(_ complaint: Complaint) async throws {
        let output = CommandOutput("s3cr3t", errorOutput: complaint.text, status: complaint.status)
        let failure = try #require(await failure(of: credential(.success(output))))
        #expect(failure.kind == complaint.kind)
        #expect(failure.diagnosis.kind == complaint.trouble)
        #expect(failure.diagnosis.problem.contains(complaint.words), "\(failure.diagnosis.problem)")
        #expect(failure.diagnosis.remedy?.hasSuffix(".") == true)
        #expect(!shown(failure.diagnosis).contains("s3cr3t"))
        #expect(!shown(failure.diagnosis).contains("{login}"))
        #expect(failure.diagnosis.facts.contains(Diagnosis.Fact("ended with", "exit status \(complaint.status)")))
    }

    @Test func `have a sample for every row of the table`() {
        let rows = Self.complaints.map { complaint in
            AzureCLIFaults.rows.firstIndex { $0.matches(complaint.text.lowercased(), .exited(complaint.status)) }
        }
        #expect(rows == Array(AzureCLIFaults.rows.indices))
    }

    @Test func `are told by code and ids, for support`() async throws {
        let text = """
            ERROR: AADSTS70043: The refresh token has expired. Trace ID: 11111111-2222-3333-4444-555555555555 \
            Correlation ID: 66666666-7777-8888-9999-AAAAAAAAAAAA Timestamp: 2026-01-01 00:00:00Z
            """
        let failure = try #require(
            await failure(of: credential(.success(CommandOutput("", errorOutput: text, status: 1)))))
        #expect(
            failure.diagnosis.facts == [
                Diagnosis.Fact("ended with", "exit status 1"), Diagnosis.Fact("Entra code", "AADSTS70043"),
                Diagnosis.Fact("correlation id", "66666666-7777-8888-9999-aaaaaaaaaaaa"),
                Diagnosis.Fact("trace id", "11111111-2222-3333-4444-555555555555"),
            ])
    }

    @Test func `fail where a signal ended az`() async throws {
        let output = CommandOutput(ending: .signalled(9), output: [], errorOutput: [])
        let failure = try #require(await failure(of: credential(.success(output))))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.facts == [Diagnosis.Fact("ended with", "signal 9")])
    }
}
