import CredentialScaffold
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.contains("--help") || arguments.contains("-h") {
    print(ScaffoldCommand.usage)
    exit(0)
}
func end(_ text: String, _ status: Int32) -> Never {
    let text = Array("new-credential: \(text)\n".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    exit(status)
}
do {
    let command = try ScaffoldCommand(arguments)
    do {
        for line in try command.run() { print(line) }
    } catch {
        end("\(error)", 74)
    }
} catch {
    end("\(error)\n\(ScaffoldCommand.usage)", 64)
}
