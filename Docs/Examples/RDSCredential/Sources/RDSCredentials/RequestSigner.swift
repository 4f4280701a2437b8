import FoundationEssentials

/// Signature Version 4 of AWS, in the one form that RDS takes for a password: in the query of an address.
struct RequestSigner {
    let keyID: String
    let key: String
    let session: String?
    let region: String

    func signedAddress(host: String, port: Int, user: String, at time: Date, lifetime: Int) -> String {
        let stamp = Self.stamp(time)
        let scope = "\(stamp.prefix(8))/\(region)/rds-db/aws4_request"
        var query = [
            ("Action", "connect"), ("DBUser", user), ("X-Amz-Algorithm", Self.algorithm),
            ("X-Amz-Credential", "\(keyID)/\(scope)"), ("X-Amz-Date", stamp), ("X-Amz-Expires", "\(lifetime)"),
            ("X-Amz-SignedHeaders", "host"),
        ]
        if let session { query.append(("X-Amz-Security-Token", session)) }
        let pairs = query.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }

        let signedHost = port == 443 ? host.lowercased() : "\(host.lowercased()):\(port)"
        let canonical = [
            "GET", "/", pairs.sorted().joined(separator: "&"), "host:\(signedHost)", "", "host",
            Self.hex(SHA256.hash([])),
        ].joined(separator: "\n")
        let text = [Self.algorithm, stamp, scope, Self.hex(SHA256.hash(Array(canonical.utf8)))].joined(separator: "\n")
        var signing = Array("AWS4\(key)".utf8)
        for part in [String(stamp.prefix(8)), region, "rds-db", "aws4_request"] {
            signing = SHA256.authentication(of: Array(part.utf8), key: signing)
        }
        let signature = Self.hex(SHA256.authentication(of: Array(text.utf8), key: signing))
        return "\(host):\(port)/?\(pairs.joined(separator: "&"))&X-Amz-Signature=\(signature)"
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// `20230131T235959Z`
    private static func stamp(_ time: Date) -> String {
        String(time.ISO8601Format().filter { $0 != "-" && $0 != ":" })
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Percent-encoded but for the unreserved signs of RFC 3986.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + hex([byte]).uppercased()
            }
        }.joined()
    }
}
