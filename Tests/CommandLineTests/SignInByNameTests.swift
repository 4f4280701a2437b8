import Foundation
import LocalEntra
import Testing

@Suite struct `A sign-in asked for by name` {
    static let person = LocalUser(
        objectID: "7e57ab1e-0000-4000-8000-0000000000e1", principalName: "ada@contoso.example", name: "Ada",
        password: "hush-hush")

    static func withPerson(_ body: (Cloud, Tool) async throws -> Void) async throws {
        try await Cloud.with { configuration in
            configuration.tenant.users = [person]
            configuration.tenant.applications.append(
                LocalApplication(
                    clientID: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", objectID: "7e57ab1e-0000-4000-8000-0000000000d2",
                    kind: .publicClient))
            configuration.deviceCodeInterval = .seconds(1)
        } _: { cloud in
            var tool = cloud.tool
            tool.environment["AZURE_TENANT_ID"] = Cloud.tenant
            try await body(cloud, tool)
        }
    }

    @Test(arguments: [(SignInAnswer.approve(principalName: "ada@contoso.example"), Int32(0)), (.decline, 77)])
    func `shows a code on standard error, and the token goes where it always goes`(
        _ answer: SignInAnswer, _ status: Int32
    ) async throws {
        try await Self.withPerson { cloud, tool in
            let running = try tool.start(["token", "--credentials", "device-code", "--timeout", "120"])
            _ = await running.errors(upTo: "enter the code")
            let code = try #require(cloud.local.waitingUserCodes.first)
            cloud.local.answerDevice(userCode: code, answer)
            let ending = await running.ending()
            #expect(ending.status == status, "\(ending.errors)")
            #expect(ending.errors.contains(code))
            #expect(ending.output.hasPrefix("eyJ") == (status == 0))
            #expect(!ending.errors.contains("eyJ"))
        }
    }

    @Test func `is refused before anybody is asked where the authority is none`() async throws {
        var tool = Tool(["AZURE_AUTHORITY_HOST": "ftp://login.example"])
        tool.environment["PASSGRES_CREDENTIALS"] = "device-code"
        let ending = try await tool("token", "--scope", "https://db.example/.default")
        #expect(ending.status == 78 && ending.errors.contains("authority"), "\(ending.errors)")
    }
}
