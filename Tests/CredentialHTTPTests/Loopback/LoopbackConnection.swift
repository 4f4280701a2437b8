import CTokenOpenSSL
import Glibc

/// One connection of a ``LoopbackServer``; only the thread that serves it touches it.
final class LoopbackConnection: @unchecked Sendable {
    let socket: Int32
    private let number: Int
    private var tls: OpaquePointer?
    private var serverName: String?
    private var buffer: [UInt8] = []

    init(socket: Int32, number: Int) {
        self.socket = socket
        self.number = number
    }

    func startTLS(_ identity: TLSIdentity) -> Bool {
        guard let tls = identity.makeSession() else { return false }
        self.tls = tls
        SSL_set_fd(tls, socket)
        guard SSL_accept(tls) == 1 else {
            ERR_clear_error()
            return false
        }
        serverName = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
        return true
    }

    func endTLS() {
        guard let tls else { return }
        SSL_shutdown(tls)
        ERR_clear_error()
        SSL_free(tls)
        self.tls = nil
    }

    /// Writes all of a text.
    ///
    /// Returns whether it could.
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Writes all of the bytes.
    ///
    /// Returns whether it could.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                if let tls { return Int(SSL_write(tls, bytes.baseAddress, Int32(bytes.count))) }
                return send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads and forgets until the other side has left.
    func waitForEnd() {
        while fill() { buffer = [] }
    }

    /// The next request; `nil` at the connection's end.
    func readRequest() -> LoopbackServer.Received? {
        var end: Int?
        while end == nil {
            end = buffer.indices.first { buffer[$0...].starts(with: "\r\n\r\n".utf8) }
            if end == nil, !fill() { return nil }
        }
        guard let end else { return nil }
        let head = String(decoding: buffer[..<(end + 4)], as: UTF8.self)
        buffer.removeSubrange(..<(end + 4))
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name: String(name), value: String(line[name.endIndex...].dropFirst().drop { $0 == " " }))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        while buffer.count < length {
            if !fill() { return nil }
        }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return LoopbackServer.Received(
            method: String(words[0]), target: String(words[1]), headers: headers, head: head, body: body,
            serverName: serverName, connection: number)
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 16_384)
        let count = piece.withUnsafeMutableBytes { bytes in
            if let tls { return Int(SSL_read(tls, bytes.baseAddress, Int32(bytes.count))) }
            return recv(socket, bytes.baseAddress, bytes.count, 0)
        }
        guard count > 0 else {
            ERR_clear_error()
            return false
        }
        buffer += piece.prefix(count)
        return true
    }
}
