/// Where health checks are answered.
public enum HealthAddress: Hashable, Sendable {
    /// A numeric IPv4 or IPv6 address and a port; port 0 lets the system choose.
    case tcp(host: String, port: UInt16)
    /// A socket in the file system.
    case socket(path: String)

    /// Reads `127.0.0.1:9911`, `[::1]:9911` or `localhost:9911`, which is taken for 127.0.0.1.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        self = .tcp(host: host == "localhost" ? "127.0.0.1" : host, port: port)
    }
}
