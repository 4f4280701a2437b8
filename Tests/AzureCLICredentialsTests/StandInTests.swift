import AzureCLICredentials
import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

/// A script in place of `az`, run by a real process.
@Suite struct `A stand-in for az` {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    func credential(_ body: String, within limit: Duration = .seconds(60)) throws -> AzureCLICredential {
        try scratch.writeScript(body, to: "az")
        return AzureCLICredential(
            environment: ["PATH": "\(scratch.path):/usr/bin:/bin", "HOME": scratch.path], timeLimit: limit)
    }

    let answer = #"printf '{"accessToken":"t0k3n","expires_on":%s}' $(($(date +%s) + 3600))"#

    @Test func `answers with a token`() async throws {
        let credential = try credential("echo \"$@\" >> \(scratch.path)/runs; \(answer)")
        for _ in 0..<5 { #expect(try await credential.token(for: .sample).secret == "t0k3n") }
        #expect(
            scratch.text(of: "runs")
                == "account get-access-token --output json --resource https://ossrdbms-aad.database.windows.net\n")
    }

    @Test func `answers with a local time, and is read in the same zone`() async throws {
        let token = try await credential(
            #"printf '{"accessToken":"t0k3n","expiresOn":"%s"}' "$(date -d '+1 hour' '+%F %T.000000')""#
        ).token(for: .sample)
        #expect(abs(token.expiresAt.timeIntervalSinceNow - 3600) < 300)
    }

    @Test func `hangs, and is ended`() async throws {
        let credential = try credential("sleep 600", within: .seconds(2))
        let failure = try #require(await failure(of: credential))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.kind == .temporary)
        #expect(failure.diagnosis.problem == "the Azure CLI (az) did not finish within 2 seconds and was ended")
    }

    @Test func `leaves a child that holds its output, and is not waited for`() async throws {
        let start = ContinuousClock.now
        #expect(try await credential("sleep 600 & \(answer)").token(for: .sample).secret == "t0k3n")
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `floods its output, and is ended`() async throws {
        let failure = try #require(await failure(of: try credential("head -c 104857600 /dev/zero")))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem == "the Azure CLI (az) wrote more than 1048576 bytes and was ended")
    }

    @Test(arguments: [
        ("printf '\\377\\376{}'", "failed", "cannot be understood"),
        ("echo token-in-errors >&2; exit 1", "failed", "not known here"),
        ("echo \"Please run 'az login' to setup account.\" >&2; exit 1", "unavailable", "nobody is signed in"),
        (
            "echo \"No subscription found. Run 'az account set' to select a subscription.\" >&2; exit 1", "unavailable",
            "subscription"
        ),
        ("/nowhere/python3", "unavailable", "not installed"),
        ("kill -SEGV $$", "failed", "not known here"),
    ])
    func `does not deliver`(_ body: String, _ kind: String, _ words: String) async throws {
        let failure = try #require(await failure(of: try credential(body)))
        #expect(failure.kind == kind)
        #expect(failure.diagnosis.problem.contains(words), "\(failure.diagnosis)")
        #expect(!shown(failure.diagnosis).contains("token-in-errors"))
    }

    @Test func `has an interpreter that is missing`() async throws {
        let credential = try credential("")
        try scratch.write("#!/nowhere/python3\n", to: "az", mode: 0o700)
        let failure = try #require(await failure(of: credential))
        #expect(failure.kind == "failed")
        #expect(failure.diagnosis.problem.contains("could not be started"))
    }

    @Test func `is a dangling link`() async throws {
        symlink("/nowhere/az", "\(scratch.path)/az")
        let credential = AzureCLICredential(environment: ["PATH": scratch.path, "HOME": scratch.path])
        let failure = try #require(await failure(of: credential))
        #expect(failure.kind == "unavailable")
        #expect(
            failure.diagnosis.facts == [
                Diagnosis.Fact("passed over", "\(scratch.path)/az is a link that leads nowhere")
            ])
        #expect(
            credential.configuration
                == .notConfigured(
                    "the Azure CLI (az) is not on the PATH; \(scratch.path)/az is a link that leads nowhere"))
    }
}
