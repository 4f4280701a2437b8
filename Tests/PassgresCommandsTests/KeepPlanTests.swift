import ArgumentParser
import CredentialTesting
import PostgresCredentials
import Testing

@testable import PassgresCommands

@Suite struct `The plan of keep` {
    @Test func `asks once for each identity, authority and scope`() throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write(
            #"""
            {"groups": ["one", "two", "three"], "scope": "https://db.example/.default",
             "one": {"cloud": "public", "connections": ["host=a user=u", "host=b user=u"], "passwordFiles": ["a"]},
             "two": {"cloud": "usgov", "connections": ["host=a user=u"], "passwordFiles": ["b"]},
             "three": {"cloud": "public", "connections": ["host=c user=u"], "passwordFiles": ["c"]}}
            """#, to: "keep.json")
        let plan = KeepPlan(
            places: try KeepOptions.parse(["--config", file]), options: try CredentialOptions.parse([]),
            common: try CommonOptions.parse([]))
        let sources = try plan.read().assignments.map(\.source)
        #expect(sources.count == 3 && sources[0] == sources[2])
        #expect(sources[0] != sources[1])
        #expect(sources[1].name.hasSuffix(" at https://login.microsoftonline.us"))
    }

    @Test func `tells authorities apart in whatever order it names them, since tokens outlast a reading`() throws {
        let scratch = try ScratchDirectory()
        func source(ofLastOf groups: String...) throws -> TokenSource? {
            let names = groups.map { "\"\($0)\"" }.joined(separator: ", ")
            let sections = groups.map { cloud in
                #""\#(cloud)": {"cloud": "\#(cloud)", "connections": ["host=a user=u"], "passwordFiles": ["a"]}"#
            }
            let file = try scratch.write(
                #"{"groups": [\#(names)], "scope": "https://db.example/.default", "#
                    + sections.joined(separator: ", ") + "}", to: "keep.json")
            let plan = KeepPlan(
                places: try KeepOptions.parse(["--config", file]), options: try CredentialOptions.parse([]),
                common: try CommonOptions.parse([]))
            return try plan.read().assignments.last?.source
        }
        let world = try source(ofLastOf: "public")
        let states = try source(ofLastOf: "usgov")
        #expect(world != nil && world != states)
        #expect(try source(ofLastOf: "usgov", "public") == world)
        #expect(try source(ofLastOf: "public", "usgov") == states)
    }
}
