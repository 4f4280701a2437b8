import EntraTokenEndpoint
public import FoundationEssentials

/// What to show a person who shall sign in on another screen.
///
/// All of it is fit for a terminal: no control characters, and an address that begins with `https://`.
public struct DeviceCodePrompt: Hashable, Sendable {
    /// What to type there, such as `"ABCD12345"`.
    ///
    /// Whoever enters it signs this program in: show it to that person only.
    public let userCode: String
    /// The page to type it on.
    public let verificationURI: String
    /// The same page with the code in its address, where the server offers that; Entra does not.
    public let completeVerificationURI: String?
    /// When the code ends (UTC).
    public let expiresAt: Date
    /// One sentence that says both, in Entra's words, or in ours where Entra's cannot be shown.
    public let message: String

    /// Describes a prompt; for showing one in a test or a preview.
    public init(
        userCode: String, verificationURI: String, completeVerificationURI: String? = nil, expiresAt: Date,
        message: String
    ) {
        self.userCode = userCode
        self.verificationURI = verificationURI
        self.completeVerificationURI = completeVerificationURI
        self.expiresAt = expiresAt
        self.message = message
    }

    init(_ reply: DeviceCodeReply) {
        self.init(
            userCode: reply.userCode, verificationURI: reply.verificationURI,
            completeVerificationURI: reply.completeVerificationURI, expiresAt: reply.expiresAt,
            message: reply.message
                ?? "To sign in, open \(reply.verificationURI) in a browser and enter the code \(reply.userCode).")
    }
}

extension DeviceCodePrompt: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where and until when, without the code.
    public var description: String {
        "DeviceCodePrompt(\(verificationURI), until \(expiresAt.ISO8601Format()))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["prompt": description]) }
}
