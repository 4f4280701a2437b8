import FoundationEssentials
import TokenCredentials

/// What is sent back, and how.
struct HTTPReply: Sendable {
    enum Body: Sendable {
        case bytes(Data)
        /// That many blanks, never held in memory at once.
        case blanks(count: Int)
    }

    enum Manner: Sendable {
        case atOnce
        case after(Duration)
        /// Nothing is ever sent; the connection stays open.
        case never
        /// The connection is closed without a word.
        case hangUp
    }

    var status: Int
    var headers: [RequestField]
    var body: Body
    var manner = Manner.atOnce

    init(status: Int, headers: [RequestField] = [], body: Body = .bytes(Data())) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON document.
    init(status: Int = 200, headers: [RequestField] = [], json: JSONValue) {
        self.init(
            status: status,
            headers: [
                RequestField("Content-Type", "application/json; charset=utf-8"),
                RequestField("Cache-Control", "no-store, no-cache"),
            ] + headers,
            body: .bytes(json.bytes))
    }

    static let notFound = HTTPReply(status: 404)
}
