import TokenCredentials

/// An address of plain HTTP or HTTPS without user, query and fragment, so that it may be shown and be added to.
struct EndpointAddress: Hashable, Sendable, CustomStringConvertible {
    /// Which schemes are accepted.
    enum Schemes {
        case httpOrHTTPS
        case httpsOnly
    }

    /// The address without a slash at its end.
    let description: String

    /// Takes an address that this program was compiled with.
    init(known text: String) {
        description = text
    }

    /// Checks the value of a variable.
    ///
    /// Throws ``CredentialError/failed(_:)`` without quoting it: it may hold a password.
    init(_ text: String, from variable: String, _ schemes: Schemes = .httpOrHTTPS) throws(CredentialError) {
        func misconfigured(_ flaw: String) -> CredentialError {
            .failed(
                Diagnosis(
                    "the address in \(variable) \(flaw)", remedy: "Correct or unset \(variable).", kind: .misconfigured)
            )
        }
        let known = schemes == .httpsOnly ? ["https://"] : ["http://", "https://"]
        guard let scheme = known.first(where: { text.lowercased().hasPrefix($0) }) else {
            throw misconfigured("does not begin with \(known.joined(separator: " or "))")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw misconfigured("holds a character that an address cannot hold")
        }
        guard !text.contains("?"), !text.contains("#") else { throw misconfigured("has a query or a fragment") }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" }
        guard !authority.contains("@") else { throw misconfigured("holds a user name or a password") }
        guard let first = authority.first, first != ":" else { throw misconfigured("names no host") }
        var address = text
        while address.hasSuffix("/") { address.removeLast() }
        description = address
    }
}
