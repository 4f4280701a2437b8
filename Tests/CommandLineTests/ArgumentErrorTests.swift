import Foundation
import Testing

@Suite struct `A wrong command line` {
    static let secret = "hush-S3cr3t"
    static let connection = "host=x password=\(secret)"

    /// Every command, with what it needs to be right.
    static let commands: [[String]] = [
        ["token"], ["conninfo"], ["pgpass", "--stdout"], ["exec"], ["psql"], ["login"], ["logout"], ["status"],
        ["secret"], ["secret", "store", "name"], ["secret", "list"], ["secret", "forget", "name"], ["keep", "--once"],
        ["role"], ["role", "create", "name"], ["role", "list"], ["role", "drop", "name"], ["connections"],
        ["connections", "export", "pgadmin"], ["explain"], ["doctor", "--offline"], ["credentials"],
        ["credentials", "list"], ["credentials", "check", "name"], ["failures-page"], ["variables-page"], [],
        ["help"],
    ]

    /// What is put in the wrong place behind a command, or before it.
    static let mistakes: [[String]] = [
        [connection, connection], [secret, secret], ["--\(secret)"], ["--password=\(secret)"],
        ["--password", secret], ["-W\(secret)"], ["--output", secret], ["--output=\(secret)"], ["--timeout", secret],
        ["--timeout=\(secret)"], ["--cloud", secret], ["--cloud", connection], ["--scope", "a \(secret)"],
        ["--log-level", connection], ["--server", secret], ["--quiet=\(secret)"], ["--allow-sslmode", secret],
        ["--credentials", connection], ["--format", connection], ["--type", secret], ["--keep-in", secret],
        ["--health", connection], ["--pgbouncer-version", connection], ["--generate-completion-script=\(secret)"],
        ["--service", secret, secret], ["--tenant", connection], ["--client-id", connection],
    ]

    @Test(arguments: commands)
    func `is told without any of its arguments that may be a secret`(command: [String]) async throws {
        let scratch = Scratch()
        let tool = Tool(["XDG_STATE_HOME": scratch.path, "PASSGRES_SECRET_STORE": "file", "HOME": scratch.path])
        // One command takes every mistake, before it too; the others share its parser, and take one of each kind.
        for mistake in command == ["token"]
            ? Self.mistakes : Array(Self.mistakes.prefix(3)) + [["--timeout", Self.secret]]
        {
            for line in [command + mistake] + (command == ["token"] ? [mistake + command] : []) {
                // What is no mistake of theirs may print what it was asked for.
                if line.contains("create") || line.contains("drop"), !line.contains("--") { continue }
                let ending = try await tool.run(line, input: "")
                #expect(!(ending.output + ending.errors).contains(Self.secret), "\(line): \(ending.errors)")
            }
        }
    }

    static let told: [([String], [String])] = [
        (["tokn", connection], ["nexpected argument", "1", "2"]),
        (["token", connection, connection], ["Unexpected argument 3", "named by their places"]),
        (["secret", "store", "name", secret], ["Unexpected argument 4", "Usage: passgres secret store"]),
        (["token", "--tennant", secret], ["Unknown option in argument 2", "Did you mean '--tenant'?"]),
        (["token", "--output", secret], ["The value in argument 3 is invalid for '--output <output>'", "'json'"]),
        (["token", "--cloud", secret], ["--cloud takes public, usgov or china, and not argument 3"]),
        (["token", "--timeout", "5", "--output", secret], ["The value in argument 5 is invalid"]),
        (["token", "--quiet=\(secret)"], ["The option '--quiet' does not take any value, but argument 2 was"]),
        (["token", "--timeout", "0"], ["--timeout takes seconds, more than 0 and at most 86400"]),
        (["exec"], ["Name the program to run after --"]),
        (["secret", "store"], ["Missing expected argument '<name>'"]),
    ]

    @Test(arguments: told)
    func `is told by its places, in the parser's words`(line: [String], words: [String]) async throws {
        let ending = try await Tool().run(line)
        #expect(ending.status == 64 && ending.output == "")
        for word in words { #expect(ending.errors.contains(word), "\(line): \(ending.errors)") }
        #expect(!ending.errors.contains(Self.secret) && !ending.errors.contains("zZ"))
    }

    static let torn: [(String, Int32)] = [
        (#"conninfo --password none $'host=h user=a\xff\xfeb'"#, 64), (#"token $'\xff'"#, 64),
        (#"secret store $'a\xffb'"#, 64), (#"exec $'host=\xc3' -- echo"#, 64),
        (#"token --tenant $'\xff'"#, 64),
    ]

    @Test(arguments: torn)
    func `that is not UTF-8 is refused, and no other text takes its place`(line: String, status: Int32) async throws {
        let ending = try await Tool.Running("/bin/bash", ["-c", "exec \(Tool.path) \(line)"], Tool().environment)
            .ending()
        #expect(ending.status == status, "\(ending.errors)")
        #expect(ending.output == "" && ending.errors.contains("is not UTF-8"), "\(ending.errors)")
        #expect(!ending.errors.contains("\u{FFFD}"))
    }

    @Test(arguments: [
        "PGUSER", "PGHOST", "PGPASSFILE", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "PASSGRES_CREDENTIALS",
    ])
    func `is a variable that is not UTF-8, too`(name: String) async throws {
        let line = "export \(name)=$'a\\xffb'; exec \(Tool.path) conninfo --password none 'host=h user=u'"
        let ending = try await Tool.Running("/bin/bash", ["-c", line], Tool().environment).ending()
        #expect(ending.status == 78 && ending.output == "", "\(ending.errors)")
        #expect(ending.errors == "passgres: the variable \(name) is not UTF-8\n")
    }

    @Test func `is none for a variable of somebody else's`() async throws {
        let line = "export OTHER=$'a\\xffb'; exec \(Tool.path) conninfo --password none 'host=h user=u'"
        let ending = try await Tool.Running("/bin/bash", ["-c", line], Tool().environment).ending()
        #expect(ending.status == 0, "\(ending.errors)")
    }
}
