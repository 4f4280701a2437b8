import ArgumentParser
import EntraCredentials

/// `passgres variables-page`: the text of `Docs/Variables.md`, written from the table that the tool goes by.
struct VariablesPageCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "variables-page", abstract: "Print the page of all variables.", shouldDisplay: false)

    func perform() async throws {
        Terminal.standardOutput.write(Self.page)
    }

    private static var page: String {
        var page = """
            # Variables

            Every variable that Passgres looks at, by what it is about. An empty value counts as unset everywhere. The values
            marked *secret* are never shown, logged or passed on in an argument list. A variable that begins with `PASSGRES_`
            and is all but the name of one of these is an error, which says which one was probably meant.

            This page is printed by `passgres variables-page`; a test compares the two.

            """
        for subject in KnownVariable.Subject.allCases {
            page += "\n## \(subject.title)\n\n| Variable | Meaning |\n|---|---|\n"
            for variable in KnownVariable.all where variable.subject == subject {
                page +=
                    "| `\(variable.name)` | \(variable.secrecy == .secret ? "*secret:* " : "")\(variable.meaning) |\n"
            }
        }
        return page
    }
}
