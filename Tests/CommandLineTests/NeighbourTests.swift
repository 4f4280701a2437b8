import Foundation
import LocalEntra
import Testing
import TokenCredentials

/// Every place the tool writes to, where another user of the machine has been before.
@Suite struct `Among neighbours` {
    /// What the neighbour has made, or who lets him in.
    enum Hazard: String, CaseIterable {
        /// What shall be written is there already, and his.
        case taken
        /// It is his link to something of ours.
        case link
        /// The directory is his.
        case foreign
        /// Everybody may write to the directory.
        case open

        /// Only root can make something that belongs to somebody else.
        static var producible: [Hazard] { allCases.filter { $0 == .open || geteuid() == 0 } }
    }

    enum Victim: String, CaseIterable {
        case root, ordinary

        static var producible: [Victim] { geteuid() == 0 ? allCases : [.ordinary] }

        var user: uid_t { geteuid() == 0 && self == .ordinary ? 12_345 : geteuid() }
    }

    /// A place that is named by the one who runs the tool: it is used, or refused.
    enum NamedPlace: String, CaseIterable {
        case pgpass, conninfo, keptPasswordFile, authFile, credentialDirectory, secrets

        var isDirectory: Bool { self == .credentialDirectory || self == .secrets }

        func arguments(_ path: String, of victim: Victim) -> [String] {
            let connection = "host=db.example dbname=orders user=orders-api"
            return switch self {
            case .pgpass: ["pgpass", "--passfile", path, connection]
            case .conninfo: ["conninfo", "--password", "passfile", "--passfile", path, connection]
            case .keptPasswordFile: ["keep", "--once", "--passfile", path, connection]
            // Root says for whom it writes.
            case .authFile:
                ["keep", "--once", "--pgbouncer-auth-file", path] + (victim.user == 0 ? ["--owner", "root"] : [])
                    + [connection]
            case .credentialDirectory: ["keep", "--once", "--credential-directory", path, connection]
            case .secrets: ["secret", "store", "orders"]
            }
        }
    }

    /// A user of the machine with a home, and a place that a neighbour knows of.
    struct Stage {
        static let neighbour: uid_t = 65_534
        let scratch = Scratch()
        let victim: Victim
        let target: String

        init(_ victim: Victim, _ hazard: Hazard, isDirectory: Bool) {
            self.victim = victim
            let base = scratch.path
            chmod(base, 0o755)
            target = base + "/place/token"
            Self.directory(base + "/home", 0o700, victim.user)
            Self.directory(base + "/temporary", 0o700, victim.user)
            Self.file(base + "/home/.bashrc", "mine", victim.user)
            switch hazard {
            case .taken, .link: Self.directory(base + "/place", 0o1777, geteuid())
            case .foreign: Self.directory(base + "/place", 0o1777, Self.neighbour)
            case .open: Self.directory(base + "/place", 0o777, victim.user)
            }
            switch hazard {
            case .taken:
                if isDirectory {
                    Self.directory(target, 0o777, Self.neighbour)
                } else {
                    Self.file(target, "", Self.neighbour)
                }
            case .link:
                symlink(base + (isDirectory ? "/home" : "/home/.bashrc"), target)
                lchown(target, Self.neighbour, Self.neighbour)
            case .foreign, .open: if isDirectory { Self.directory(target, 0o700, victim.user) }
            }
        }

        private static func directory(_ path: String, _ mode: mode_t, _ user: uid_t) {
            mkdir(path, 0o700)
            chown(path, user, user == geteuid() ? getegid() : user)
            chmod(path, mode)
        }

        private static func file(_ path: String, _ text: String, _ user: uid_t) {
            _ = FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            chown(path, user, user == geteuid() ? getegid() : user)
        }

