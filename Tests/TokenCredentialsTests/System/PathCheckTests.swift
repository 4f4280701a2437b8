import CredentialTesting
import Glibc
import Testing
import TokenCredentials

/// What lies in a directory of a test.
enum Item: Sendable, CustomTestStringConvertible {
    case directory(String, mode: mode_t, by: Maker = .us)
    case file(String, by: Maker = .us)
    case link(String, to: String, by: Maker = .us)

    enum Maker: Sendable {
        case us, stranger
        static let strangersID: uid_t = 65_534
    }

    var testDescription: String {
        switch self {
        case .directory(let name, let mode, let maker): "\(name)/ \(String(mode, radix: 8)) \(maker)"
        case .file(let name, let maker): "\(name) \(maker)"
        case .link(let name, let target, let maker): "\(name) -> \(target) \(maker)"
        }
    }

    private var maker: Maker {
        switch self {
        case .directory(_, _, let maker), .file(_, let maker), .link(_, _, let maker): maker
        }
    }

    /// Only root can make something that belongs to somebody else.
    var isProducible: Bool { maker == .us || geteuid() == 0 }

    func make(in base: String) {
        let place: String
        switch self {
        case .directory(let name, let mode, _):
            place = "\(base)/\(name)"
            mkdir(place, 0o700)
            chmod(place, mode)
        case .file(let name, _):
            place = "\(base)/\(name)"
            close(open(place, O_WRONLY | O_CREAT | O_EXCL, 0o600))
        case .link(let name, let target, _):
            place = "\(base)/\(name)"
            symlink(target, place)
        }
        if maker == .stranger { lchown(place, Maker.strangersID, Maker.strangersID) }
    }
}

@Suite struct `The way to a place` {
    struct Way: Sendable, CustomTestStringConvertible {
        let path: String
        let items: [Item]
        /// What is said, with the test's directory as `~`; `nil` for a way that nobody else can change.
        let refusal: String?
        /// Where it leads.
        let place: String
        let isStrangerTrusted: Bool
        let shared: [String]

        init(
            _ path: String, _ items: [Item], refusal: String? = nil, to place: String? = nil,
            trustingStranger: Bool = false,
            sharing shared: [String] = []
        ) {
            self.path = path
            self.items = items
            self.refusal = refusal
            self.place = place ?? path
            isStrangerTrusted = trustingStranger
            self.shared = shared
        }

        var testDescription: String { "\(path): \(items.map(\.testDescription))" }
    }

