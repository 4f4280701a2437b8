import FoundationEssentials
import TokenCredentials

/// What Entra said when it said no: the fields that may be shown, and never its description, which may quote the sender.
package struct EntraError: Error, Sendable {
    /// The OAuth error, such as `"invalid_client"`; the one field whose meaning is promised.
    package let error: String
    /// The AADSTS numbers, most telling first.
    package let codes: [Int]
    /// A finer word, such as `"consent_required"`.
    package let suberror: String?
    /// What a person has to sign in again with, as JSON, if Entra asks for that.
    package let claims: String?
    /// By what the service's own logs know the exchange.
    package let correlationID: String?
    /// By what the service's own logs know the request.
    package let traceID: String?
    /// When it happened, by the service's clock (UTC).
    package let timestamp: String?

    /// The most telling AADSTS number.
    package var code: Int? { Self.mostTelling(of: codes) }

    /// Reads the body of a refusal; `nil` if it is none.
    package init?(_ body: [UInt8]) {
        guard let reply = JSONDocument.object(in: body), let error = reply["error"]?.text else { return nil }
        self.error = Self.isWord(error) ? error : "unknown error"
        var codes: [Int] = []
        if case .array(let values)? = reply["error_codes"] {
            codes = values.compactMap { $0.integer }.filter { (1...99_999_999).contains($0) }.map(Int.init)
        }
        if codes.isEmpty, let code = Self.code(in: reply["error_description"]?.text ?? "") { codes = [code] }
        self.codes = codes
        suberror = reply["suberror"]?.text.flatMap { Self.isWord($0) ? $0 : nil }
        claims = reply["claims"]?.text.flatMap { text in
            text.utf8.count <= ClaimsParameter.limit && JSONDocument.object(in: Array(text.utf8)) != nil ? text : nil
        }
        correlationID = Self.identifier(reply["correlation_id"])
        traceID = Self.identifier(reply["trace_id"])
        timestamp = reply["timestamp"]?.text.flatMap { text in
            text.utf8.count <= 32 && text.allSatisfy { $0.isASCII && ($0.isNumber || " :-.+TZ".contains($0)) }
                ? text : nil
        }
    }

    /// Takes the words that a browser brought back, as far as they can be shown.
    init(word: String, description: String?) {
        error = Self.isWord(word) ? word : "unknown error"
        codes = Self.code(in: description ?? "").map { [$0] } ?? []
        (suberror, claims, correlationID, traceID, timestamp) = (nil, nil, nil, nil, nil)
    }

    /// The most telling of the numbers that follow an `AADSTS` in a text; `nil` if there is none.
    package static func code(in text: String) -> Int? {
        mostTelling(
            of: text.ranges(of: "AADSTS").prefix(16).compactMap { mark in
                Int(text[mark.upperBound...].prefix { $0.isASCII && $0.isNumber }.prefix(8))
            })
    }

    /// One that stands for one trouble, before one that Entra puts round another and one that is not known.
    private static func mostTelling(of codes: [Int]) -> Int? {
        let known = codes.filter { EntraErrorCode($0) != nil }
        return known.first { !EntraErrorCode.wrappers.contains($0) } ?? known.first ?? codes.first
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.allSatisfy { ClientID.isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    private static func identifier(_ value: JSONValue?) -> String? {
        guard let text = value?.text, text.utf8.count <= 64,
            text.allSatisfy({ $0.isHexDigit && $0.isASCII || $0 == "-" })
        else { return nil }
        return text
    }
}

extension EntraError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The error and its number.
    package var description: String { code.map { "\(error) (AADSTS\($0))" } ?? error }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Nothing but the ``description``.
    package var customMirror: Mirror { Mirror(self, children: ["error": description]) }
}
