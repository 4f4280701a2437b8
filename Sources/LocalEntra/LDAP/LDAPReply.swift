/// The answer to a bind (RFC 4511, section 4.2.2).
struct LDAPReply: Equatable {
    /// The result codes used here.
    enum Code: UInt8 {
        case success = 0
        case protocolError = 2
        case authMethodNotSupported = 7
        case invalidCredentials = 49
    }

    let messageID: Int32
    let code: Code
    /// The reason, which PostgreSQL writes to its log.
    let reason: String

    /// The message's bytes.
    var bytes: [UInt8] {
        let result =
            Self.element(0x0A, [code.rawValue]) + Self.element(0x04, []) + Self.element(0x04, Array(reason.utf8))
        return Self.element(0x30, Self.element(0x02, Self.number(messageID)) + Self.element(0x61, result))
    }

    private static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        if contents.count < 0x80 { return [tag, UInt8(contents.count)] + contents }
        var digits: [UInt8] = []
        var rest = contents.count
        while rest > 0 {
            digits.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(digits.count)] + digits + contents
    }

    /// The shortest form with a leading zero where the number would else look negative.
    private static func number(_ value: Int32) -> [UInt8] {
        let bytes = withUnsafeBytes(of: value.bigEndian, Array.init)
        let digits = Array(bytes.drop { $0 == 0 })
        guard let first = digits.first else { return [0] }
        return first < 0x80 ? digits : [0] + digits
    }
}
