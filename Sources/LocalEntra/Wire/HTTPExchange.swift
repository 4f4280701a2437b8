import FoundationEssentials

/// A request as it came in.
struct HTTPExchange: Sendable {
    let method: String
    /// The path, percent signs undone, without the query.
    let path: String
    let query: [RequestField]
    let headers: [RequestField]
    let body: Data
    /// The port of ours that it came to.
    let localPort: Int

    /// The fields of the body, if it is a well-formed form.
    var form: [RequestField]? {
        guard header("content-type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            return nil
        }
        return RequestField.fields(encoded: String(decoding: body, as: UTF8.self))
    }

    /// The value of a head line, whose name is compared without case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// The parts of the path between its slashes.
    var segments: [String] { path.split(separator: "/").map(String.init) }
}
