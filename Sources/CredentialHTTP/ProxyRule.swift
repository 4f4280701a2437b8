import Glibc
import TokenCredentials

/// Which proxy, if any, the variables of a process put in front of an address.
///
/// Reads what curl reads, lower case before upper case: `https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`. `HTTP_PROXY`
/// is not read, because web servers hand that name to their programs with a value from whoever sent the request.
struct ProxyRule: Sendable {
    /// How a request reaches its host.
    enum Route: Hashable, Sendable {
        /// Without a proxy.
        case direct
        /// Through the proxy at an address, which may hold a password and is shown to nobody.
        case through(String)
    }

    private let environment: ProcessEnvironment

    init(_ environment: ProcessEnvironment) {
        self.environment = environment
    }

    /// The way to an address.
    ///
    /// Throws ``HTTPTransportError/invalidRequest(_:)`` if the variable that decides holds no address.
    func route(to endpoint: Endpoint, use: HTTPRequest.ProxyUse) throws(HTTPTransportError) -> Route {
        guard use == .fromEnvironment, !endpoint.isLoopback, !endpoint.isLinkLocal else { return .direct }
        let names = endpoint.isEncrypted ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let (name, address) = first(of: names + ["all_proxy", "ALL_PROXY"]), !isExempt(endpoint) else {
            return .direct
        }
        guard Self.isAddress(address) else {
            throw .invalidRequest("the variable \(name) does not hold the address of a proxy")
        }
        return .through(address)
    }

    private func first(of names: [String]) -> (name: String, value: String)? {
        for name in names {
            if let value = environment[name] { return (name, value) }
        }
        return nil
    }

    private static func isAddress(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.last, !host.isEmpty else { return false }
        let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
        return parts.count == 1 || schemes.contains(parts[0].lowercased())
    }

    /// Whether `no_proxy` names the host: `*`, a name and all names below it, an address, or a range of addresses.
    private func isExempt(_ endpoint: Endpoint) -> Bool {
        guard let (_, list) = first(of: ["no_proxy", "NO_PROXY"]) else { return false }
        return list.split { $0 == "," || $0 == " " }.contains { Self.matches(String($0), endpoint) }
    }

    private static func matches(_ entry: String, _ endpoint: Endpoint) -> Bool {
        if entry == "*" { return true }
        let bare = entry.lowercased()
        if bare.contains("/") { return isInRange(bare, endpoint.host) }
        var name = bare[...]
        if name.hasPrefix("[") {
            name = name.dropFirst().prefix { $0 != "]" }
        } else if name.split(separator: ":", omittingEmptySubsequences: false).count == 2 {
            // One colon: a port. More: an IPv6 address.
            let host = name.prefix { $0 != ":" }
            guard Int(name[host.endIndex...].dropFirst()) == endpoint.port else { return false }
            name = host
        }
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        while name.hasPrefix(".") { name = name.dropFirst() }
        while name.hasSuffix(".") { name = name.dropLast() }
        guard !name.isEmpty else { return false }
        return endpoint.host == name || (endpoint.ipv4 == nil && endpoint.host.hasSuffix(".\(name)"))
    }

    private static func isInRange(_ entry: String, _ host: String) -> Bool {
        let parts = entry.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits), let range = Endpoint.ipv4(parts[0]),
            let address = Endpoint.ipv4(host)
        else { return false }
        let mask: UInt32 = bits == 0 ? 0 : ~0 << UInt32(32 - bits)
        func number(_ bytes: [UInt8]) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
        return number(range) & mask == number(address) & mask
    }
}
