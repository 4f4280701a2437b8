/// What the browser is shown.
///
/// Nothing of what it sent is ever part of it.
enum LoopbackPage: Error, Hashable, Sendable, CaseIterable {
    case signedIn
    case notSignedIn
    case foreign
    case malformed
    case otherPath
    case otherMethod
    case tooSlow
    case noLength
    case bodyTooLong
    case otherType
    case headTooLong

    var status: Int {
        switch self {
        case .signedIn, .notSignedIn: 200
        case .foreign, .malformed: 400
        case .otherPath: 404
        case .otherMethod: 405
        case .tooSlow: 408
        case .noLength: 411
        case .bodyTooLong: 413
        case .otherType: 415
        case .headTooLong: 431
        }
    }

    private var words: (reason: String, text: String) {
        switch self {
        case .signedIn: ("OK", "Signed in. You can close this window and go back to the program.")
        case .notSignedIn: ("OK", "Not signed in. You can close this window; the program says why.")
        case .foreign: ("Bad Request", "This is not the answer to the sign-in that is under way.")
        case .malformed: ("Bad Request", "This request cannot be read.")
        case .otherPath: ("Not Found", "There is nothing here.")
        case .otherMethod: ("Method Not Allowed", "This cannot be done here.")
        case .tooSlow: ("Request Timeout", "The request did not come in time.")
        case .noLength: ("Length Required", "This request does not say how long it is.")
        case .bodyTooLong: ("Content Too Large", "This request is too long.")
        case .otherType: ("Unsupported Media Type", "This is not a form.")
        case .headTooLong: ("Request Header Fields Too Large", "This request is too long.")
        }
    }

    /// The whole response, head and page.
    var response: [UInt8] {
        let (reason, text) = words
        let page =
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in</title><p>\(text)</p></html>\n"
        let head = [
            "HTTP/1.1 \(status) \(reason)", "Content-Type: text/html; charset=utf-8",
            "Content-Length: \(page.utf8.count)", "Connection: close", "Cache-Control: no-store",
            "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
        ]
        return Array((head + (status == 405 ? ["Allow: GET, POST"] : []) + ["", page]).joined(separator: "\r\n").utf8)
    }
}
