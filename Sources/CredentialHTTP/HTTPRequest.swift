/// One HTTP request, whole in memory.
public struct HTTPRequest: Sendable {
    /// The methods identity services ask for.
    public enum Method: String, Hashable, Sendable {
        /// Asks for a document.
        case get = "GET"
        /// Sends a document.
        case post = "POST"
    }

    /// Whether a proxy may stand between.
    public enum ProxyUse: Hashable, Sendable {
        /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say; never for loopback or link-local addresses.
        case fromEnvironment
        /// Never: for endpoints that belong to the machine.
        case never
    }

    /// Whose certificates are believed.
    @nonexhaustive
    public enum Trust: Hashable, Sendable {
        /// The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
        case system
        /// The authorities in this PEM text and no others.
        case authorities(pem: String)
        /// The one server certificate with this SHA-1 thumbprint, 20 bytes, whoever signed it.
        case pinned(sha1: [UInt8])
    }

    /// The method.
    public var method: Method
    /// The address, beginning with `http://` or `https://`.
    public var url: String
    /// Name and value of each header, in order.
    public var headers: [(name: String, value: String)]
    /// What is sent after the headers.
    public var body: [UInt8]?
    /// The time within which a connection has to be made.
    public var connectTimeout: Duration
    /// The time within which the whole reply has to be there.
    public var timeout: Duration
    /// The longest reply body accepted, in bytes.
    public var bodyLimit: Int
    /// Whether a proxy may stand between.
    public var proxy: ProxyUse
    /// Whose certificates are believed.
    public var trust: Trust
    /// The name to ask for and to verify in place of the address's host, if another.
    public var serverName: String?

    /// Makes a request with ten seconds to connect, thirty in all, and a reply of up to 1 MiB.
    public init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(30), bodyLimit: Int = 1_048_576,
        proxy: ProxyUse = .fromEnvironment, trust: Trust = .system, serverName: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.bodyLimit = bodyLimit
        self.proxy = proxy
        self.trust = trust
        self.serverName = serverName
    }

    /// A POST of form fields (`application/x-www-form-urlencoded`) that asks for JSON.
    public static func form(
        _ url: String, _ fields: [(name: String, value: String)], headers: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        let body = fields.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
        return HTTPRequest(
            .post, url,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")] + headers,
            body: Array(body.utf8))
    }

    /// A text with every byte but the unreserved ones of RFC 3986 percent-encoded.
    public static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Method and address without its query; headers and body may hold secrets.
    public var description: String { "\(method.rawValue) \(url.prefix { $0 != "?" })" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
