import TokenCredentials

/// A secret that is sent in a header and shown nowhere.
struct HeaderSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What is sent.
    let value: String

    /// Takes a text that can stand in a header: visible ASCII and blanks, no line break.
    init?(_ value: String) {
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isPlain, !value.isEmpty, value.utf8.count <= 8192 else { return nil }
        self.value = value
    }

    /// Takes the value of a variable.
    ///
    /// Throws ``CredentialError/failed(_:)`` if it cannot stand in a header.
    init(_ value: String, from variable: String) throws(CredentialError) {
        guard let secret = HeaderSecret(value) else {
            throw .failed(
                Diagnosis(
                    "\(variable) holds what cannot be sent in a header, such as a line break",
                    remedy: "Pass \(variable) on as the host sets it.", kind: .misconfigured))
        }
        self = secret
    }

    var description: String { "<redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
