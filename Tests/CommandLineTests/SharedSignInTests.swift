import Foundation
import LocalEntra
import Testing
import TokenCredentials

@Suite(.timeLimit(.minutes(5))) struct `A sign-in shared by all processes` {
    /// Lends a tool by which Ada has signed in, with the sign-in in a file.
    private func withSignIn(_ body: (Cloud, Tool) async throws -> Void) async throws {
        try await `A sign-in asked for by name`.withPerson { cloud, tool in
            var tool = tool
            tool.environment["PASSGRES_CACHE"] = nil
            tool.environment["PASSGRES_SECRET_STORE"] = "file"
            tool.environment["PASSGRES_CREDENTIALS"] = "secret-store"
            try await signIn(cloud, tool)
            try await body(cloud, tool)
        }
    }

    private func signIn(_ cloud: Cloud, _ tool: Tool) async throws {
        let before = Set(cloud.local.waitingUserCodes)
        let running = try tool.start(["login", "--device-code", "--timeout", "120"])
        _ = await running.errors(upTo: "enter the code")
        let code = try #require(cloud.local.waitingUserCodes.first { !before.contains($0) })
        cloud.local.answerDevice(userCode: code, .approve(principalName: "ada@contoso.example"))
        let ending = await running.ending()
        #expect(ending.status == 0, "\(ending.errors)")
    }

    private func endings(of count: Int, _ tool: Tool) async throws -> [Tool.Ending] {
        let running = try (0..<count).map { _ in try tool.start(["token"]) }
        var endings: [Tool.Ending] = []
        for one in running { endings.append(await one.ending()) }
        return endings
    }

    /// How often a token was asked for with the refresh token.
    private func refreshes(_ cloud: Cloud) -> Int {
        cloud.local.requests(to: .token).count { request in
            request.form.contains { $0 == RequestField("grant_type", "refresh_token") }
        }
    }

    @Test func `is asked with once, for commands at the same time and for later ones`() async throws {
        try await withSignIn { cloud, tool in
            let outputs = try await endings(of: 12, tool)
            #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs.map(\.errors))")
            #expect(Set(outputs.map(\.output)).count == 1)
            #expect(refreshes(cloud) == 1)
            #expect(try await tool("token").output == outputs[0].output)
            #expect(refreshes(cloud) == 1)
            #expect(try await tool("token", "--no-cache").status == 0)
            #expect(refreshes(cloud) == 2)
        }
    }

    @Test func `keeps tokens where it is itself, and shows and forgets them`() async throws {
        try await withSignIn { cloud, tool in
            let token = try await tool("token").output.trimmingCharacters(in: .whitespacesAndNewlines)
            let status = try await tool("status", "--output", "json")
            guard case .array(let rows)? = status.output.json?["cachedTokens"], let row = rows.first else {
                Issue.record("no tokens: \(status.output)")
                return
            }
            let (credential, place) = (row["credential"]?.text, row["store"]?.text ?? "")
            #expect(rows.count == 1 && credential == "secret-store")
            #expect(place.contains("secrets"), "\(status.output)")
            #expect(!status.output.contains(token))
            let folder = cloud.scratch.path + "/passgres-\(geteuid())/tokens"
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                let contents = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
                #expect(!String(decoding: contents, as: UTF8.self).contains("eyJ"), "\(name)")
            }
            let logout = try await tool("logout")
            #expect(logout.status == 0 && logout.errors.contains("1 token in"), "\(logout.errors)")
            #expect(try await tool("token").status == 69)
        }
    }

    @Test func `does not hand out an older token after another sign-in`() async throws {
        try await withSignIn { cloud, tool in
            let first = try await tool("token").output
            try await signIn(cloud, tool)
            let second = try await tool("token")
            #expect(second.status == 0 && second.output != first)
        }
    }
}
