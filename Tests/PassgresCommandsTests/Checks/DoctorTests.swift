import ArgumentParser
import KnownFailures
import PostgresCredentials
import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `What doctor finds` {
    @Test func `about a connection that cannot be used it says once`() throws {
        let text = "postgresql://ada@contoso.example:pw@db1/orders"
        let info = try ConnectionInfo(text).resolved(in: ["HOME": "/nonexistent"])
        #expect(ConnectionCheck(connection: info).findings().map(\.code) == ["L17"])
        guard case .failure(let refused) = try DoctorCommand.parse([text]).session(for: info) else {
            Issue.record("there is a session")
            return
        }
        #expect(refused.finding.check == .credential)
        #expect(refused.finding.outcome == .skip)
    }

    @Test(arguments: FailureTable.failures.map(\.code))
    func `comes without the advice to run it`(_ code: String) {
        let finding = CheckFinding.fail(.login, code, "a finding").withoutAdviceToAskDoctor(user: "ada")
        #expect(finding.remedy?.contains("passgres doctor") == false)
    }
}
