import EntraCredentials
import Foundation
import Testing
import TokenCredentials

@Suite struct `The pages` {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// README, and every page of Docs.
    static let pages: [String] = {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "Docs").path)) ?? []
        return ["README.md"]
            + names.filter { $0.hasSuffix(".md") && !$0.contains(".build") }.sorted().map { "Docs/" + $0 }
    }()

    static func text(of page: String) throws -> String {
        try String(contentsOf: root.appending(path: page), encoding: .utf8)
    }

    /// The lines of each block of that language, without the empty ones.
    static func blocks(in page: String, language: String) throws -> [[String]] {
        var blocks: [[String]] = []
        var open: (language: String, lines: [String])?
        for line in try text(of: page).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    if block.language == language { blocks.append(block.lines) }
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), [])
                }
            } else if !line.allSatisfy(\.isWhitespace) {
                open?.lines.append(String(line))
            }
        }
        return blocks
    }

    /// What stands between the marks of each name, without white space: a page may break its lines elsewhere.
    static func examples() throws -> [String: String] {
        var examples: [String: String] = [:]
        var name: String?
        for line in try text(of: "Tests/DocumentationTests/Examples.swift").split(separator: "\n") {
            let inner = line.drop { $0 == " " }
            if inner.hasPrefix("// example: ") {
                name = String(inner.dropFirst("// example: ".count))
            } else if inner == "// end" {
                name = nil
            } else if let name, !inner.hasPrefix("import ") {
                examples[name, default: ""] += inner.filter { !$0.isWhitespace }
            }
        }
        return examples
    }

    /// Blocks of Swift that no test can hold, by the word after the language, and why.
    static let unheld = ["postgres-nio": "PostgresNIO is not among this package's dependencies"]

    /// A part of a manifest is no code that a test can hold.
    static func isManifest(_ block: [String]) -> Bool {
        block.contains {
            $0.contains(".package(") || $0.contains(".plugin(") || $0.contains(".product(")
                || $0.contains("PackageDescription")
        }
    }

    @Test func `of the architecture names every target`() throws {
        let page = try Self.text(of: "Docs/Architecture.md")
        let names = try Self.text(of: "Package.swift").matches(of: /library\(\s*"(\w+)"/).map { String($0.1) }
        #expect(names.count > 25)
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
    }

    @Test func `show only code that is compiled`() throws {
        let examples = try Self.examples()
        #expect(!examples.isEmpty)
        var shown: Set<String> = []
        for page in Self.pages where !page.hasPrefix("Docs/Examples") {
            for block in try Self.blocks(in: page, language: "swift") where !Self.isManifest(block) {
                // A block is one example, or several one after the other.
                var rest = block.filter { !$0.hasPrefix("import ") }.joined().filter { !$0.isWhitespace }
                while let (name, code) = examples.first(where: { !$0.value.isEmpty && rest.hasPrefix($0.value) }) {
                    shown.insert(name)
                    rest.removeFirst(code.count)
                }
                #expect(rest.isEmpty, "\(page) shows what is not in Examples.swift")
            }
        }
        #expect(Set(examples.keys).subtracting(shown).sorted() == [], "examples that no page shows")
    }

    /// The pages whose every block is a whole file.
    static let wholeFiles = ["Docs/Connecting.md", "Docs/Choosing-credentials.md"]

    @Test(arguments: wholeFiles)
    func `show code that compiles as it is pasted`(_ page: String) async throws {
        let blocks = try Self.blocks(in: page, language: "swift").filter { !Self.isManifest($0) }
        #expect(!blocks.isEmpty)
        for block in blocks {
            let (status, words) = try await PastedCode(lines: block).check()
            #expect(status == 0, "\(page):\n\(block.joined(separator: "\n"))\n\(words)")
        }
        let lost = try await PastedCode(lines: ["let login = credential"]).check()
        #expect(lost.status != 0, "what is not defined is found")
    }

    @Test func `mark the code that is not compiled here, and say so`() throws {
        var marks: Set<String> = []
        for page in Self.pages {
            let text = try Self.text(of: page)
            for match in text.matches(of: /(?m)^```swift +(.*)$/) {
                let reason = Self.unheld[String(match.1)]
                #expect(reason != nil, "\(page): \(match.1)")
                #expect(text.contains("no test of this package holds these lines"), "\(page)")
                marks.insert(String(match.1))
            }
        }
        #expect(marks == Set(Self.unheld.keys))
    }

    @Test func `name every variable that is looked at`() throws {
        let page = try Self.text(of: "Docs/Variables.md")
        let sources = Self.root.appending(path: "Sources").path
        var names: Set<String> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: sources) where file.hasSuffix(".swift") {
            let text = try Self.text(of: "Sources/\(file)")
            for match in text.matches(of: /(?:nvironment|variables)(?:\.dictionary)?\["([A-Za-z_]+)"\]/) {
                names.insert(String(match.1))
            }
        }
        #expect(names.count > 30 && names.contains("HOME"))
        // libpq's own are on the page as a whole.
        for name in names.sorted() where !name.hasPrefix("PG") {
            #expect(page.contains("`\(name)`"), "\(name)")
        }
    }

    @Test func `call nothing a credential's name that is none`() throws {
        let readme = try Self.text(of: "README.md")
        let byName = try #require(
            readme.split(separator: "By name only:").last?.split(separator: "In code only:").first)
        #expect(!byName.contains("on-behalf-of"))
        #expect(!CredentialRegistry.standard.names.contains("on-behalf-of"))
    }

    @Test func `lead only to files that are there`() throws {
        let link = /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/
        for page in Self.pages {
            let directory = Self.root.appending(path: page).deletingLastPathComponent()
            for match in try Self.text(of: page).matches(of: link) {
                let target = directory.appending(path: String(match.1)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page): \(match.1)")
            }
        }
    }

    @Test(arguments: pages)
    func `name only subcommands that there are`(_ page: String) throws {
        let known: Set = [
            "token", "conninfo", "pgpass", "exec", "psql", "keep", "login", "logout", "status", "explain", "doctor",
            "explain-error", "role", "credentials", "connections", "secret", "variables-page", "failures-page",
        ]
        for match in try Self.text(of: page).matches(of: /(?:`|\$ )passgres ([a-z-]+)/) {
            #expect(known.contains(String(match.1)), "\(page): passgres \(match.1)")
        }
    }
}
