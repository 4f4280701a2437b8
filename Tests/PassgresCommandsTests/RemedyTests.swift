import ArgumentParser
import Foundation
import KnownFailures
import PassgresCommands
import Testing

@Suite struct `A command that a remedy names` {
    /// The command lines in a sentence, each up to the first word that belongs to the sentence again.
    static func commandLines(in sentence: String) -> [[String]] {
        sentence.components(separatedBy: "passgres ").dropFirst().map { rest in
            var words: [String] = []
            for raw in rest.split(separator: " ") {
                let word = raw.trimmingCharacters(in: CharacterSet(charactersIn: ".,;:)`"))
                let isFirst = words.isEmpty
                let isSecond = words == ["role"] || words == ["credentials"] || words == ["connections"]
                let isOwn = word.hasPrefix("-") || word.contains("=") || word == word.uppercased()
                guard isFirst || isSecond || isOwn || words.last?.hasPrefix("--") == true else { break }
                words.append(word)
                if word.utf8.count < raw.utf8.count { break }
            }
            return words
        }
    }

    /// The same with values of the kind that the words in capitals stand for.
    static func filled(_ words: [String]) -> [String] {
        let values = [
            "OID": "7e57ab1e-0000-4000-8000-0000000000b1", "TYPE": "group", "ID": "x", "TENANT": "contoso.example",
        ]
        return words.map { values[$0] ?? $0 }
    }

    static func isUnderstood(_ words: [String]) -> Bool {
        (try? Passgres.parseAsRoot(words)) != nil
    }

    @Test(arguments: FailureTable.failures.filter { $0.remedy.filled([:]).contains("passgres ") }.map(\.code))
    func `is one that the tool takes`(_ code: String) throws {
        let sentence = try #require(FailureTable.failure(code)).remedy.filled([:])
        // Sentences about the tool.
        let verbs: Set = ["never", "names", "asks", "brings"]
        for words in Self.commandLines(in: sentence) where !verbs.contains(words.first ?? "") {
            // Behind an option that takes no value the sentence may go on.
            let candidates = [words, words.dropLast()].map { Self.filled(Array($0)) }
            let options = words.filter { $0.hasPrefix("-") }
            #expect(
                candidates.contains { options.allSatisfy($0.contains) && Self.isUnderstood($0) },
                "\(code): passgres \(words.joined(separator: " "))")
        }
    }

    @Test func `would be found out if it were none`() {
        #expect(!Self.isUnderstood(["role", "create", "x", "--object-id", "7e57ab1e-0000-4000-8000-0000000000b1"]))
        #expect(!Self.isUnderstood(["--tenant", "x"]))
        #expect(Self.commandLines(in: "Do it: passgres psql --no-cache.") == [["psql", "--no-cache"]])
        #expect(Self.commandLines(in: "passgres pgpass with the same; passgres token.") == [["pgpass"], ["token"]])
    }
}
