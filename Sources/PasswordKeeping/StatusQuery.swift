package import FoundationEssentials
import Glibc
import PostgresCredentials

/// Asks a keeper that is running how its destinations fare.
package enum StatusQuery {
    /// The document behind a path such as `/status`; `nil` if nobody answers there within two seconds.
    package static func document(_ path: String, at address: HealthAddress) -> (status: Int, body: Data)? {
        guard let connection = try? SocketAddress.connect(to: address, SOCK_STREAM, waiting: 2) else { return nil }
        defer { close(connection) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        guard send(connection, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var reply: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while reply.count < 1 << 26 {
            let count = recv(connection, &block, block.count, 0)
            if count <= 0 { break }
            reply += block[..<count]
        }
        guard let end = reply.firstRange(of: Array("\r\n\r\n".utf8)),
            let status = Int(String(decoding: reply.prefix(12).suffix(3), as: UTF8.self))
        else { return nil }
        return (status, Data(reply[end.upperBound...]))
    }

    /// Whether nobody listens there any more; one who is stopped or busy still does.
    package static func isAbandoned(_ address: HealthAddress) -> Bool { SocketAddress.isAbandoned(address) }
}