        /// Names, owners, modes and contents of everything but the directory for temporary files.
        var everything: [String] {
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: scratch.path)) ?? []
            return names.filter { !$0.hasPrefix("temporary/") }.sorted().map { name in
                var status = stat()
                lstat("\(scratch.path)/\(name)", &status)
                let contents =
                    status.st_mode & S_IFMT == S_IFREG
                    ? FileManager.default.contents(atPath: "\(scratch.path)/\(name)") ?? Data() : Data()
                let mode = String(status.st_mode, radix: 8)
                return "\(name) \(mode) \(status.st_uid) \(String(decoding: contents, as: UTF8.self))"
            }
        }

        /// The tool as the victim runs it.
        func tool(_ cloud: Cloud) -> Tool {
            for path in [cloud.scratch.path, cloud.scratch.path + "/ca.pem"] { chmod(path, 0o755) }
            var tool = cloud.tool
            if victim.user != geteuid() { tool.user = victim.user }
            tool.environment.merge([
                "HOME": scratch.path + "/home", "TMPDIR": scratch.path + "/temporary", "PASSGRES_SECRET_STORE": "file",
                "XDG_RUNTIME_DIR": "",
            ]) { $1 }
            return tool
        }
    }

    @Test(arguments: NamedPlace.allCases, Hazard.producible)
    func `a place that is named is refused, and nothing changes`(place: NamedPlace, hazard: Hazard) async throws {
        try await Cloud.with { cloud in
            for victim in Victim.producible {
                let stage = Stage(victim, hazard, isDirectory: place.isDirectory)
                var tool = stage.tool(cloud)
                if place == .secrets { tool.environment["XDG_STATE_HOME"] = stage.target }
                let before = stage.everything
                let ending = try await tool.run(place.arguments(stage.target, of: victim), input: "hush")
                #expect(ending.status == 74, "\(victim): \(ending.errors)")
                #expect(
                    ending.errors.contains("another user") || ending.errors.contains("others may write"),
                    "\(victim): \(ending.errors)")
                #expect(stage.everything == before, "\(victim)")
            }
        }
    }

    @Test(arguments: Hazard.producible)
    func `a place that is found is passed over, and the work is done elsewhere`(hazard: Hazard) async throws {
        try await Cloud.with { cloud in
            for victim in Victim.producible {
                let stage = Stage(victim, hazard, isDirectory: true)
                var tool = stage.tool(cloud)
                tool.environment["XDG_RUNTIME_DIR"] = stage.target
                tool.environment["PASSGRES_CACHE"] = nil
                let temporary = stage.scratch.path + "/temporary"
                let psql = try cloud.scratch.write("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", to: "psql")
                chmod(psql, 0o755)
                tool.environment["PATH"] = cloud.scratch.path + ":/usr/bin:/bin"
                let before = stage.everything
                let connection = "host=db.example dbname=orders user=orders-api"

                let token = try await tool("token", connection)
                #expect(token.status == 0 && token.output.hasPrefix("eyJ"), "\(victim): \(token.errors)")
                let tokens = "\(temporary)/passgres-\(victim.user)/tokens"
                #expect((try? FileManager.default.contentsOfDirectory(atPath: tokens).isEmpty) == false)

                let program = try await tool("exec", connection, "--", "/bin/sh", "-c", "echo $PGPASSFILE")
                #expect(program.status == 0, "\(victim): \(program.errors)")
                #expect(program.output.hasPrefix(temporary + "/"), "\(victim): \(program.output)")

                let role = try await tool("role", "create", "r", "--apply", connection)
                #expect(role.lines.contains { $0.hasPrefix(temporary + "/") }, "\(victim): \(role.errors)")

                let keeper = try tool.start(["keep", "--passfile", temporary + "/kept", connection])
                var report = try await tool("keep", "--status")
                while report.status != 0, keeper.isRunning { report = try await tool("keep", "--status") }
                keeper.send(SIGTERM)
                let kept = await keeper.ending()
                #expect(kept.status == 0 && report.output.contains("fresh"), "\(victim): \(kept.errors)")
                #expect(stage.everything == before, "\(victim)")
            }
        }
    }

    @Test func `secrets in a directory that others may write to are not believed`() async throws {
        try await `passgres secret`.withFile { scratch, tool in
            _ = try await tool.run(["secret", "store", "orders"], input: "hush")
            chmod(scratch.path + "/state/passgres", 0o777)
            let ending = try await tool("secret", "list")
            #expect(ending.status == 74 && ending.errors.contains("mode 0777; 0755 is wanted"), "\(ending.errors)")
            #expect(!(ending.output + ending.errors).contains("hush"))
        }
    }

    @Test func `root writes for another user where he is named`() async throws {
        // Only root can give files away.
        guard geteuid() == 0 else { return }
        try await Cloud.with { cloud in
            let stage = Stage(.ordinary, .foreign, isDirectory: false)
            let home = stage.scratch.path + "/home"
            let tool = {
                var tool = stage.tool(cloud); tool.user = nil; return tool
            }()
            let connection = "host=db.example dbname=orders user=orders-api"
            let refused = try await tool("pgpass", "--passfile", home + "/.pgpass", connection)
            #expect(refused.status == 74 && refused.errors.contains("--owner"), "\(refused.errors)")
            let (pgpass, kept) = (home + "/.pgpass", home + "/kept")
            for arguments in [
                ["pgpass", "--passfile", pgpass, "--owner", "12345", connection],
                ["keep", "--once", "--passfile", kept, "--owner", "12345", connection],
            ] {
                let ending = try await tool.run(arguments)
                #expect(ending.status == 0, "\(ending.errors)")
            }
            for path in [pgpass, kept] {
                var status = stat()
                #expect(stat(path, &status) == 0 && status.st_uid == 12_345 && status.st_mode & 0o7777 == 0o600)
            }
            let unknown = try await tool("pgpass", "--owner", "nobody-of-that-name", connection)
            #expect(unknown.status == 64 && unknown.errors.contains("no user"), "\(unknown.errors)")
            var ordinary = tool
            ordinary.user = 12_345
            let other = try await ordinary("pgpass", "--owner", "0", connection)
            #expect(other.status == 64 && other.errors.contains("only root"), "\(other.errors)")
        }
    }

    @Test func `a directory that is shared on purpose is used where it is named`() async throws {
        try await Cloud.with { cloud in
            let shared = cloud.scratch.path + "/shared"
            mkdir(shared, 0o700)
            chmod(shared, 0o777)
            let connection = "host=db.example dbname=orders user=orders-api"
            var tool = cloud.tool
            tool.environment["XDG_RUNTIME_DIR"] = shared
            let file = shared + "/pgpass"
            #expect(try await tool("pgpass", "--passfile", file, connection).status == 74)
            let named = try await tool("pgpass", "--passfile", file, "--allow-shared-directory", shared, connection)
            #expect(named.status == 0, "\(named.errors)")
            let configuration = """
                {"connections": ["\(connection)"], "passwordFiles": ["\(file)"], "credentialDirectory": "\(shared)",
                 "allowSharedDirectories": ["\(shared)"]}
                """
            let keep = try cloud.scratch.write(configuration, to: "keep.json")
            let once = try await tool("keep", "--once", "--config", keep)
            #expect(once.status == 0, "\(once.errors)")
            let keeper = try tool.start(["keep", "--config", keep])
            let status = ["keep", "--status", "--allow-shared-directory", shared]
            var report = try await tool.run(status)
            while report.status != 0, keeper.isRunning { report = try await tool.run(status) }
            #expect(report.output.contains("fresh"))
            keeper.send(SIGTERM)
            #expect(await keeper.ending().status == 0)
        }
    }

    @Test func `a program is run in time, whoever holds a lock on our private directory`() async throws {
        try await Cloud.with { cloud in
            let directory = "\(cloud.scratch.path)/passgres-\(geteuid())"
            mkdir(directory, 0o700)
            let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
            let ending = try await cloud.tool(
                "exec", "--timeout", "5", "host=db.example user=orders-api", "--", "/bin/true")
            #expect(ending.status == 0, "\(ending.errors)")
        }
    }

    @Test func `a writer that is stopped is not waited for longer than the command may take`() async throws {
        try await Cloud.with { cloud in
            let lock = open(cloud.scratch.path + "/.kept.passgres.new", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
            let ending = try await cloud.tool(
                "pgpass", "--timeout", "1", "--passfile", cloud.scratch.path + "/kept", "host=db.example user=u")
            #expect(ending.status == 75, "\(ending.errors)")
            #expect(ending.seconds < 4)
            #expect(cloud.scratch.names.filter { $0.contains("kept") } == [".kept.passgres.new"])
        }
    }
}
