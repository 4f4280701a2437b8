/// Why there was no reply.
@nonexhaustive
public enum HTTPTransportError: Error, Hashable, Sendable {
    /// The request cannot be sent as it is; the text says what is wrong with it, without quoting it.
    case invalidRequest(String)
    /// The host's name has no address.
    case unknownHost
    /// Nobody listens there, or there is no way there.
    case unreachable(String)
    /// The proxy could not be reached or did not serve.
    case proxy(String)
    /// The proxy was reached and does not let this request pass, as one that wants a user name and password.
    case proxyDenied(String)
    /// No connection in time.
    case connectTimeout
    /// Connected, and no whole reply in time.
    case timeout
    /// The server's certificate is not believed, or no common ground for TLS was found.
    case tls(String)
    /// The reply is longer than the limit, in bytes.
    case bodyTooLarge(limit: Int)
    /// The connection ended before the reply did, or what came was no HTTP.
    case brokenReply(String)
    /// The task was cancelled.
    case cancelled
}

extension HTTPTransportError: CustomStringConvertible {
    /// Half a sentence that follows the name of the endpoint.
    public var description: String {
        switch self {
        case .invalidRequest(let reason): "cannot be asked: \(reason)"
        case .unknownHost: "has no address: its name does not resolve"
        case .unreachable(let reason): "cannot be reached: \(reason)"
        case .proxy(let reason): "cannot be reached through the proxy: \(reason)"
        case .proxyDenied(let reason): "is not reached, since the proxy does not let the request pass: \(reason)"
        case .connectTimeout: "did not take the connection in time"
        case .timeout: "took the connection and did not answer in time"
        case .tls(let reason): "could not be trusted: \(reason)"
        case .bodyTooLarge(let limit): "answered with more than \(limit) bytes"
        case .brokenReply(let reason): "broke off or did not answer in HTTP: \(reason)"
        case .cancelled: "was not waited for"
        }
    }

    /// Whether the same request may succeed a little later.
    public var isTemporary: Bool {
        switch self {
        case .unknownHost, .unreachable, .proxy, .connectTimeout, .timeout, .brokenReply: true
        case .proxyDenied, .invalidRequest, .tls, .bodyTooLarge, .cancelled: false
        }
    }
}
