import ArgumentParser
import FoundationEssentials
import Glibc
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// `passgres explain-error`: what an error text means, and what to do, without sending anything anywhere.
struct ExplainErrorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-error", abstract: "Say what an error text means, and what to do about it.",
        discussion: """
            Takes the text of a server, a pooler, libpq, Entra, a managed identity or az, or one of its codes; without \
            TEXT, or with -, it reads standard input, which may be a whole log. Nothing is sent anywhere, and tokens in \
            the text are not shown.
            """)

    @Argument(help: "The text, or - for standard input.")
    var text: String?

    @Option(help: "text or json.")
    var output: ReportFormat = .text

    @OptionGroup var common: CommonOptions

    func perform() async throws {
        let report = try await report()
        let circumstances = Circumstances(in: .current)
        let matches = FailureTable.matches(in: report)
        switch output {
        case .text:
            for (index, match) in matches.enumerated() {
                if index > 0 { Terminal.standardOutput.write("\n") }
                Terminal.standardOutput.write(Self.paragraph(match, circumstances))
            }
            if matches.isEmpty {
                common.note("nothing known is in this text; passgres doctor looks for causes by itself")
            }
        case .json:
            try printJSON(
                .object([
                    "matches": .array(
                        matches.map { match in
                            .object([
                                "code": .string(match.failure.code), "title": .string(match.failure.title),
                                "text": .string(match.excerpt),
                                "cause": .string(match.cause(in: circumstances.values)),
                                "remedy": .string(match.remedy(in: circumstances.values)),
                                "checks": .array(match.failure.checks.map { .string($0.rawValue) }),
                            ])
                        })
                ]))
        }
        if matches.isEmpty { throw ExitCode(ExitStatus.faultFound.rawValue) }
    }

    private static func paragraph(_ match: FailureMatch, _ circumstances: Circumstances) -> String {
        var lines = ["\(match.failure.code)  \(match.failure.title)"]
        if !match.excerpt.isEmpty, match.excerpt.uppercased() != match.failure.code {
            lines.append("     in: \(match.excerpt)")
        }
        lines.append("     \(match.cause(in: circumstances.values))")
        lines.append("     -> \(match.remedy(in: circumstances.values))")
        return lines.joined(separator: "\n") + "\n"
    }

    private func report() async throws -> [UInt8] {
        if let text, text != "-" { return Array(text.utf8) }
        guard text == "-" || isatty(STDIN_FILENO) == 0 else {
            throw ValidationError("Give the text, or a code, or pipe a log in.")
        }
        let (bytes, isWhole) = await onOwnThread { StandardInput.read(upTo: 1 << 26) }
        if !isWhole { common.note("the text is longer than 64 MiB; the rest was not read") }
        return bytes
    }
}

/// The stream a pipe ends in.
enum StandardInput {
    /// Reads to the end, or to a limit in bytes; says whether that was all.
    static func read(upTo limit: Int) -> (bytes: [UInt8], isWhole: Bool) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = Glibc.read(STDIN_FILENO, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return (bytes, true) }
            bytes += buffer[..<count]
        }
        return (bytes, Glibc.read(STDIN_FILENO, &buffer, 1) <= 0)
    }
}
