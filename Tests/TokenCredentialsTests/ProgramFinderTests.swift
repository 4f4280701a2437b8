import CredentialTesting
import Glibc
import Testing
import TokenCredentials

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
        for path in ["", ":", ".", "::"] {
            #expect(location(path) == .notFound(passedOver: []))
        }
        for path in [relative, "./\(relative)"] {
            #expect(location(path) == .notFound(passedOver: ["\(path)/az is in a relative entry of PATH"]))
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

    /// Why the program in a directory was passed over; `nil` if it was found, or if there is none.
    func obstacle(_ path: String) -> String? {
        guard case .notFound(let passedOver) = location(path) else { return nil }
        return passedOver.first
    }

    @Test func `trusts nothing that others may write to`() throws {
        chmod(good, 0o777)
        symlink("\(good)/az", "\(other)/az")
        for place in [good, other] {
            #expect(obstacle(place)?.hasPrefix("\(place)/az ") == true)
            #expect(obstacle(place)?.contains("\(good), which others may write to") == true)
        }
        chmod(good, 0o1777)
        #expect(obstacle(good) == "\(good)/az is in a directory that every user may write to")
        #expect(obstacle(other) == "\(other)/az leads to a directory that every user may write to")
        chmod(good, 0o755)
        for mode in [0o777, 0o757] as [mode_t] {
            chmod("\(good)/az", mode)
            #expect(obstacle(good) == "\(good)/az may be changed by others")
        }
    }

    @Test func `trusts no directory on the way that others may write to`() throws {
        chmod(scratch.path, 0o777)
        defer { chmod(scratch.path, 0o700) }
        #expect(obstacle(good)?.contains("\(scratch.path), which others may write to") == true)
        let reason = ProgramFinder.obstacle(toRunning: "\(good)/az")
        #expect(reason?.contains("\(scratch.path), which others may write to") == true)
        #expect(ProgramFinder(path: good).names(ofProgramsBeginning: "a") == [])
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `trusts nothing of another user`() throws {
        chown("\(good)/az", 65_534, 65_534)
        #expect(location(good) == .notFound(passedOver: ["\(good)/az belongs to another user"]))
        chown("\(good)/az", 0, 0)
        #expect(location(good) == .found("\(good)/az"))
        chown(good, 65_534, 65_534)
        #expect(obstacle(good)?.contains("\(good), which belongs to another user") == true)
        chown(good, 0, 0)
        // A link where others may make some.
        let open = scratch.path + "/open"
        mkdir(open, 0o755)
        chmod(open, 0o1777)
        symlink("\(good)/az", "\(open)/az")
        lchown("\(open)/az", 65_534, 65_534)
        #expect(location(open) == .notFound(passedOver: ["\(open)/az belongs to another user"]))
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
