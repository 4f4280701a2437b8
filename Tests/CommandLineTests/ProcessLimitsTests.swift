import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite(.serialized) struct `A process that may have little` {
    static let commands = [
        "--version", "token", "conninfo \"$C\"", "exec \"$C\" -- /bin/true", "pgpass --stdout \"$C\"",
        "token --credentials azure-cli",
        "token --credentials secret-store", "status",
    ]

    @Test(arguments: commands)
    func `open files does its work or says at once what it lacks`(_ command: String) async throws {
        try await Cloud.with { cloud in
            for limit in Array(3...16) + [18, 19, 20, 24] {
                let ending = try await `The standard streams`.shell(
                    "ulimit -n \(limit); exec $P \(command)", cloud.toolWithSecret)
                let place = "ulimit -n \(limit): \(command): \(ending.status) \(ending.errors)"
                #expect(ending.seconds < 15, "\(place)")
                // The loader's own, which opens what the tool is linked to.
                if ending.errors.contains("error while loading shared libraries") { continue }
                switch ending.status {
                case 0, 1, 69: #expect(!ending.errors.contains("ulimit"), "\(place)")
                case 75: #expect(ending.errors.contains("passgres: ") && ending.output.isEmpty, "\(place)")
                default: Issue.record("\(place)")
                }
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become a user who has no other process"))
    func `start threads says at once what it lacks`() async throws {
        for limit in [1, 2, 3, 4, 5, 6, 8, 12] {
            for command in ["--version", "token --timeout 5", "exec \"$C\" --timeout 5 -- /bin/true"] {
                let line = """
                    exec setpriv --reuid=\(61_000 + limit) --regid=61000 --clear-groups \
                        bash -c 'ulimit -u \(limit); exec $P \(command)'
                    """
                var tool = Tool(["PASSGRES_CREDENTIALS": "environment", "AZURE_TENANT_ID": Cloud.tenant])
                tool.environment.merge(["AZURE_CLIENT_ID": Cloud.application, "AZURE_CLIENT_SECRET": "s"]) { $1 }
                let ending = try await `The standard streams`.shell(line, tool)
                let place = "ulimit -u \(limit): \(command): \(ending.status) \(ending.errors)"
                #expect(ending.seconds < 15, "\(place)")
                #expect(ending.status == (command == "--version" ? 0 : 75), "\(place)")
                #expect(command == "--version" || ending.errors.contains("passgres: "), "\(place)")
            }
        }
    }
}
