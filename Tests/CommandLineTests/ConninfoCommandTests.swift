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
