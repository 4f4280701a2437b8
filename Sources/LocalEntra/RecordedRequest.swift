public import FoundationEssentials

/// A request that the local cloud received, for a test to look at.
///
/// Its parts hold what was sent, secrets included; its description shows only what is known to be none.
public struct RecordedRequest: Hashable, Sendable {
    /// Where it came in.
    public let endpoint: Endpoint
    /// The method, as in `POST`.
    public let method: String
    /// The path, without the query.
    public let path: String
    /// The fields of the query, in order, decoded.
    public let query: [RequestField]
    /// The lines of the head, in order.
    public let headers: [RequestField]
    /// The fields of the form, in order, decoded; empty if the body was none.
    public let form: [RequestField]
    /// When it came, by the local cloud's clock.
    public let receivedAt: Date

    init(_ exchange: HTTPExchange, at endpoint: Endpoint, receivedAt: Date) {
        self.endpoint = endpoint
        method = exchange.method
        path = exchange.path
        query = exchange.query
        headers = exchange.headers
        form = exchange.form ?? []
        self.receivedAt = receivedAt
    }

    /// The value of a head line, whose name is compared without case.
    public func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

extension RecordedRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method, the path and the fields, without secrets.
    public var description: String {
        var text = "\(method) \(path)"
        if !query.isEmpty { text += "?" + query.map(\.description).joined(separator: "&") }
        if !form.isEmpty { text += " {" + form.map(\.description).joined(separator: ", ") + "}" }
        return text
    }
    /// The same as the description.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
