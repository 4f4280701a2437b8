import CredentialTesting
import Glibc
import Testing
import TokenCredentials

@Suite struct `The private directory of a user` {
    let scratch: ScratchDirectory
    /// The variables of a user whose runtime directory and directory for temporary files are both in the scratch one.
    var environment: ProcessEnvironment {
        ["XDG_RUNTIME_DIR": scratch.path + "/run", "TMPDIR": scratch.path + "/tmp"]
    }
    let name = "passgres-\(geteuid())"

    init() throws {
        scratch = try ScratchDirectory()
        for name in ["run", "tmp"] { mkdir("\(scratch.path)/\(name)", 0o700) }
    }

    @Test func `is named for the user, and made for nobody else`() throws {
        let path = scratch.path + "/run/" + name
        #expect(RuntimeDirectory.path(in: environment) == path)
        var status = stat()
        #expect(lstat(path, &status) != 0)
        let mask = umask(0o777)
        defer { umask(mask) }
        #expect(try RuntimeDirectory.make(in: environment) == path)
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o700)
        #expect(try RuntimeDirectory.make(in: environment) == path)
        #expect(try RuntimeDirectory.existing(in: environment) == [path])
    }

    @Test func `is not where others may write, unless that is meant`() throws {
        chmod(scratch.path + "/run", 0o777)
        #expect(RuntimeDirectory.path(in: environment) == scratch.path + "/tmp/" + name)
        #expect(try RuntimeDirectory.make(in: environment) == scratch.path + "/tmp/" + name)
        let trust = FileTrust(sharedDirectories: [scratch.path + "/run"])
        #expect(try RuntimeDirectory.make(in: environment, trusting: trust) == scratch.path + "/run/" + name)
        chmod(scratch.path + "/tmp", 0o777)
        let without = ProcessEnvironment(["TMPDIR": scratch.path + "/tmp"])
        #expect(RuntimeDirectory.path(in: without) == "/tmp/" + name)
    }

    @Test func `is not where another user lets us in`() throws {
        // Only root can give a directory away, and root alone may write into somebody else's.
        guard geteuid() == 0 else { return }
        #expect(chown(scratch.path + "/run", 65_534, 65_534) == 0)
        #expect(RuntimeDirectory.path(in: environment) == scratch.path + "/tmp/" + name)
        #expect(try RuntimeDirectory.make(in: environment) == scratch.path + "/tmp/" + name)
    }

    @Test(arguments: ["link", "file", "open", "stranger"])
    func `has another name where somebody else took ours first`(obstacle: String) throws {
        let usual = scratch.path + "/tmp/" + name
        chmod(scratch.path + "/tmp", 0o1777)
        let environment = ProcessEnvironment(["TMPDIR": scratch.path + "/tmp"])
        switch obstacle {
        case "link": symlink("../run", usual)
        case "file": close(open(usual, O_WRONLY | O_CREAT, 0o600))
        case "open":
            mkdir(usual, 0o700)
            chmod(usual, 0o755)
        default:
            mkdir(usual, 0o700)
            // As an ordinary user this is our own, and then there is no obstacle to look at.
            guard chown(usual, 65_534, 65_534) == 0 else { return }
        }
        let path = try RuntimeDirectory.make(in: environment)
        #expect(path.hasPrefix(usual + "-"))
        #expect(try RuntimeDirectory.make(in: environment) == path)
        #expect(RuntimeDirectory.path(in: environment) == path)
        #expect(try RuntimeDirectory.existing(in: environment) == [path])
        #expect(OpenDirectory(scratch.path + "/run")?.names == [])
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o700)
    }
}
