import Foundation
import Glibc
import Testing

@Suite struct `A socket at which anybody may listen` {
    static let commands: [[String]] = [
        ["conninfo", "CONNECTION"], ["conninfo", "--format", "env", "CONNECTION"],
        ["pgpass", "--stdout", "CONNECTION"],
        ["exec", "CONNECTION", "--", "true"], ["psql", "CONNECTION"], ["keep", "--once", "CONNECTION"],
        ["keep", "CONNECTION"], ["role", "list", "--apply", "CONNECTION"],
    ]

    @Test(arguments: commands, ["directory", "abstract"])
    func `gets no token, and none is asked for`(command: [String], kind: String) async throws {
        try await Cloud.with { cloud in
            let place = cloud.scratch.path + "/open"
            mkdir(place, 0o700)
            chmod(place, 0o1777)
            let host = kind == "directory" ? place : "@passgres-\(UUID().uuidString)"
            let ending = try await cloud.tool.run(
                command.map { $0.replacing("CONNECTION", with: "host=\(host) user=orders-api") })
            #expect(ending.status == 78 && ending.output == "", "\(ending.errors)")
            #expect(ending.errors.contains("requirepeer="), "\(ending.errors)")
            #expect(cloud.identityRequests.isEmpty)
        }
    }

    @Test func `gets one where the connection names the user`() async throws {
        try await Cloud.with { cloud in
            let place = cloud.scratch.path + "/open"
            mkdir(place, 0o700)
            chmod(place, 0o1777)
            let ending = try await cloud.tool("conninfo", "host=\(place) user=orders-api requirepeer=postgres")
            #expect(ending.status == 0 && ending.output.contains("requirepeer='postgres'"), "\(ending.errors)")
        }
    }
}
