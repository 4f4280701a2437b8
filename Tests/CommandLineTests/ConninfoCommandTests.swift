import Foundation
import LocalEntra
import PostgresCredentials
import Testing
import TokenCredentials

@Suite struct `passgres conninfo` {
    let connection = "host=db.example dbname='my orders' user=orders-api"

    @Test func `prints a string that names the password, verifies the server and can be read again`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("conninfo", connection)
            let read = try ConnectionInfo(String(ending.output.dropLast()))
            #expect(read.password?.hasPrefix("eyJ") == true)
            #expect(read.sslmode == "verify-full")
            #expect(read.database == "my orders" && read.host == "db.example" && read.user == "orders-api")
        }
    }

    @Test(arguments: [["conninfo"], ["pgpass", "--stdout"], ["token", "--output", "json"]])
    func `says that the role of a system-assigned identity is a guess`(_ command: [String]) async throws {
        let machine = LocalIdentity.systemAssigned(
            machine: "vm-1", clientID: "7e57ab1e-0000-4000-8000-0000000000b5",
            objectID: "7e57ab1e-0000-4000-8000-0000000000b6")
        try await Cloud.with {
            $0.tenant.managedIdentities = [machine]
        } _: { cloud in
            let ending = try await cloud.tool.run(command + ["host=db.example dbname=orders"])
            #expect(ending.status == 0 && ending.output.contains("vm-1"), "\(ending.errors)")
            #expect(ending.errors.contains("\"vm-1\" is a guess"), "\(ending.errors)")
            let said = try await cloud.tool.run(command + ["host=db.example dbname=orders user=vm-1"])
            #expect(said.status == 0 && !said.errors.contains("guess"), "\(said.errors)")
            let quiet = try await cloud.tool.run(command + ["host=db.example dbname=orders", "--quiet"])
            #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
        }
    }

    @Test func `prints a URI that says the same`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("conninfo", "--format", "uri", connection)
            #expect(ending.output.hasPrefix("postgres"))
            let read = try ConnectionInfo(String(ending.output.dropLast()))
            #expect(read.password?.hasPrefix("eyJ") == true && read.database == "my orders")
        }
    }

    @Test func `prints lines that a shell takes as they are`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool(
                "conninfo", "--format", "env", "--password", "none",
                "host=db.example user='o''neil' dbname=$(x)".replacing("''", with: "\\'"))
            let script = try cloud.scratch.write(
                ending.output + "printf '%s|%s|%s' \"$PGUSER\" \"$PGDATABASE\" \"$PGPASSWORD\"\n", to: "env.sh")
            let shell = try await Tool.Running("/bin/sh", [script], [:]).ending()
            #expect(shell.output == "o'neil|$(x)|")
        }
    }

    @Test func `unsets the variables that would beat the lines for a shell`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.tool
            tool.environment.merge(["PGPASSWORD": "stale", "PGREQUIREAUTH": "password", "PGTZ": "UTC"]) { $1 }
            let ending = try await tool("conninfo", "--format", "env", "--password", "passfile", connection)
            let script = try cloud.scratch.write(
                "PGPASSWORD=stale\n" + ending.output
                    + "printf '%s|%s|%s' \"${PGPASSWORD-unset}\" \"$PGREQUIREAUTH\" \"$PGPASSFILE\"\n",
                to: "env.sh")
            let shell = try await Tool.Running("/bin/sh", [script], [:]).ending()
            #expect(shell.output == "unset|password|\(cloud.scratch.path)/.pgpass")
        }
    }

    @Test func `leaves out of a service what only a variable says and an old library refuses`() async throws {
        try await Cloud.with { cloud in
            var tool = cloud.tool
            tool.environment.merge(["PGREQUIREAUTH": "password", "PGLOADBALANCEHOSTS": "disable"]) { $1 }
            let ending = try await tool("conninfo", "--format", "service", connection)
            #expect(!ending.output.contains("require_auth") && !ending.output.contains("load_balance_hosts"))
            let said = try await tool("conninfo", "--format", "service", connection + " require_auth=password")
            #expect(said.lines.contains("require_auth=password"))
        }
    }

    @Test func `writes the entry and names the file`() async throws {
        try await Cloud.with { cloud in
            let file = cloud.scratch.path + "/pass"
            let ending = try await cloud.tool("conninfo", "--password", "passfile", "--passfile", file, connection)
            let read = try ConnectionInfo(String(ending.output.dropLast()))
            #expect(read.password == nil && read.passfile == file)
            #expect(
                try String(contentsOfFile: file, encoding: .utf8).hasPrefix("db.example:5432:my orders:orders-api:eyJ"))
        }
    }

    @Test func `prints a service without a password`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("conninfo", "--format", "service", connection)
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(ending.lines.contains("host=db.example") && ending.lines.contains("user=orders-api"))
            #expect(ending.lines.contains("passfile=\(cloud.scratch.path)/.pgpass"))
            #expect(!ending.output.contains("password="))
        }
    }

    @Test func `gives each service a name of its own, or the one that is wanted`() async throws {
        try await Cloud.with { cloud in
            let tool = cloud.tool
            let file = cloud.scratch.path + "/.pg_service.conf"
            var text = ""
            for host in ["one.example", "two.example"] {
                let ending = try await tool(
                    "conninfo", "--format", "service", "host=\(host) dbname=postgres user=orders-api")
                #expect(ending.status == 0 && !ending.errors.contains("warning"), "\(ending.errors)")
                text += ending.output
                try Data(text.utf8).write(to: URL(filePath: file))
            }
            let names = text.split(separator: "\n").filter { $0.hasPrefix("[") }
            #expect(names.count == 2 && names[0] != names[1])
            for (host, name) in zip(["one.example", "two.example"], names) {
                let ending = try await tool(
                    "conninfo", "--password", "none", "service='\(name.dropFirst().dropLast())'")
                #expect(try ConnectionInfo(String(ending.output.dropLast())).host == host, "\(ending.errors)")
            }
            let named = try await tool("conninfo", "--format", "service", "--service", "orders", connection)
            #expect(named.lines.first == "[orders]" && named.errors == "")
            try Data((text + named.output).utf8).write(to: URL(filePath: file))
            let again = try await tool("conninfo", "--format", "service", "--service", "orders", connection)
            #expect(again.status == 0 && again.errors.contains("defines \"orders\" already"), "\(again.errors)")
            #expect(try await tool("conninfo", "--service", "orders", connection).status == 64)
            #expect(try await tool("conninfo", "--format", "service", "--service", "a]b", connection).status == 64)
        }
    }

    /// Parameters and the libpq that knows them first.
    static let newer: [(String, Int)] = [
        ("require_auth=password", 16), ("sslnegotiation=postgres", 17), ("min_protocol_version=3.0", 18),
        ("oauth_issuer=https://i.example", 18), ("load_balance_hosts=disable", 16), ("sslcertmode=disable", 16),
        ("gssdelegation=0", 16), ("max_protocol_version=3.0", 18), ("oauth_client_id=x", 18), ("sslkeylogfile=/x", 18),
    ]

    @Test(arguments: newer, ["keyword", "uri", "service"])
    func `says which parameters the libpq of this machine refuses`(
        parameter: (text: String, since: Int), format: String
    ) async throws {
        let ending = try await Tool()(
            "conninfo", "--password", "none", "--format", format, "host=h user=u dbname=d \(parameter.text)")
        #expect(ending.status == 0, "\(ending.errors)")
        let isKnown = try Self.libpqVersion() >= parameter.since
        let keyword = parameter.text.prefix { $0 != "=" }
        #expect(
            ending.errors.contains("does not know \(keyword) (since \(parameter.since))") != isKnown, "\(ending.errors)"
        )
        let quiet = try await Tool()(
            "conninfo", "--quiet", "--password", "none", "host=h user=u dbname=d \(parameter.text)")
        #expect(quiet.errors == "")
    }

    /// The major version of the libpq that the loader finds here.
    static func libpqVersion() throws -> Int {
        let library = try #require(dlopen("libpq.so.5", RTLD_LAZY))
        let call = unsafeBitCast(
            try #require(dlsym(library, "PQlibVersion")), to: (@convention(c) () -> Int32).self)
        return Int(call()) / 10_000
    }

    @Test func `takes the user from the token if nobody named one`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("conninfo", "--password", "none", "host=db.example")
            #expect(try ConnectionInfo(String(ending.output.dropLast())).user == "orders-api")
        }
    }

    @Test func `asks nobody where neither password nor user is wanted`() async throws {
        try await Cloud.with { cloud in
            let ending = try await cloud.tool("conninfo", "--password", "none", "host=db.example user=u")
            #expect(ending.status == 0, "\(ending.errors)")
            let connection = try ConnectionInfo(String(ending.output.dropLast()))
            #expect(connection.user == "u" && connection.sslmode == "verify-full" && connection.password == nil)
            #expect(cloud.identityRequests.isEmpty)
        }
    }

    @Test(arguments: ["disable", "allow", "prefer"])
    func `refuses to show the token to anybody, unless that very mode is named`(mode: String) async throws {
        try await Cloud.with { cloud in
            let refused = try await cloud.tool("conninfo", "host=db.example user=u sslmode=\(mode)")
            #expect(refused.status == 78 && refused.errors.contains(mode))
            #expect(cloud.identityRequests.isEmpty, "no token is asked for")
            let allowed = try await cloud.tool(
                "conninfo", "--allow-sslmode", mode, "host=db.example user=u sslmode=\(mode)")
            #expect(allowed.status == 0)
            let local = try await cloud.tool("conninfo", "host=127.0.0.1 user=u sslmode=\(mode)")
            #expect(local.status == 0)
        }
    }
}
