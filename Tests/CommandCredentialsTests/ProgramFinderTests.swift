import CommandCredentials
import CredentialTesting
import Glibc
import Testing

@Suite struct `A program finder` {
    let scratch: ScratchDirectory
    let good: String
    let other: String

    init() throws {
        scratch = try ScratchDirectory()
        good = scratch.path + "/good"
        other = scratch.path + "/other"
        mkdir(good, 0o755)
        mkdir(other, 0o755)
        try scratch.writeScript("", to: "good/az")
    }

    func location(_ path: String?) -> ProgramLocation { ProgramFinder(path: path).location(of: "az") }

    @Test func `finds the first program of the name`() throws {
        try scratch.writeScript("", to: "other/az")
        #expect(location("/nonexistent:\(other):\(good)") == .found("\(other)/az"))
        #expect(location("\(good)/:\(other)") == .found("\(good)/az"))
    }

    @Test func `skips entries that mean the current directory`() throws {
        // The tests' own directory holds no such program, but leads to one by a relative path.
        let cwd = getcwd(nil, 0)
        defer { free(cwd) }
        let depth = try #require(cwd.map { String(cString: $0) }).split(separator: "/").count
        let relative = String(repeating: "../", count: depth) + good.dropFirst()
        try #require(access("\(relative)/az", X_OK) == 0)
        for path in ["", ":", ".", relative, "./\(relative)", "::"] {
            #expect(location(path) == .notFound(passedOver: []))
        }
    }

    @Test func `lists the programs of a beginning that may be run`() throws {
        for name in ["good/x-b", "other/x-b", "other/x-a", "other/x-", "other/y"] {
            try scratch.writeScript("", to: name)
        }
        try scratch.write("plain", to: "good/x-plain")
        try scratch.writeScript("", to: "good/x-open")
        chmod(scratch.path + "/good/x-open", 0o777)
        let finder = ProgramFinder(path: "\(good):/nonexistent:\(other):relative")
        #expect(finder.names(ofProgramsBeginning: "x-") == ["a", "b"])
        #expect(ProgramFinder(path: "").names(ofProgramsBeginning: "x-") == [])
    }

    @Test func `passes over a link that leads nowhere`() {
        symlink("/nowhere/az", "\(other)/az")
        #expect(location(other) == .notFound(passedOver: ["\(other)/az is a link that leads nowhere"]))
        #expect(location("\(other):\(good)") == .found("\(good)/az"))
    }

    @Test func `follows a link to a program`() {
        symlink("\(good)/az", "\(other)/az")
        #expect(location(other) == .found("\(other)/az"))
    }

    @Test func `passes over what is not a program`() throws {
        try scratch.write("", to: "other/az", mode: 0o644)
        #expect(location(other) == .notFound(passedOver: ["\(other)/az is not executable"]))
        unlink("\(other)/az")
        mkdir("\(other)/az", 0o755)
        #expect(location(other) == .notFound(passedOver: ["\(other)/az is not a file"]))
    }

    @Test func `trusts nothing that every user may write to`() throws {
        chmod(good, 0o777)
        #expect(location(good) == .notFound(passedOver: ["\(good)/az is in a directory that every user may write to"]))
        symlink("\(good)/az", "\(other)/az")
        #expect(
            location(other) == .notFound(passedOver: ["\(other)/az leads to a directory that every user may write to"]))
        chmod(good, 0o1777)
        #expect(location(good) == .notFound(passedOver: ["\(good)/az is in a directory that every user may write to"]))
        chmod(good, 0o755)
        chmod("\(good)/az", 0o777)
        #expect(location(good) == .notFound(passedOver: ["\(good)/az may be changed by every user"]))
    }

    @Test(arguments: ["", "a/b", "../az", "a\0"])
    func `finds no name that is none`(_ name: String) {
        #expect(ProgramFinder(path: "/usr/bin:/bin").location(of: name) == .notFound(passedOver: []))
    }

    @Test func `looks in the usual places without a path`() {
        #expect(ProgramFinder(path: nil).location(of: "sh").path != nil)
    }

    @Test func `says why a program given by path may not be run`() throws {
        #expect(ProgramFinder.obstacle(toRunning: "\(good)/az") == nil)
        #expect(ProgramFinder.obstacle(toRunning: "az") == "is not an absolute path")
        #expect(ProgramFinder.obstacle(toRunning: "\(good)/none") == "does not exist")
        #expect(ProgramFinder.obstacle(toRunning: good) == "is not a file")
    }
}
