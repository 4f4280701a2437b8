package import FoundationEssentials
import TokenCredentials

/// What starts a sign-in on another screen (RFC 8628, section 3.2).
package struct DeviceCodeReply: Sendable {
    /// What the polls send.
    ///
    /// A secret: whoever has it gets the token.
    package let deviceCode: String
    /// What the person types; printable, without blanks.
    package let userCode: String
    /// Where the person types it: an `https` address.
    package let verificationURI: String
    /// The same with the code in it, where the server offers that.
    package let completeVerificationURI: String?
    /// Entra's sentence to the person, if it is one that can be shown.
    package let message: String?
    /// How long to wait between two polls.
    package let interval: Duration
    /// When both codes end.
    package let expiresAt: Date

    init(_ body: [UInt8], receivedAt now: Date) throws(TokenReply.Defect) {
        guard let reply = JSONDocument.object(in: body) else {
            throw .init("with something else than the JSON of a code to sign in with")
        }
        guard let deviceCode = reply["device_code"]?.text, deviceCode.utf8.allSatisfy(Self.isPrintable) else {
            throw .init("without a code to ask for the token with")
        }
        guard let userCode = reply["user_code"]?.text, userCode.utf8.count <= 64,
            userCode.utf8.allSatisfy(Self.isPrintable)
        else { throw .init("without a code for the person to enter") }
        guard let uri = reply["verification_uri"]?.text, Self.isWebAddress(uri) else {
            throw .init("without an https address to enter the code at")
        }
        self.deviceCode = deviceCode
        self.userCode = userCode
        verificationURI = uri
        completeVerificationURI = reply["verification_uri_complete"]?.text.flatMap { Self.isWebAddress($0) ? $0 : nil }
        message = reply["message"]?.text.flatMap { Self.isOneLine($0) ? $0 : nil }
        // Five seconds where nothing is said (RFC 8628, section 3.2), or nothing that a clock could be set by.
        let interval = TokenExpiry.seconds(reply["interval"]) ?? 5
        self.interval = .seconds((1...86_400).contains(interval) ? interval : 5)
        // Entra's codes last 15 minutes.
        let life = TokenExpiry.seconds(reply["expires_in"]) ?? 900
        expiresAt = now.addingTimeInterval((1...AccessToken.longestLife).contains(life) ? life : 900)
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    /// Whether a text is an `https` address that a terminal may show and a browser may be sent to.
    private static func isWebAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy(isPrintable), text.lowercased().hasPrefix("https://"),
            !text.contains(where: { "\\\"<>`".contains($0) })
        else { return false }
        return (try? Authority(String(text.dropFirst(8).prefix { !"/?#".contains($0) }))) != nil
    }

    /// Whether a text has nothing that would move a terminal's cursor, break the line or turn its direction round.
    private static func isOneLine(_ text: String) -> Bool {
        text.utf8.count <= 1024 && text.unicodeScalars.allSatisfy(\.isPrintable)
    }
}

extension DeviceCodeReply: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where to sign in, without either code.
    package var description: String { "DeviceCodeReply(\(verificationURI))" }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["reply": description]) }
}
