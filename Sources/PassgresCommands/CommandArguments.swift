import EntraCredentials
import PostgresCredentials
import TokenCredentials

/// The arguments of a command line, counted from the first after the tool's name.
struct CommandArguments: Sendable {
    let texts: [String]

    /// Those of this process.
    ///
    /// Throws ``CommandFailure`` for one that is no UTF-8 text: a text would hold it with other bytes in their place. What
    /// follows `--` of `exec` and `psql` is another program's, which gets its bytes as they are.
    static func ofThisProcess() throws(CommandFailure) -> CommandArguments {
        var texts: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let bytes = CommandLine.unsafeArgv[index] else { break }
            let isAnothers = ["exec", "psql"].contains(texts.first) && texts.contains("--")
            guard let text = String(validatingCString: bytes) ?? (isAnothers ? String(cString: bytes) : nil) else {
                throw CommandFailure(.usage, "argument \(index) is not UTF-8")
            }
            texts.append(text)
        }
        return CommandArguments(texts: texts)
    }

    /// Throws ``CommandFailure`` for a variable of ours or of libpq's that is no UTF-8 text.
    static func checkVariables() throws(CommandFailure) {
        if let name = ProcessEnvironment.current.namesWithoutText.first(where: Self.isRead) {
            throw CommandFailure(.configuration, "the variable \(name) is not UTF-8")
        }
    }

    /// Whether a variable is one whose value goes on from here. Of a `PATH`, the entries that are no text lead nowhere.
    private static func isRead(_ name: String) -> Bool {
        name != "PATH" && (ConnectionKeyword.variables.contains(name) || KnownVariable.all.contains { $0.name == name })
    }
}
