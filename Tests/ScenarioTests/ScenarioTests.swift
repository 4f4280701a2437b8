import CredentialTesting
import EntraCredentials
import Testing
import TokenCredentials

@Suite struct `A scenario` {
    @Test(arguments: Scenario.all)
    func `goes as its folder says, and shows no secret anywhere`(_ scenario: Scenario) async throws {
        let world = try ScenarioWorld(scenario)
        let secrets = try scenario.secrets()
        let credential = try world.credential(scenario.credential)
        let outcome = await world.outcome(of: credential)

        let text = OutcomeText(outcome, secrets: secrets, waits: world.clock.pauses.count)
        #expect(text.lines.first == scenario.promise)
        let difference = Pattern.difference(try scenario.expected(), text.lines)
        #expect(difference == nil, "\(difference ?? "")")
        #expect(world.deviations == [])
        #expect(credential.name == scenario.credential)

        var shown = world.exposed + [everythingShown(of: credential), everythingShown(of: outcome)]
        if case .failure(let error) = outcome {
            shown += [everythingShown(of: error), error.diagnosis.map { everythingShown(of: $0) } ?? ""]
        }
        if let configured = credential as? any ConfiguredCredential {
            shown.append(everythingShown(of: configured.configuration))
        }
        #expect(!world.log.lines.isEmpty)
        for secret in secrets {
            #expect(!shown.contains { $0.contains(secret) }, "\(secret) is shown")
        }
    }

    @Test(arguments: ["unavailable", "failed", "token"])
    func `is there for every column of every credential that needs no person`(_ column: String) {
        let covered = Set(Scenario.all.filter { $0.promise == column }.map(\.credential))
        let asked = Set(CredentialOrder.standard + CredentialRegistry.standard.names + ["device-code"])
        #expect(asked.subtracting(covered) == [])
    }

    @Test func `is there for every kind of host that has managed identities`() {
        let names = Scenario.all.filter { $0.credential == "managed-identity" }.map(\.name)
        for host in ["app-service", "older-msi", "machine-learning", "cloud-shell", "arc", "service-fabric", "imds"] {
            for column in ["failed", "token"] {
                #expect(names.contains { $0.hasPrefix("\(column)-\(host)") }, "\(column)-\(host)")
            }
        }
        #expect(names.contains { $0.hasPrefix("unavailable-imds") })
    }
}
