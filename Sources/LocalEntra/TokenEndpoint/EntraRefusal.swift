import FoundationEssentials
import TokenCredentials

/// A refusal in the form that Entra's endpoints give it.
struct EntraRefusal: Error {
    let status: Int
    let error: String
    let number: Int
    let text: String
    var suberror: String?
    var claims: String?

    init(_ error: String, _ number: Int, _ text: String, status: Int = 400) {
        self.status = status
        self.error = error
        self.number = number
        self.text = text
    }

    /// The reply, with fresh trace id and the caller's own correlation id.
    func reply(to exchange: HTTPExchange, at time: Date) -> HTTPReply {
        let asked = exchange.header("client-request-id").flatMap { UUID(uuidString: $0) }
        let correlation = asked?.uuidString.lowercased() ?? randomGUID()
        let trace = randomGUID()
        let timestamp = time.formatted(.iso8601.dateTimeSeparator(.space))
        var members: [String: JSONValue] = [
            "error": .string(error),
            "error_description": .string(
                "AADSTS\(number): \(text)\r\nTrace ID: \(trace)\r\nCorrelation ID: \(correlation)\r\nTimestamp: \(timestamp)"
            ),
            "error_codes": .array([.whole(number)]), "timestamp": .string(timestamp), "trace_id": .string(trace),
            "correlation_id": .string(correlation),
            "error_uri": .string("https://localhost:\(exchange.localPort)/error?code=\(number)"),
        ]
        if let suberror { members["suberror"] = .string(suberror) }
        if let claims { members["claims"] = .string(claims) }
        return HTTPReply(
            status: status,
            headers: [RequestField("x-ms-request-id", trace), RequestField("client-request-id", correlation)],
            json: .object(members))
    }

    /// A field that every such request needs is not there.
    static func missing(_ field: String) -> EntraRefusal {
        EntraRefusal("invalid_request", 900144, "the request body must contain the parameter '\(field)'")
    }
}
