package import FoundationEssentials
package import TokenCredentials

/// A token of another issuer that stands for an application, and what it says of itself.
package struct FederatedToken: Sendable {
    /// The token.
    package let text: String
    private let claims: TokenClaims

    /// Takes the text of a JSON Web Token; `nil` if it is none.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isWellFormed =
            parts.count == 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { ClientID.isLetterOrDigit($0) || [0x2D, 0x5F, 0x3D].contains($0) }
            }
        guard isWellFormed, let claims = TokenClaims(token: text) else { return nil }
        self.text = text
        self.claims = claims
    }

    /// The time from which it is refused (UTC), if it says so.
    package var expiresAt: Date? { claims.date("exp") }

    /// What a federated credential has to match, as facts for a report.
    package var facts: [Diagnosis.Fact] {
        var facts = [("issuer", claims["iss"]), ("subject", claims["sub"]), ("audience", audience)]
            .compactMap { name, value in value.map { Diagnosis.Fact("presented \(name)", Self.shown($0)) } }
        for (name, date) in [("issued", claims.date("iat")), ("ends", expiresAt)] {
            if let date { facts.append(.init("token \(name)", date.ISO8601Format())) }
        }
        return facts
    }

    /// A refusal with what the token says of itself, and with the command that would register it.
    ///
    /// - Parameter source: What holds the token, in words, for the remedy where it is out of date.
    package func explaining(_ error: CredentialError, from source: String) -> CredentialError {
        guard case .failed(var diagnosis) = error, let refusal = diagnosis.cause as? EntraError else { return error }
        switch refusal.code {
        case 70021?, 700211?, 700212?, 700213?:
            diagnosis.remedy = "Register what was presented: \(registration)"
        case 700024?:
            diagnosis.remedy = "Check the clock, and that \(source) is renewed" + ending + "."
        default: break
        }
        diagnosis.facts += facts
        return .failed(diagnosis)
    }

    private var ending: String { expiresAt.map { "; its token ends at \($0.ISO8601Format())" } ?? "" }

    /// The command of the Azure CLI that makes a user-assigned identity trust this token.
    private var registration: String {
        "az identity federated-credential create --name NAME --identity-name IDENTITY --resource-group GROUP"
            + " --issuer \(Self.argument(claims["iss"]))" + " --subject \(Self.argument(claims["sub"]))"
            + " --audiences \(Self.argument(audience))"
            + " (for an app registration: az ad app federated-credential create, with the same three)."
    }

    private var audience: String? {
        if case .array(let values)? = claims.values["aud"] { return values.first?.text }
        return claims["aud"]
    }

    /// A text as one word for a shell.
    private static func argument(_ text: String?) -> String {
        "'" + shown(text ?? "").replacing("'", with: "'\\''") + "'"
    }

    private static func shown(_ claim: String) -> String { String(claim.unicodeScalars.prefix(512)).printable }
}

extension FederatedToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What it is, and nothing of what it holds.
    package var description: String { "FederatedToken(<redacted>)" }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["token": description]) }
}
