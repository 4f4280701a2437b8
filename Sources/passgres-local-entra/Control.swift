import ArgumentParser
import FoundationEssentials
import TokenCredentials

/// Asks a running stand-in for any action of its control interface.
struct Control: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set faults, read the record of requests, answer sign-ins.",
        discussion: """
            ACTION with its JSON:
              fault {"endpoint": "imds", "kind": "throttled", "times": 2, "seconds": 1}
                endpoints: token, device-code, authorize, discovery, keys, imds, app-service,
                machine-learning, cloud-shell, arc, service-fabric
                kinds: reply (status, headers, body), refusal (status, error, number), throttled (seconds),
                page, redirect (address), silence, hang-up, oversized (bytes), delay (seconds), stale-expiry
              no-faults
              requests {"endpoint": "token"}    (without endpoint: all)
              forget-requests
              devices
              answer-device {"userCode": "ABCD12345", "user": "ada@contoso.example"}    (without user: decline)
              answer-browser {"user": "ada@contoso.example"}    (without user: decline)
              revoke-refresh-tokens
              federated-token {"issuer": "…", "subject": "…", "audience": "…", "lifetime": 600}
            """)

    @Option(help: "The directory of the running stand-in.")
    var directory: String

    @Argument(help: "What to do.")
    var action: String

    @Argument(help: "What the action takes, as a JSON object.")
    var json: String = "{}"

    func run() throws {
        let reply = try ControlClient(directory: directory).perform(action, Data(json.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(reply), as: UTF8.self))
    }
}
