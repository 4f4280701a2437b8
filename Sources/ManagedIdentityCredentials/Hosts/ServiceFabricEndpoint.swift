import CredentialHTTP
import TokenCredentials

/// Service Fabric, whose endpoint has a certificate nobody signed: its thumbprint is all that is believed.
struct ServiceFabricEndpoint: IdentityEndpoint {
    let title = "the Service Fabric identity endpoint"
    let address: EndpointAddress
    private let secret: HeaderSecret
    private let thumbprint: [UInt8]

    init(_ variables: IdentityHost.Variables) throws(CredentialError) {
        address = try EndpointAddress(variables.endpoint, from: "IDENTITY_ENDPOINT", .httpsOnly)
        secret = try HeaderSecret(variables.secret, from: "IDENTITY_HEADER")
        guard let thumbprint = Self.bytes(ofThumbprint: variables.extra ?? "") else {
            throw .failed(
                Diagnosis(
                    "IDENTITY_SERVER_THUMBPRINT is not a SHA-1 thumbprint of 40 hexadecimal digits",
                    remedy: "Pass IDENTITY_SERVER_THUMBPRINT on as Service Fabric sets it.", kind: .misconfigured))
        }
        self.thumbprint = thumbprint
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        let query = try question.query(version: "2019-07-01-preview", ids: .init(), host: title)
        return HTTPRequest(
            .get, address.description + query, headers: [("Secret", secret.value)], proxy: .never,
            trust: .pinned(sha1: thumbprint))
    }

    func error(for silence: NoAnswer) -> CredentialError {
        guard case .tls = silence.reason else { return standardError(for: silence) }
        return .failed(
            Diagnosis(
                "\(title) \(silence.reason)",
                remedy:
                    "Compare its certificate with IDENTITY_SERVER_THUMBPRINT; a new certificate needs a new process.",
                kind: .misconfigured, facts: [addressFact], cause: silence.reason))
    }

    func remedy(for question: IdentityQuestion) -> String {
        "Give the application an identity in its manifest, and check the scope letter by letter."
    }

    /// The 20 bytes of a thumbprint, as certificate tools write it: hexadecimal, with or without blanks and colons.
    static func bytes(ofThumbprint text: String) -> [UInt8]? {
        let digits = text.unicodeScalars.filter { $0 != ":" && !$0.properties.isWhitespace }
        let values = digits.compactMap { $0.isASCII ? Character($0).hexDigitValue : nil }
        guard values.count == digits.count, values.count == 40 else { return nil }
        return stride(from: 0, to: 40, by: 2).map { UInt8(values[$0] * 16 + values[$0 + 1]) }
    }
}
