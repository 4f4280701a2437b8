package import TokenCredentials

/// The secret of an application, in the characters that one can have (RFC 6749, appendix A.2: `*VSCHAR`).
package struct ClientSecret: Sendable {
    /// The secret itself.
    package let text: String
    private let place: String

    /// Takes a text without the line ends round it, which a file or a pipe has left there: no client secret holds any.
    ///
    /// - Parameter place: Where it is to be corrected, in words.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a text that is empty then, or holds what no client secret holds.
    package init(_ given: String, in place: String) throws(CredentialError) {
        var bytes = given.utf8[...]
        while let first = bytes.first, Self.isLineEnd(first) { bytes.removeFirst() }
        while let last = bytes.last, Self.isLineEnd(last) { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw Self.failed("the client secret is empty", "Put the secret's value into \(place).")
        }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }), let text = String(bytes) else {
            throw Self.failed(
                "the client secret holds a character that no client secret holds",
                "Put the secret's value, and nothing else, into \(place).")
        }
        self.text = text
        self.place = place
    }

    /// A refusal of this secret, with the likelier remedy where quotation marks were sent as part of it.
    package func explaining(_ error: CredentialError) -> CredentialError {
        guard case .failed(var diagnosis) = error, (diagnosis.cause as? EntraError)?.code == 7000215, isQuoted else {
            return error
        }
        diagnosis.remedy =
            "The secret was sent with quotation marks at both its ends: if they are not part of it, remove them from "
            + "\(place)."
        return .failed(diagnosis)
    }

    private var isQuoted: Bool {
        guard let first = text.utf8.first, text.utf8.count > 1, text.utf8.last == first else { return false }
        return first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private static func failed(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension ClientSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it is, and nothing of what it holds.
    package var description: String { "ClientSecret(<redacted>)" }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["secret": description]) }
}
