/// Sends one request and returns its reply, whatever the status.
///
/// Follows no redirect and repeats nothing.
public protocol HTTPTransport: Sendable {
    /// Sends a request. Throws ``HTTPTransportError/cancelled`` soon after the task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}
