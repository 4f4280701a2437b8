import ArgumentParser
import FoundationEssentials
import PostgresCredentials
import TokenCredentials

/// How a command that reports writes its result.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The options of every subcommand.
struct CommonOptions: ParsableArguments {
    @Flag(name: .long, help: "Say nothing but errors.")
    var quiet = false

    @Option(name: .long, help: ArgumentHelp("Bounds the whole command.", valueName: "seconds"))
    var timeout: Double?

    func validate() throws {
        if let timeout, !(timeout > 0 && timeout <= 86_400) {
            throw ValidationError("--timeout takes seconds, more than 0 and at most 86400.")
        }
    }

    /// Writes to standard error what is no error.
    func note(_ text: String) {
        if !quiet { Terminal.standardError.write("passgres: \(text.onOneLine)\n") }
    }

    /// Says which parameters of a connection do not reach a program that is told of it by variables.
    func noteLost(from connection: ConnectionInfo) {
        let lost = connection.keywordsWithoutVariable
        guard !lost.isEmpty else { return }
        let which =
            lost.count == 1
            ? "\(lost[0]), for which there is no variable, does"
            : "\(lost.joined(separator: ", ")), for which there are no variables, do"
        note("warning: \(which) not reach the program; passgres conninfo has every parameter")
    }
}

extension CommonOptions {
    /// How libpq is told of a connection.
    enum Handover {
        /// By a string or a service file, which libpq refuses for a parameter that it does not know.
        case text
        /// By variables, of which libpq passes over those that it does not know.
        case variables
    }

    /// Says which parameters of a connection the libpq of this machine does not know.
    func noteUnknown(in connection: ConnectionInfo, handedOver way: Handover) {
        guard !quiet, !connection.keywords(unknownTo: .oldest).isEmpty, let number = LocalLibpq.number else { return }
        let unknown = connection.keywords(unknownTo: LibpqVersion(major: number / 10_000)).filter { keyword in
            switch way {
            // What only a variable says is written into no text.
            case .text: connection.origin(of: keyword) != .environment
            case .variables: ConnectionKeyword.named(keyword)?.variable != nil
            }
        }
        guard !unknown.isEmpty else { return }
        let list = unknown.map { keyword in
            "\(keyword) (since \(ConnectionKeyword.named(keyword)?.since.major ?? 0))"
        }
        let end = way == .text ? "and refuses such a connection" : "and passes over the variable"
        note(
            "warning: the libpq found here, \(LocalLibpq.shown(number)), does not know \(list.joined(separator: ", ")), \(end)"
        )
    }
}

/// One JSON document on standard output, its members in the order of their names, with what a terminal would take for
/// a command escaped.
func printJSON(_ value: JSONValue) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    Terminal.standardOutput.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
}

extension JSONValue {
    /// A text, or `null`.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// Whole seconds since 1970 (UTC), or `null`.
    init(epochOf date: Date?) { self = date.map { .number($0.timeIntervalSince1970.rounded(.down)) } ?? .null }
}
