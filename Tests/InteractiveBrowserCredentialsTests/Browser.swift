import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import Glibc
import TokenCredentials

@testable import InteractiveBrowserCredentials

let scope = "https://ossrdbms-aad.database.windows.net/.default"
let client = InteractiveBrowserCredential.azureCLIClientID

/// A bare TCP client in the browser's place.
final class Browser: Sendable {
    private let socket: Int32

    /// Connects to a port of the IPv6 loopback address; `nil` if nobody listens there.
    init?(port6: UInt16) {
        socket = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback6(port6)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
        if !isConnected { return nil }
    }

    /// `[::1]` with a port.
    static func loopback6(_ port: UInt16) -> sockaddr_in6 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return address
    }

    /// What happens when somebody else binds a port of the IPv6 loopback address: 0 or the error's number.
    static func binding6(_ port: UInt16) -> Int32 {
        let socket = Glibc.socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return errno }
        defer { close(socket) }
        var address = loopback6(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0 ? 0 : errno
            }
        }
    }

    /// Connects to a port of the loopback address; `nil` if nobody listens there.
    init?(port: UInt16) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if !isConnected { return nil }
    }

    deinit { close(socket) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Everything until the other side closes.
    func response() -> String {
        var all: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &block, block.count, 0)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += block[..<count]
        }
    }

    /// Sends a request and returns the response, on a thread of its own.
    static func exchange(_ port: UInt16, _ request: String) async -> String {
        await onOwnThread {
            guard let browser = Browser(port: port) else { return "nobody listens" }
            browser.send(request)
            return browser.response()
        }
    }

    static func get(_ port: UInt16, _ target: String) async -> String {
        await exchange(port, "GET \(target) HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n")
    }

    static func post(_ port: UInt16, _ form: String) async -> String {
        await exchange(
            port,
            "POST / HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)")
    }
}

/// The address a browser is sent to, taken apart.
struct SignInPage: Sendable {
    let page: String
    let parameters: [String: String]
    let port: UInt16

    var state: String { parameters["state"] ?? "" }

    init(_ address: String) {
        let parts = address.split(separator: "?", maxSplits: 1)
        page = String(parts[0])
        var parameters: [String: String] = [:]
        let form = HTTPRequest(.post, "", body: Array((parts.count == 2 ? parts[1] : "").utf8)).sentForm
        for field in form {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parameters[String(pair[0])] = pair.count == 2 ? String(pair[1]) : ""
        }
        self.parameters = parameters
        port = UInt16(parameters["redirect_uri"]?.split(separator: ":").last ?? "") ?? 0
    }
}

/// Things seen, in order.
final class Seen<Element: Sendable>: Sendable {
    private let list = Guarded<[Element]>([])
    var all: [Element] { list.withLock { $0 } }
    func add(_ element: Element) { list.withLock { $0.append(element) } }
}

func token(_ refreshToken: String = "hush-refresh-1") -> Result<HTTPResponse, HTTPTransportError> {
    .success(
        .text(
            #"{"token_type":"Bearer","expires_in":3599,"access_token":"hush-access","refresh_token":"\#(refreshToken)"}"#
        ))
}

/// The error a credential ends with; `nil` if it delivers.
func failure(
    _ credential: InteractiveBrowserCredential, _ request: TokenRequest = TokenRequest(scope)
) async -> CredentialError? {
    do throws(CredentialError) {
        _ = try await credential.token(for: request)
        return nil
    } catch {
        return error
    }
}
