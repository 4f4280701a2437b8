/// A name and its value, as in a query, a form or a head.
public struct RequestField: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value, decoded.
    public let value: String

    /// Pairs a name with a value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension RequestField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private static let harmless: Set<String> = [
        "client_id", "object_id", "msi_res_id", "mi_res_id", "clientid", "grant_type", "scope", "resource",
        "api-version",
        "metadata", "content-type", "content-length", "accept", "host", "user-agent", "client-request-id",
    ]

    /// The name, and the value where it is known to be no secret.
    public var description: String {
        "\(name)=\(Self.harmless.contains(name.lowercased()) ? value : "<redacted>")"
    }
    /// The same as the description.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Sequence where Element == RequestField {
    /// The value of the first field of that name, compared without case only for heads.
    public func first(_ name: String) -> String? { first { $0.name == name }?.value }
}

extension RequestField {
    /// Reads the pairs of a form or query; `nil` if it is not well formed.
    static func fields(encoded text: some StringProtocol) -> [RequestField]? {
        var fields: [RequestField] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : "") else { return nil }
            fields.append(RequestField(name, value))
        }
        return fields
    }

    /// Undoes percent-encoding; `nil` for a bad escape or for bytes that are not UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let high = Character(UnicodeScalar(rest.removeFirst())).hexDigitValue,
                    let low = Character(UnicodeScalar(rest.removeFirst())).hexDigitValue
                else { return nil }
                bytes.append(UInt8(high << 4 | low))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
