import TokenCredentials

/// A request that may be sent, with everything decided that needs no network.
struct CheckedRequest: Sendable {
    let request: HTTPRequest
    let endpoint: Endpoint
    let route: ProxyRule.Route
    let trust: TrustedCertificates

    /// Checks a request.
    ///
    /// Throws ``HTTPTransportError/invalidRequest(_:)`` without quoting what is wrong with it.
    init(_ request: HTTPRequest, environment: ProcessEnvironment) throws(HTTPTransportError) {
        let endpoint = try Endpoint(request.url)
        try Self.checkEncryption(of: request, to: endpoint)
        for header in request.headers { try Self.check(header) }
        guard request.body == nil || request.method == .post else { throw .invalidRequest("a GET carries no body") }
        guard request.bodyLimit >= 0 else { throw .invalidRequest("its limit for the reply is below zero") }
        if let name = request.serverName {
            guard endpoint.isEncrypted, Endpoint.isName(name) else {
                throw .invalidRequest("the server name to ask for is not one, or there is no TLS to ask in")
            }
        }
        self.request = request
        self.endpoint = endpoint
        route = try ProxyRule(environment).route(to: endpoint, use: request.proxy)
        trust = try TrustedCertificates(request.trust, environment: environment)
    }

    /// Secrets go without TLS only to this machine, to its link, and where the host itself names the endpoint.
    private static func checkEncryption(of request: HTTPRequest, to endpoint: Endpoint) throws(HTTPTransportError) {
        guard endpoint.isEncrypted || endpoint.isLoopback || endpoint.isLinkLocal || request.proxy == .never else {
            throw .invalidRequest("it would be sent without TLS: its address does not begin with https://")
        }
    }

    private static func check(_ header: (name: String, value: String)) throws(HTTPTransportError) {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        let isToken = header.name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: marks.contains(byte)
            }
        }
        guard isToken, !header.name.isEmpty else { throw .invalidRequest("the name of a header is not one") }
        guard header.value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else {
            throw .invalidRequest("its header \(header.name) holds characters that do not belong there")
        }
        // These say where a request goes and where it ends; a second opinion on that is how requests get smuggled.
        guard !["host", "content-length", "transfer-encoding"].contains(header.name.lowercased()) else {
            throw .invalidRequest("its header \(header.name) is not the caller's to set")
        }
    }
}
