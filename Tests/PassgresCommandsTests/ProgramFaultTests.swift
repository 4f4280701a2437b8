import KnownFailures
import Testing

@testable import PassgresCommands

@Suite struct `A program that ended with a fault` {
    private static let refusal = CheckFinding.fail(.login, "R03", "the server says no", remedy: "Spell it right.")

    @Test(arguments: [
        ("psql", 0, false), ("psql", 1, false), ("psql", 2, true), ("/usr/bin/psql", 2, true), ("psql", 3, false),
        ("pg_dump", 0, false), ("pg_dump", 1, true), ("./app", 125, true), ("app", 126, false), ("app", 127, false),
        ("app", 143, false),
    ])
    func `is followed by a login where that may have been the fault`(
        _ program: String, _ status: Int32, _ isTried: Bool
    )
        async
    {
        let text = await ProgramFault(program: program, status: status, words: []).explanation { Self.refusal }
        #expect(text?.contains("[R03]") ?? false == isTried)
        #expect(text?.hasSuffix("passgres: -> Spell it right.\n") ?? false == isTried)
    }

    @Test func `says nothing where the server lets us in`() async {
        #expect(await ProgramFault(program: "app", status: 1, words: []).explanation { nil } == nil)
    }

    @Test func `is told by its own words where they were heard`() async {
        let words = Array("ERROR:  permission denied for function pgaadauth_create_principal".utf8)
        let text = await ProgramFault(program: "psql", status: 3, words: words).explanation { Self.refusal }
        #expect(text?.contains("[A07]") == true)
        #expect(await ProgramFault(program: "psql", status: 0, words: words).explanation { Self.refusal } == nil)
    }

    @Test(arguments: [("postgres", "A09"), ("orders", "A03"), (nil, "A03")] as [(String?, String)])
    func `lacks the functions for another reason in the database where they would be`(
        _ database: String?, _ code: String
    ) async {
        for function in ["pgaadauth_create_principal(unknown, boolean)", "pgaadauth_list_principals(boolean)"] {
            let words = Array("ERROR:  function pg_catalog.\(function) does not exist".utf8)
            let fault = ProgramFault(program: "psql", status: 3, words: words, database: database)
            let text = await fault.explanation { nil }
            #expect(text?.contains("[\(code)]") == true, "\(text ?? "")")
        }
    }
}
