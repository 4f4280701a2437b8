import ArgumentParser
import FoundationEssentials
import Glibc
import TokenCredentials

/// Speaks to the control interface of a stand-in that is running.
struct ControlClient {
    let ready: WorkDirectory.Ready

    init(directory: String) throws {
        ready = try WorkDirectory(directory).ready()
    }

    /// Asks for an action; throws with the stand-in's own words where it refuses.
    func perform(_ action: String, _ body: Data) throws -> JSONValue {
        guard action.utf8.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: "-") }), !action.isEmpty else {
            throw ValidationError("an action consists of small letters and hyphens")
        }
        let head = """
            POST /control/\(action) HTTP/1.1\r
            Host: 127.0.0.1\r
            X-Control-Key: \(ready.controlKey)\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        let reply = try exchange(Data(head.utf8) + body)
        guard let end = reply.firstRange(of: Data("\r\n\r\n".utf8)) else {
            throw ValidationError("nobody answers properly at \(ready.metadataAddress)")
        }
        let status = String(decoding: reply.prefix(12).suffix(3), as: UTF8.self)
        let value = try? JSONDecoder().decode(JSONValue.self, from: reply[end.upperBound...])
        guard status == "200", let value else {
            throw ValidationError(value?["error"]?.text ?? "the stand-in answers with status \(status)")
        }
        return value
    }

    private func exchange(_ request: Data) throws -> Data {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { throw ValidationError(SystemError.text(of: errno)) }
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: ready.metadataPort).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            throw ValidationError("nobody listens at \(ready.metadataAddress): \(SystemError.text(of: errno))")
        }
        var rest = [UInt8](request)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var reply = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return reply }
            reply.append(contentsOf: buffer.prefix(count))
        }
    }
}
