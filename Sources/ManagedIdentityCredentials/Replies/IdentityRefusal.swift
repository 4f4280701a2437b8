import CredentialHTTP
import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

/// A reply that is no token: what may be shown of it, and what can be told from it.
///
/// The error's text is compared with what is known and shown nowhere: it is the host's, and may quote what was sent.
struct IdentityRefusal {
    let status: Int
    /// The error's short name, such as `invalid_request`.
    let code: String?
    /// The number of Entra's own refusal, where the host passes one on.
    let entraNumber: Int?
    private let correlationID: String?
    private let message: String
    private let wanted: Duration?

    init(_ response: HTTPResponse, now: Date) {
        status = response.status
        // Whoever asks for more may have another clock, or be wrong: an hour is as long as anybody is left alone.
        wanted = response.retryAfter(now: now).map { min($0, .seconds(3600)) }
        let document = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        let error = document?["error"]
        code = Self.word(error?.text ?? error?["code"]?.text ?? document?["code"]?.text)
        correlationID = Self.word(
            error?["correlationId"]?.text ?? document?["correlation_id"]?.text
                ?? response.header("x-ms-correlation-request-id") ?? response.header("x-ms-request-id"))
        let text = document?["error_description"] ?? error?["message"] ?? document?["message"]
        let words = text?.text ?? String(decoding: response.body.prefix(4096), as: UTF8.self)
        message = words.lowercased()
        entraNumber = EntraError.code(in: words)
    }

    var facts: [Diagnosis.Fact] {
        [Diagnosis.Fact("HTTP status", "\(status)")]
            + (code.map { [Diagnosis.Fact("error", $0)] } ?? [])
            + (entraNumber.map { [Diagnosis.Fact("error code", "AADSTS\($0)")] } ?? [])
            + (correlationID.map { [Diagnosis.Fact("correlation id", $0)] } ?? [])
    }

    /// Status and short name, for a sentence.
    var summary: String { "it answered \(status)" + (code.map { " \($0)" } ?? "") }

    var isRedirect: Bool { (300...399).contains(status) }

    /// How long to wait before asking again; `nil` if that will not help.
    var wait: Duration? {
        switch status {
        case 410: wanted ?? RetryTable.longestUpdate
        case 408, 429, 500...599: wanted ?? .seconds(30)
        default: nil
        }
    }

    /// IMDS says that the identity asked for, or any, is not assigned to this machine.
    var meansNoSuchIdentity: Bool { message.contains("identity not found") }

    /// There are several identities and none was named.
    var meansSeveralIdentities: Bool {
        message.contains("multiple user assigned identities") || message.contains("multiple user-assigned identities")
    }

    /// The host understood which identity is meant and objects to something else, such as the resource.
    var blamesRequest: Bool {
        ["invalid_resource", "invalid_scope", "unauthorized_client", "bad_request_102"].contains(code)
    }

    /// A container runtime's own proxy says that it cannot reach IMDS, as Docker Desktop's does.
    var meansUnreachable: Bool { status == 403 && message.contains("unreachable") }

    /// A word that may be shown: short, and of the characters codes and ids are made of.
    private static func word(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let marks = "_-.".utf8
        return text.utf8.allSatisfy { $0.isLetterOrDigit || marks.contains($0) } ? text : nil
    }
}
