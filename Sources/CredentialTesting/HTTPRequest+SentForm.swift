package import CredentialHTTP

extension HTTPRequest {
    /// The fields of a form body as `name=value`, decoded, in order.
    package var sentForm: [String] {
        bodyText.split(separator: "&").map { field in
            field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { Self.percentDecoded($0) }.joined(separator: "=")
        }
    }

    /// The value of a field of a form body, decoded.
    package func sentField(_ name: String) -> String? {
        sentForm.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
