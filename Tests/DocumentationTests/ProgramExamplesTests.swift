import CommandCredentials
import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `The example programs` {
    let scratch: ScratchDirectory
    let request = TokenRequest("https://db.example/.default")

    init() throws { scratch = try ScratchDirectory() }

    func credential(_ language: String, _ variables: [String: String]) -> CommandCredential {
        let directory = `The pages`.root.appending(path: "Docs/Examples/programs").path
        let path = ProcessEnvironment.current["PATH"] ?? "/usr/bin:/bin"
        return CommandCredential(
            named: "example-\(language)",
            environment: ProcessEnvironment(variables.merging(["PATH": "\(directory):\(path)"]) { $1 }))
    }

    @Test(arguments: ["python", "shell"])
    func `give the token of a file`(_ language: String) async throws {
        let file = try scratch.write("t0k3n\n", to: "token")
        let token = try await credential(language, ["EXAMPLE_TOKEN_FILE": file]).token(for: request)
        #expect(token.secret == "t0k3n")
        #expect(abs(token.expiresAt.timeIntervalSinceNow - 900) < 120)
    }

    @Test(arguments: ["python", "shell"])
    func `say that they do not apply`(_ language: String) async throws {
        await #expect { try await credential(language, [:]).token(for: request) } throws: {
            guard case CredentialError.unavailable(let diagnosis) = $0 else { return false }
            return diagnosis.problem == "EXAMPLE_TOKEN_FILE is not set"
        }
    }

    @Test(arguments: ["python", "shell"])
    func `fail where the file is not there`(_ language: String) async throws {
        let variables = ["EXAMPLE_TOKEN_FILE": scratch.path + "/missing"]
        await #expect { try await credential(language, variables).token(for: request) } throws: {
            guard case CredentialError.failed(let diagnosis) = $0 else { return false }
            return diagnosis.kind == .misconfigured && diagnosis.problem.hasPrefix("the token file cannot be read")
        }
    }
}