    static let ways: [Way] = [
        Way("d/f", [.directory("d", mode: 0o755), .file("d/f")]),
        Way("d/f", [.directory("d", mode: 0o750)]),
        Way("d/none/f", [.directory("d", mode: 0o700)]),
        Way("d/f/g", [.directory("d", mode: 0o700), .file("d/f")]),
        Way(
            "d/f", [.directory("d", mode: 0o777)],
            refusal: "is in ~/d, which others may write to (mode 0777; 0755 is wanted)"),
        Way(
            "d", [.directory("d", mode: 0o722)],
            refusal: "is a directory that others may write to (mode 0722; 0700 is wanted)"),
        Way(
            "d/e/f", [.directory("d", mode: 0o777), .directory("d/e", mode: 0o700)],
            refusal: "is in ~/d, which others may write to (mode 0777; 0755 is wanted)"),
        Way("d/f", [.directory("d", mode: 0o1777)]),
        Way("d/f", [.directory("d", mode: 0o1777), .file("d/f")]),
        Way("d/f", [.directory("d", mode: 0o1777), .file("d/f", by: .stranger)], refusal: "belongs to another user"),
        Way(
            "d/e/f", [.directory("d", mode: 0o1777), .directory("d/e", mode: 0o755, by: .stranger)],
            refusal: "is in ~/d/e, which belongs to another user"),
        Way(
            "d/l", [.directory("d", mode: 0o1777), .file("f"), .link("d/l", to: "../f", by: .stranger)],
            refusal: "belongs to another user"),
        Way(
            "l/f", [.directory("d", mode: 0o700), .link("l", to: "d", by: .stranger)],
            refusal: "is in ~/l, which is a symbolic link of another user"),
        Way("l/f", [.directory("d", mode: 0o700), .link("l", to: "d")], to: "d/f"),
        Way("l", [.directory("d", mode: 0o700), .link("l", to: "m"), .link("m", to: "d/f")], to: "d/f"),
        Way(
            "l/f", [.directory("d", mode: 0o777), .link("l", to: "d")],
            refusal: "leads through ~/d, which others may write to (mode 0777; 0755 is wanted)"),
        Way(
            "l/f", [.directory("d", mode: 0o755, by: .stranger), .link("l", to: "d")],
            refusal: "leads through ~/d, which belongs to another user"),
        Way("l", [.link("l", to: "l")], refusal: "leads through ~/l, which is a symbolic link that leads nowhere"),
        Way("d/../e/./f", [.directory("d", mode: 0o700), .directory("e", mode: 0o700)], to: "e/f"),
        Way(
            "e/../d/f", [.directory("e", mode: 0o777), .directory("d", mode: 0o700)],
            refusal: "is in ~/e, which others may write to (mode 0777; 0755 is wanted)"),
        Way(
            "d/f", [.directory("d", mode: 0o755, by: .stranger)],
            refusal: "is in ~/d, which belongs to another user"),
        Way("d/f", [.directory("d", mode: 0o755, by: .stranger)], trustingStranger: true),
        Way(
            "d/f", [.directory("d", mode: 0o775, by: .stranger)],
            refusal: "is in ~/d, which belongs to another user"),
        Way("d/f", [.directory("d", mode: 0o777)], sharing: ["d"]),
        Way("l/f", [.directory("d", mode: 0o777), .link("l", to: "d")], to: "d/f", sharing: ["l"]),
        Way("d/f", [.directory("d", mode: 0o777, by: .stranger)], sharing: ["d"]),
        Way(
            "d/f", [.directory("d", mode: 0o777), .file("d/f", by: .stranger)], refusal: "belongs to another user",
            sharing: ["d"]),
        Way(
            "d/e/f", [.directory("d", mode: 0o777), .directory("d/e", mode: 0o777)],
            refusal: "is in ~/d/e, which others may write to (mode 0777; 0755 is wanted)", sharing: ["d"]),
    ].filter { $0.items.allSatisfy(\.isProducible) }

    @Test(arguments: ways) func `is believed only where nobody else can change it`(way: Way) throws {
        let scratch = try ScratchDirectory()
        for item in way.items { item.make(in: scratch.path) }
        let check = PathCheck(
            trusting: way.isStrangerTrusted ? [Item.Maker.strangersID] : [],
            sharing: way.shared.map { "\(scratch.path)/\($0)" })
        do throws(Protection.Exposure) {
            let place = try check.resolve("\(scratch.path)/\(way.path)")
            #expect(way.refusal == nil)
            #expect(place == "\(scratch.path)/\(way.place)")
        } catch {
            #expect(error.words.replacing(scratch.path, with: "~") == way.refusal)
        }
    }

    @Test func `of another user is refused from its first directory on`() throws {
        let scratch = try ScratchDirectory()
        // Root is trusted by everybody: its directory becomes a stranger's.
        if geteuid() == 0 { #expect(chown(scratch.path, 65_534, 65_534) == 0) }
        #expect(throws: Protection.Exposure.self) { try PathCheck(user: 4_242).resolve(scratch.path + "/f") }
        try PathCheck(user: 4_242).resolve("/usr/lib/../bin/env")
        try PathCheck(user: 4_242).resolve("/tmp/of-nobody-yet")
    }

    @Test func `begins at the working directory where it does not begin at the root`() throws {
        let start = try #require(getcwd(nil, 0))
        defer { free(start) }
        #expect(try PathCheck().resolve("none/f") == String(cString: start) + "/none/f")
        for path in ["", "/a\0b"] { #expect(throws: Protection.Exposure.self) { try PathCheck().resolve(path) } }
    }
}
