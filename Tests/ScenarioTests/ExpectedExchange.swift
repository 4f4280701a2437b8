import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import TokenCredentials

/// One request that a scenario expects, and what it is answered with: an element of `http.json`.
struct ExpectedExchange: Decodable {
    struct Reply: Decodable {
        let status: Int?
        let headers: [String: String]?
        let json: JSONValue?
        let text: String?
    }

    /// Method and address, with the query.
    let request: String
    /// Every header sent, as `Name: value`, in order.
    let headers: [String]?
    /// Every field of the form sent, as `name=value`, decoded, in order.
    let form: [String]?
    /// What is unusual about the connection.
    let connection: [String]?
    let reply: Reply?
    /// The name of a transport error, in place of a reply.
    let error: String?

    private var lines: [String] {
        [request] + (headers ?? []).map { "header " + $0 } + (form ?? []).map { "form " + $0 }
            + (connection ?? []).map { "connection " + $0 }
    }

    /// How a request differs from the one expected; `nil` if it does not.
    func objection(to request: HTTPRequest) -> String? {
        Pattern.difference(lines, Self.lines(of: request))
    }

    /// What the request is answered with.
    func answer() throws(HTTPTransportError) -> HTTPResponse {
        switch error {
        case nil: break
        case "unknownHost": throw .unknownHost
        case "connectTimeout": throw .connectTimeout
        case "timeout": throw .timeout
        case "unreachable": throw .unreachable("connection refused")
        case "proxy": throw .proxy("connection refused")
        case "tls": throw .tls("the certificate is not the one expected")
        case "bodyTooLarge": throw .bodyTooLarge(limit: 1_048_576)
        case "brokenReply": throw .brokenReply("the connection ended early")
        case let name?: throw .invalidRequest("the scenario names an error that is not known: \(name)")
        }
        let body = reply?.json.flatMap { try? JSONEncoder().encode($0) } ?? Data((reply?.text ?? "").utf8)
        return HTTPResponse(
            status: reply?.status ?? 200,
            headers: (reply?.headers ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, body: Array(body))
    }

    /// A request in the words in which scenarios write one.
    static func lines(of request: HTTPRequest) -> [String] {
        var lines = ["\(request.method.rawValue) \(request.url)"]
        lines += request.headers.map { "header \($0.name): \($0.value)" }
        lines += request.sentForm.map { "form " + $0 }
        if request.proxy == .never { lines.append("connection no proxy") }
        switch request.trust {
        case .system: break
        case .authorities(let pem): lines.append("connection authorities of \(pem.utf8.count) bytes")
        case .pinned(let digest): lines.append("connection pinned to \(digest.map { hex($0) }.joined())")
        @unknown default: lines.append("connection trusting otherwise")
        }
        if let name = request.serverName { lines.append("connection to \(name)") }
        if request.timeout != .seconds(30) { lines.append("connection for \(request.timeout)") }
        return lines
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
