import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite struct `passgres keep` {
    let connection = "host=db.example port=6000 dbname=orders user=orders-api"

    @Test func `stores once for cron, with one request for all`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            let ending = try await cloud.tool(
                "keep", "--once", "--passfile", path + "/a", "--passfile", path + "/b", "--pgbouncer-auth-file",
                path + "/c", "--owner", "\(geteuid())", connection, "host=other user=orders-api")
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.output == "" && !ending.errors.contains("eyJ"))
            let text = try String(contentsOfFile: path + "/a", encoding: .utf8)
            #expect(text.hasPrefix("db.example:6000:orders:orders-api:eyJ"))
            #expect(text.contains("\nother:5432:*:orders-api:eyJ"))
            #expect(try String(contentsOfFile: path + "/b", encoding: .utf8) == text)
            #expect(try String(contentsOfFile: path + "/c", encoding: .utf8).hasPrefix("\"orders-api\" \"eyJ"))
            #expect(cloud.identityRequests.count == 1)
        }
    }

    @Test func `runs until it is told to end, says how it fares, and reads its configuration again`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            func configure(_ files: String...) throws {
                let list = files.map { "\"\(path)/\($0)\"" }.joined(separator: ",")
                let text = #"{"connections": ["\#(connection)"], "passwordFiles": [\#(list)]}"#
                _ = try cloud.scratch.write(text, to: "keep.json")
            }
            try configure("a")
            let run = try cloud.tool.start(["keep", "--config", path + "/keep.json"])
            #expect(try await status(cloud, until: 1).map { $0["outcome"]?.text } == ["fresh"])
            try configure("a", "b")
            run.send(SIGHUP)
            let rows = try await status(cloud, until: 2)
            #expect(rows.map { $0["path"]?.text } == [path + "/a", path + "/b"])
            let text = try await cloud.tool("keep", "--status")
            #expect(text.status == 0 && text.lines.count == 2 && text.lines[0].hasPrefix("fresh"))
            // What is wrong leaves the old configuration in place.
            _ = try cloud.scratch.write(#"{"connections": ["user='u"]}"#, to: "keep.json")
            run.send(SIGHUP)
            let said = await run.errors(upTo: "the old one stays: ")
            #expect(said.contains("could not be read again"))
            run.send(SIGTERM)
            let ending = await run.ending()
            #expect(ending.errors.contains("the old one stays: connection 1: the connection string cannot be used"))
            #expect(!ending.errors.contains("CommandFailure"))
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.errors.contains("the configuration was read again"))
            // Who gave it, and not whom nobody asked.
            #expect(ending.errors.contains("passgres: managed-identity gave a token that is good for"))
            #expect(cloud.identityRequests.count == 1)
            #expect(cloud.privateDirectories == [])
            let after = try await cloud.tool("keep", "--status")
            #expect(after.status == 1 && after.errors.contains("no keeper"))
        }
    }

    @Test func `goes on by another rhythm that SIGHUP brings, and says what it cannot change`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            func configure(_ more: String) throws {
                let text = #"{"connections": ["\#(connection)"], "passwordFiles": ["\#(path)/a"]\#(more)}"#
                _ = try cloud.scratch.write(text, to: "keep.json")
            }
            try configure(#", "renewal": {"checkSeconds": 86400}"#)
            let run = try cloud.tool.start(["keep", "--config", path + "/keep.json"])
            #expect(try await status(cloud, until: 1).count == 1)
            _ = try cloud.scratch.write("", to: "a")
            try configure(#", "renewal": {"checkSeconds": 1}, "health": "127.0.0.1:1""#)
            run.send(SIGHUP)
            #expect(await run.errors(upTo: "put right").contains("was changed by somebody else"))
            run.send(SIGTERM)
            let ending = await run.ending()
            #expect(ending.errors.contains("another address for health checks counts from the next start on"))
        }
    }

    @Test func `does not speak of an address for health checks that its option overrides`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            func configure(_ port: Int) throws {
                let text =
                    #"{"connections": ["\#(connection)"], "passwordFiles": ["\#(path)/a"], "health": "127.0.0.1:\#(port)"}"#
                _ = try cloud.scratch.write(text, to: "keep.json")
            }
            try configure(1)
            let run = try cloud.tool.start(["keep", "--config", path + "/keep.json", "--health", "127.0.0.1:0"])
            #expect(try await status(cloud, until: 1).count == 1)
            try configure(2)
            run.send(SIGHUP)
            let said = await run.errors(upTo: "the configuration was read again")
            run.send(SIGTERM)
            #expect(await run.ending().status == 0)
            #expect(said.contains("read again") && !said.contains("another address"), "\(said)")
        }
    }

    @Test func `tells a keeper that is stopped from one that is gone`() async throws {
        try await Cloud.with { cloud in
            let run = try cloud.tool.start(["keep", "--passfile", cloud.scratch.path + "/a", connection])
            #expect(try await status(cloud, until: 1).count == 1)
            run.send(SIGSTOP)
            let silent = try await cloud.tool("keep", "--status")
            run.send(SIGCONT)
            #expect(silent.status == 1)
            #expect(silent.errors.contains("a keeper does not answer (process \(run.identifier))"))
            #expect(try await cloud.tool("keep", "--status").status == 0)
            run.send(SIGKILL)
            _ = await run.ending()
            let gone = try await cloud.tool("keep", "--status")
            #expect(gone.status == 1 && gone.errors.contains("no keeper"))
            #expect(cloud.privateDirectories == [])
        }
    }

    @Test func `names the connection that is wrong, in a file as a fault of the configuration`() async throws {
        try await Cloud.with { cloud in
            let text = #"""
                {"connections": ["host=a user=u"], "groups": ["pool"],
                 "pool": {"connections": ["host=a user=u", "host=b user=u port=hunter2"]}}
                """#
            let file = try cloud.scratch.write(text, to: "keep.json")
            for (arguments, status, place) in [
                (["--config", file], 78, "connection 2 of \"pool\": the connection string cannot be used (port)"),
                (["host=a user=u", "user@tenant"], 64, "connection 2: the connection string"),
                (["postgresql://u@t@h/d"], 64, "passgres: the connection string cannot be used at byte 14 (user)"),
            ] as [([String], Int32, String)] {
                let ending = try await cloud.tool.run(["keep", "--once"] + arguments)
                #expect(ending.status == status && ending.errors.contains(place), "\(ending.errors)")
                #expect(!ending.errors.contains("hunter2"))
            }
            #expect(cloud.identityRequests.isEmpty)
        }
    }

    /// Asks for the status until there are that many fresh destinations.
    private func status(_ cloud: Cloud, until count: Int) async throws -> [JSONValue] {
        let end = Date().addingTimeInterval(30)
        while true {
            let ending = try await cloud.tool("keep", "--status", "--output", "json")
            if ending.status == 0, case .array(let rows)? = ending.output.json?["destinations"], rows.count == count {
                return rows
            }
            if Date() > end { return [] }
        }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 0)] as [(Int32, Int32)])
    func `ends in good order when interrupted or told to, and says which it was`(
        signal: Int32, status: Int32
    ) async throws {
        try await Cloud.with { cloud in
            let run = try cloud.tool.start(["keep", "--passfile", cloud.scratch.path + "/a", connection])
            #expect(try await self.status(cloud, until: 1).count == 1)
            run.send(signal)
            let ending = await run.ending()
            #expect(ending.status == status && ending.output == "", "\(ending.errors)")
            #expect(!ending.errors.contains("passgres: i"))
            #expect(cloud.privateDirectories == [])
            #expect(cloud.scratch.names.filter { $0.hasPrefix("a") } == ["a"])
        }
    }

    @Test func `names the line of a service file that libpq could not read`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.tool
            let long = "#" + String(repeating: "x", count: 1_999)
            tool.environment["PGSERVICEFILE"] = try cloud.scratch.write(
                "[s]\nhost=h\n\(long)\nuser=u\n", to: "services")
            let ending = try await tool("keep", "--once", "--passfile", cloud.scratch.path + "/a", "service=s")
            #expect(ending.status == 78 && ending.errors.contains("services, line 3, is longer than the 1021 bytes"))
            #expect(!ending.errors.contains("xxx") && cloud.identityRequests.isEmpty)
        }
    }

    @Test func `ends with the status of what went wrong`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            for (arguments, status) in [
                (["keep", "--once", "--passfile", path + "/no/file", connection], 74),
                (["keep", "--config", path + "/none.json"], 74),
                (["keep", "--config", try cloud.scratch.write("{}", to: "empty.json")], 78),
                (["keep", "--config", "x", "--passfile", "y"], 64), (["keep", "--health", "9911"], 64),
                (["keep", "--pgbouncer-pid-file", "x"], 64), (["keep", "--once", "host='"], 64),
                (["keep", "--once", "--credentials", "nobody", connection], 78),
            ] as [([String], Int32)] {
                let ending = try await cloud.tool.run(arguments)
                #expect(ending.status == status, "\(arguments) \(ending.errors)")
            }
        }
    }

    @Test func `says what happened, once, and promises nothing, where it is to store once`() async throws {
        try await Cloud.with { cloud in
            let path = cloud.scratch.path
            let one = try await cloud.tool("keep", "--once", "--passfile", path + "/no/file", connection)
            #expect(one.status == 74 && !one.errors.contains("next attempt"), "\(one.errors)")
            #expect(one.errors.components(separatedBy: "No such file or directory").count == 2, "\(one.errors)")
            let two = try await cloud.tool(
                "keep", "--once", "--passfile", path + "/no/file", "--passfile", path + "/none/file", connection)
            for name in ["no", "none"] {
                #expect(two.errors.contains("\(path)/\(name)/file did not take the password: "), "\(two.errors)")
            }
            #expect(!two.errors.contains("next attempt"))
            let missing = try await cloud.tool("keep", "--config", path + "/none.json")
            #expect(missing.errors.contains("reading \(path)/none.json: No such file or directory. Name a file"))
        }
    }

    @Test func `names the variable where a path is too long for its socket`() async throws {
        try await Cloud.with { cloud in
            let long = cloud.scratch.path + "/" + String(repeating: "x", count: 80)
            try FileManager.default.createDirectory(
                atPath: long, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            var tool = cloud.tool
            tool.environment["XDG_RUNTIME_DIR"] = long
            let ending = try await tool(
                "keep", "--passfile", cloud.scratch.path + "/a", "host=db.example user=orders-api")
            #expect(ending.status == 74)
            #expect(ending.errors.contains("Set XDG_RUNTIME_DIR to"), "\(ending.errors)")
        }
    }
}

@Suite struct `passgres role` {
    let id = "7e57ab1e-0000-4000-8000-0000000000c2"

    @Test func `prints the SQL and warns beside it`() async throws {
        let long = String(repeating: "x", count: 64)
        let ending = try await Tool()("role", "create", long, "--type", "service", "--object-id", id)
        #expect(ending.status == 0 && ending.errors.contains("63"))
        #expect(
            ending.lines.last
                == "SELECT pg_catalog.pgaadauth_create_principal_with_oid('\(long)', '\(id)', 'service', false, false);"
        )
        let list = try await Tool()("role", "list", "--server", "single")
        #expect(list.output.contains("azure_ad_user"))
        let drop = try await Tool()("role", "drop", "r")
        #expect(drop.lines.last == "DROP ROLE \"r\";")
    }

    @Test(arguments: [
        ["role", "create"], ["role", "create", "r", "--type", "user"], ["role", "create", "r", "--read-only"],
        ["role", "create", "r", "--admin", "--read-only", "--database", "d"], ["role", "create", "a\nb"],
        ["role", "create", "public", "--database", "d"],
        ["role", "create", "r", "--type", "user", "--object-id", "x"], ["role", "create", "r", "--server", "none"],
    ])
    func `ends with 64 for what makes no role`(arguments: [String]) async throws {
        let ending = try await Tool().run(arguments)
        #expect(ending.status == 64 && ending.output == "")
    }
}

@Suite struct `passgres connections export pgadmin` {
    @Test func `prints servers that pgAdmin imports, and asks nobody`() async throws {
        let ending = try await Tool()(
            "connections", "export", "pgadmin", "host=db.example dbname=orders user='Prod DB'",
            "postgresql://u@a:1,b:2/d?sslmode=require")
        #expect(ending.status == 0, "\(ending.errors)")
        let servers = ending.output.json?["Servers"]
        let first = servers?["1"]
        #expect(first?["Host"]?.text == "db.example" && first?["Port"]?.integer == 5432)
        #expect(first?["Username"]?.text == "Prod DB" && first?["MaintenanceDB"]?.text == "orders")
        #expect(first?["ConnectionParameters"]?["sslmode"]?.text == "verify-full")
        #expect(first?["PasswordExecCommand"]?.text == "passgres token 'host=db.example port=5432'")
        #expect(servers?["2"]?["Host"]?.text == "a" && servers?["3"]?["Port"]?.integer == 2)
        #expect(servers?["3"]?["ConnectionParameters"]?["sslmode"]?.text == "require")
    }

    @Test func `names the authorities that verify the server, and the database that every server has`() async throws {
        // Any file that is there: nobody reads it.
        let bundle = "/etc/hosts"
        let ending = try await Tool(["SSL_CERT_FILE": bundle])(
            "connections", "export", "pgadmin", "host=a,b hostaddr=10.0.0.1,10.0.0.2 user=u")
        let servers = ending.output.json?["Servers"]
        #expect(servers?["1"]?["ConnectionParameters"]?["sslrootcert"]?.text == bundle)
        #expect(servers?["1"]?["ConnectionParameters"]?["hostaddr"]?.text == "10.0.0.1")
        #expect(servers?["2"]?["ConnectionParameters"]?["hostaddr"]?.text == "10.0.0.2")
        #expect(servers?["2"]?["MaintenanceDB"]?.text == "postgres")
    }

    @Test func `hands the options on to the command, which is asked for each connection`() async throws {
        let ending = try await Tool()(
            "connections", "export", "pgadmin", "host=db.example user=u", "--client-id", "an id", "--cloud", "usgov",
            "--no-cache")
        let server = ending.output.json?["Servers"]?["1"]
        #expect(
            server?["PasswordExecCommand"]?.text
                == "passgres token 'host=db.example port=5432' --client-id 'an id' --cloud 'usgov' --no-cache")
        #expect(server?["PasswordExecExpiration"]?.integer == 0)
    }

    @Test func `names a password file in place of a command`() async throws {
        let ending = try await Tool()(
            "connections", "export", "pgadmin", "host=db.example user=u", "--passfile", "/run/kept")
        let server = ending.output.json?["Servers"]?["1"]
        #expect(server?["ConnectionParameters"]?["passfile"]?.text == "/run/kept")
        #expect(server?["PasswordExecCommand"] == nil && server?["PasswordExecExpiration"] == nil)
    }

    @Test(arguments: [
        "host=db.example user=u sslmode=prefer", "host=db%HOSTNAME% user=u", "host=a,b port=1,2,3 user=u",
    ])
    func `refuses what would be unsafe`(connection: String) async throws {
        let ending = try await Tool()("connections", "export", "pgadmin", connection)
        #expect([64, 78].contains(ending.status) && ending.output == "", "\(ending.errors)")
    }

    @Test func `needs to know the user`() async throws {
        let ending = try await Tool()("connections", "export", "pgadmin", "host=db.example")
        #expect(ending.status == 64 && ending.errors.contains("user"))
    }
}
