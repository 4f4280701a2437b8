import EnvironmentCredentials
import Foundation
import TokenCredentials

/// Signs as often as the second argument says with the certificate file that the first one names.
@main
struct Signatures {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let credential = ClientCertificateCredential(
            tenant: "contoso.example", clientID: "11111111-2222-3333-4444-555555555555",
            certificate: .file(arguments[1]), password: arguments.count > 3 ? arguments[3] : nil)
        let request = TokenRequest("https://db.example/.default")
        var seen = Set<String>()
        for _ in 0..<(Int(arguments[2]) ?? 0) {
            let assertion = try await credential.clientAssertion(for: request)
            seen.insert(String(assertion.suffix(64)))
        }
        print("\(seen.count) different signatures")
    }
}
