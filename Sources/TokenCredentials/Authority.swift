/// The address of an identity service: scheme, host and perhaps port, and nothing after it.
public struct Authority: Hashable, Sendable {
    /// The address as `https://host` or `https://host:port`, without a final slash.
    public let url: String
    /// The host in lower case, without the port.
    public let host: String

    /// Reads a host name or an `https` address, as `AZURE_AUTHORITY_HOST` holds it.
    ///
    /// White space round it and slashes after it are taken off. Throws ``CredentialError/failed(_:)`` for another
    /// scheme, for user information, a path, a query or a fragment, and for anything that is no host name.
    public init(_ text: String) throws(CredentialError) {
        var rest = Substring(text)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        if let scheme = rest.firstRange(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "https" else {
                throw Self.invalid("it must begin with https://, or be a bare host name")
            }
            rest = rest[scheme.upperBound...]
        }
        while rest.last == "/" { rest.removeLast() }
        guard !rest.contains("@") else { throw Self.invalid("it must hold no user name or password") }
        guard !rest.contains(where: { "/?#\\".contains($0) }) else {
            throw Self.invalid("it must end after the host: no path, query or fragment")
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, Self.isHostName(host) else { throw Self.invalid("it is not a host name") }
        self.host = host.lowercased()
        switch parts.count {
        case 1:
            url = "https://\(self.host)"
        case 2:
            guard let port = UInt16(parts[1]), port > 0 else {
                throw Self.invalid("its port is not a number from 1 to 65535")
            }
            url = "https://\(self.host):\(port)"
        default:
            throw Self.invalid("it is not a host name")
        }
    }

    /// An authority whose host is known to be well formed.
    init(knownHost host: String) {
        self.host = host
        self.url = "https://\(host)"
    }

    private static func isHostName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            } && text.first != "." && text.first != "-"
    }

    private static func invalid(_ reason: String) -> CredentialError {
        .failed(
            Diagnosis(
                "the authority (AZURE_AUTHORITY_HOST) cannot be used: \(reason)",
                remedy: "Set it to a host such as login.microsoftonline.com, or leave it unset.", kind: .misconfigured))
    }
}
