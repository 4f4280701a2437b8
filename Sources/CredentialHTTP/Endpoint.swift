import Glibc

/// Where a request goes: an address taken apart, strictly enough that no other parser can read it differently.
struct Endpoint: Hashable, Sendable {
    /// Whether the scheme is `https`.
    let isEncrypted: Bool
    /// A name, an IPv4 address, or an IPv6 address without its brackets; in lower case.
    let host: String
    /// The port, written out or not.
    let port: Int
    /// Path and query; begins with `/` or `?` unless empty.
    let resource: String

    /// Reads an address.
    ///
    /// The reasons given quote none of it, since queries and user names may be secret.
    init(_ url: String) throws(HTTPTransportError) {
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidRequest("its address holds blanks or characters that do not belong there")
        }
        let scheme = url.prefix { $0 != ":" }
        switch scheme.lowercased() {
        case "https": isEncrypted = true
        case "http": isEncrypted = false
        default: throw .invalidRequest("its address does not begin with https://")
        }
        let afterScheme = url[scheme.endIndex...]
        guard afterScheme.hasPrefix("://") else {
            throw .invalidRequest("its address does not begin with https://")
        }
        let rest = afterScheme.dropFirst(3)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw .invalidRequest("its address holds a user name") }
        resource = String(rest[authority.endIndex...].prefix { $0 != "#" })

        let portText: Substring
        if authority.hasPrefix("[") {
            let inside = authority.dropFirst().prefix { $0 != "]" }
            let after = authority[inside.endIndex...].dropFirst()
            host = inside.lowercased()
            guard Self.ipv6(host) != nil, inside.endIndex < authority.endIndex, after.isEmpty || after.hasPrefix(":")
            else {
                throw .invalidRequest("the host in its address is not one")
            }
            portText = after.dropFirst()
        } else {
            let name = authority.prefix { $0 != ":" }
            host = name.lowercased()
            guard Self.isName(host) else { throw .invalidRequest("the host in its address is not one") }
            portText = authority[name.endIndex...].dropFirst()
        }
        if authority.hasSuffix(":") || !portText.isEmpty {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), portText.utf8.count <= 5,
                let number = Int(portText), (1...65535).contains(number)
            else { throw .invalidRequest("the port in its address is not one") }
            port = number
        } else {
            port = isEncrypted ? 443 : 80
        }
    }

    /// The host as it stands in an address.
    var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Host and port as the `Host` header carries them.
    var authority: String {
        port == (isEncrypted ? 443 : 80) ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// The address under another name for the host, or under its own.
    func url(host name: String? = nil) -> String {
        "\(isEncrypted ? "https" : "http")://\(name ?? bracketedHost):\(port)\(resource)"
    }

    /// Whether the host is this machine.
    var isLoopback: Bool { host == "localhost" || ipv4?.first == 127 || Self.ipv6(host) == Self.ipv6("::1") }

    /// Whether the host is on the machine's own link (169.254.0.0/16), as the metadata services of clouds are.
    var isLinkLocal: Bool { ipv4.map { $0[0] == 169 && $0[1] == 254 } ?? false }

    /// The four numbers of an IPv4 address written in full.
    var ipv4: [UInt8]? { Self.ipv4(host) }

    static func ipv4(_ text: String) -> [UInt8]? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }

    static func ipv6(_ text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }

    /// Whether a text can be a host's name or an IPv4 address.
    static func isName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
