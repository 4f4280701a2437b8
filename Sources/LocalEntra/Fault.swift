import FoundationEssentials
import TokenCredentials

/// A fault that a test asks for, in place of an endpoint's proper answer.
public enum Fault: Hashable, Sendable {
    /// This status, head and body; from IMDS with the header by which that is known, unless another `Server` is named.
    case reply(status: Int, headers: [RequestField] = [], body: String = "")
    /// An error as Entra words it, with this status, `error` and AADSTS number.
    case refusal(status: Int, error: String, number: Int)
    /// A web page with status 200, as a captive portal sends it.
    case page
    /// A redirect to that address.
    case redirect(to: String)
    /// The request is read and never answered.
    case silence
    /// The connection is closed without an answer.
    case hangUp
    /// A body of that many bytes.
    case oversized(bytes: Int)
    /// The proper answer, after a while.
    case delay(Duration)
    /// The proper answer, but its expiry lies in the past.
    case staleExpiry

    /// Status 429 with a `Retry-After` of whole seconds.
    public static func throttled(retryAfter seconds: Int) -> Fault {
        .reply(
            status: 429,
            headers: [
                RequestField("Retry-After", "\(seconds)"), RequestField("Content-Type", "application/json"),
            ],
            body: #"{"error":"too_many_requests","error_description":"Too many requests, try again later"}"#)
    }
}

extension Fault {
    /// What is sent instead of the proper answer.
    func applied(to proper: () -> HTTPReply, refusal: (Int, String, Int) -> HTTPReply) -> HTTPReply {
        switch self {
        case .reply(let status, let headers, let body):
            return HTTPReply(status: status, headers: headers, body: .bytes(.init(body.utf8)))
        case .refusal(let status, let error, let number):
            return refusal(status, error, number)
        case .page:
            return HTTPReply(
                status: 200, headers: [RequestField("Content-Type", "text/html")],
                body: .bytes(.init("<!DOCTYPE html><html><body><h1>Welcome to this network</h1></body></html>".utf8)))
        case .redirect(let address):
            return HTTPReply(status: 302, headers: [RequestField("Location", address)])
        case .silence: return HTTPReply(status: 0, manner: .never)
        case .hangUp: return HTTPReply(status: 0, manner: .hangUp)
        case .oversized(let count):
            return HTTPReply(
                status: 200, headers: [RequestField("Content-Type", "application/json")], body: .blanks(count: count))
        case .delay(let delay):
            var reply = proper()
            reply.manner = .after(delay)
            return reply
        case .staleExpiry:
            return proper().withStaleExpiry()
        }
    }
}

extension HTTPReply {
    fileprivate init(status: Int, manner: Manner) {
        self.init(status: status)
        self.manner = manner
    }

    /// The same reply with its expiry in the past, in the form it had.
    fileprivate func withStaleExpiry() -> HTTPReply {
        guard case .bytes(let bytes) = body, case .object(var members)? = JSONValue(parsing: bytes) else { return self }
        if case .string? = members["expires_in"] {
            members["expires_in"] = .string("-3600")
        } else if members["expires_in"] != nil {
            members["expires_in"] = .whole(-3600)
        }
        // A morning in 2001: past on every clock, and late enough to be read as a date and not as a number of seconds.
        if case .string? = members["expires_on"] {
            members["expires_on"] = .string("1000000000")
        } else if members["expires_on"] != nil {
            members["expires_on"] = .whole(1_000_000_000)
        }
        var reply = self
        reply.body = .bytes(JSONValue.object(members).bytes)
        return reply
    }
}
