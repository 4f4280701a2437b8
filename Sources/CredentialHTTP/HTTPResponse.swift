/// A whole reply.
public struct HTTPResponse: Sendable {
    /// The status, such as 200.
    public let status: Int
    /// Name and value of each header, in order, as they came.
    public let headers: [(name: String, value: String)]
    /// What came after the headers.
    ///
    /// May hold a token: show selected fields of it, never all.
    public let body: [UInt8]

    /// Makes a reply.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, in whatever case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Status and length.
    public var description: String { "HTTP \(status), \(body.count) bytes" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["response": description]) }
}
