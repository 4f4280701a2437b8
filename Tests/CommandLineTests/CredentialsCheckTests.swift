import Foundation
import Testing

@Suite struct `passgres credentials check` {
    static let good = """
        #!/bin/sh
        cat >/dev/null
        [ -n "$EXAMPLE_TOKEN" ] || { echo '{"version":1,"problem":"EXAMPLE_TOKEN is not set"}'; exit 69; }
        printf '{"version":1,"token":"%s","expiresOn":%s}' "$EXAMPLE_TOKEN" "$(($(date +%s) + 3600))"
        """

    func run(_ program: String) async throws -> Tool.Ending {
        let scratch = Scratch()
        let file = try scratch.write(program, to: "passgres-credential-example")
        chmod(file, 0o755)
        let path = scratch.path + ":/usr/bin:/bin"
        return try await Tool(["EXAMPLE_TOKEN": "hush-hush", "PATH": path])("credentials", "check", "example")
    }

    @Test func `is content with a program that keeps to the rules`() async throws {
        let ending = try await run(Self.good)
        #expect(ending.status == 0, "\(ending.output)\(ending.errors)")
        #expect(ending.output.hasPrefix("ok "))
    }

    @Test func `names what a program does not keep to, and no secret`() async throws {
        let ending = try await run("#!/bin/sh\necho 'no JSON, and hush-hush'\n")
        #expect(ending.status == 1)
        #expect(ending.lines.allSatisfy { $0.hasPrefix("FAIL") } && !ending.lines.isEmpty)
        #expect(!ending.output.contains("hush-hush"))
    }

    @Test func `says so if there is no such program`() async throws {
        let ending = try await Tool()("credentials", "check", "nowhere")
        #expect(ending.status == 78)
    }
}
