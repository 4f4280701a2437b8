import ArgumentParser
import TokenCredentials

/// Why the parser does not take a command line, in its own words without the arguments that these repeat.
///
/// An argument in the wrong place may be a secret. So the parser is asked again about the same command line with marks in
/// the place of all that is not the tool's own vocabulary; where its words are the same but for the marks, these are shown
/// as places.
struct ArgumentError {
    private let texts: [String]
    private let said: String

    /// Takes a command line and what the parser said about it.
    init(_ error: any Error, in arguments: CommandArguments) {
        texts = arguments.texts
        said = Passgres.fullMessage(for: error)
    }

    /// What to print.
    var words: String {
        guard let (words, marked) = wordsWithPlaces, !repeats(words, but: marked) else {
            return "Error: The command line is wrong. See 'passgres --help' for more information."
        }
        let note = "Arguments are named by their places, counted from the first after passgres: any may hold a secret."
        return words == said ? words : words + "\n" + note
    }

    /// The parser's words with places, and what it was asked about; `nil` where it cannot be told what they repeat.
    private var wordsWithPlaces: (words: String, marked: [String])? {
        var marked = texts.indices.map { Self.marked(texts[$0], at: $0) }
        if unmarked(Self.words(about: marked)) != said {
            // A mark made another mistake of it, such as a number that is none: find the arguments that bear one.
            guard texts.count <= 32 else { return nil }
            var kept = texts
            for index in texts.indices where kept[index] != marked[index] {
                var trial = kept
                trial[index] = marked[index]
                if unmarked(Self.words(about: trial)) == said { kept = trial }
            }
            marked = kept
        }
        return (withPlaces(Self.words(about: marked)), marked)
    }

    private static func words(about texts: [String]) -> String {
        do {
            var command = try Passgres.parseAsRoot(texts)
            // Of the parser's own commands, `help` has its mistakes when it is run; ours are run only once.
            if !(command is any Subcommand) { try command.run() }
            return ""
        } catch {
            return Passgres.fullMessage(for: error)
        }
    }

    // MARK: Marks

    private static func mark(_ index: Int) -> String { "Zz\(index + 1)zZ" }

    /// An argument with a mark in the place of what may be a secret.
    private static func marked(_ text: String, at index: Int) -> String {
        guard text != "-", text != "--", !vocabulary.contains(text) else { return text }
        guard text.hasPrefix("-") else { return mark(index) }
        guard let equals = text.firstIndex(of: "=") else { return text }
        return text[...equals] + mark(index)
    }

    private func unmarked(_ words: String) -> String {
        texts.indices.reduce(words) { words, index in
            words.replacing(Self.mark(index), with: Self.value(texts[index]))
        }
    }

    /// What a mark stands for.
    private static func value(_ text: String) -> String {
        guard text.hasPrefix("-"), let equals = text.firstIndex(of: "=") else { return text }
        return String(text[text.index(after: equals)...])
    }

    private func withPlaces(_ words: String) -> String {
        var words = words
        for (index, text) in texts.enumerated() {
            let (mark, place) = (Self.mark(index), "argument \(index + 1)")
            words = words.replacing("The value '\(mark)'", with: "The value in \(place)")
            words = words.replacing("nexpected argument '\(mark)'", with: "nexpected \(place)")
            for quote in ["'", "\""] { words = words.replacing(quote + mark + quote, with: place) }
            words = words.replacing(mark, with: place)
            let name = Self.name(text)
            if text.hasPrefix("-"), !Self.vocabulary.contains(name) {
                words = words.replacing("Unknown option '\(name)'", with: "Unknown option in \(place)")
                words = words.replacing("'\(name)'", with: place)
            }
        }
        return words
    }

    /// The part of an option before its value.
    private static func name(_ text: String) -> String { String(text.prefix { $0 != "=" }) }

    /// Whether a part of an argument that bore no mark is left, and is long enough for a secret. Help and usage repeat none.
    private func repeats(_ words: String, but marked: [String]) -> Bool {
        let words = words.split(separator: "\n").prefix { !$0.hasPrefix("Help:") && !$0.hasPrefix("Usage:") }
            .joined(separator: "\n")
        return zip(texts, marked).contains { text, marked in
            guard text == marked else { return false }
            let parts = text.hasPrefix("-") ? [Self.name(text), Self.value(text)] : [text]
            return parts.contains { part in
                part.utf8.count >= 4 && !Self.vocabulary.contains(part) && words.contains(part)
            }
        }
    }

    // MARK: Vocabulary

    /// The names of commands and options: what is one of these is no secret.
    private static let vocabulary: Set<String> = {
        var words: Set<String> = ["passgres", "help", "--help", "-h", "--version", "--generate-completion-script"]
        var pending: [any ParsableCommand.Type] = [Passgres.self]
        while let command = pending.popLast() {
            if let name = command.configuration.commandName { words.insert(name) }
            words.insert(command._commandName)
            pending += command.configuration.subcommands
            let help = Passgres.helpMessage(for: command, includeHidden: true, columns: 1000)
            for word in help.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) })
            where word.hasPrefix("--") {
                words.insert(String(word))
            }
        }
        return words
    }()
}
