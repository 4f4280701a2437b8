import KnownFailures
import PostgresCredentials
import TokenCredentials

/// A program that ended, and perhaps with a fault that we know more about than it said.
struct ProgramFault: Sendable {
    let program: String
    let status: Int32
    /// The end of what it wrote to standard error, where that went through our hands.
    let words: [UInt8]
    /// The database that it was connected to, where that is known.
    var database: String?

    /// Code and remedy for the reader; `nil` if there is nothing to add.
    ///
    /// Where a failed login may have been the fault, `login` tries one and sees more than a client is told; otherwise
    /// what the program said decides, if it was heard.
    func explanation(orBy login: @Sendable () async -> CheckFinding?) async -> String? {
        guard status != 0 else { return nil }
        if mayBeALogin, let cause = await login() {
            let code = cause.code.map { " [\($0)]" } ?? ""
            let name = program.split(separator: "/").last ?? ""
            return Self.lines(
                "\(name) ended with status \(status), and a login of our own fails too: \(cause.text)\(code)",
                cause.remedy)
        }
        return FailureTable.matches(in: words).first.map { match in
            // A server that takes no tokens lacks the functions in database postgres too, where alone they may be.
            let isNowhere = match.failure.code == "A03" && database == "postgres"
            guard isNowhere, let failure = FailureTable.failure("A09") else {
                return Self.lines("\(match.failure.title) [\(match.failure.code)]", match.remedy())
            }
            return Self.lines("\(failure.title) [\(failure.code)]", failure.remedy.filled([:]))
        }
    }

    /// psql has a status of its own for a lost or refused connection; others end alike with every fault. Above 125 it
    /// was a signal, or the program never ran.
    private var mayBeALogin: Bool {
        program.split(separator: "/").last == "psql" ? status == 2 : (1...125).contains(status)
    }

    private static func lines(_ text: String, _ remedy: String?) -> String {
        "passgres: \(text)\n" + (remedy.map { "passgres: -> \($0)\n" } ?? "")
    }
}
