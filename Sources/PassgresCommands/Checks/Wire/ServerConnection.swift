import Glibc
import TokenCredentials

/// Why a server could not be talked to.
enum WireError: Error {
    case timedOut
    case closed
    case system(Int32)
    case tls(String)
    case strange(String)
}

/// A connection to a server, plain or in TLS.
///
/// Belongs to the one thread that made it; every wait has an end.
final class ServerConnection {
    private let socket: Int32
    private var tls: TLSSession?

    /// Connects within some seconds, which also bound every later wait.
    init(to address: SocketAddress, within seconds: Int) throws(WireError) {
        socket = Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .system(errno) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        // On Linux the time limit for sending bounds connecting too.
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        let code = address.bytes.withUnsafeBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return EINVAL }
            let done = connect(socket, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            return done == 0 ? 0 : errno
        }
        guard code != 0 else { return }
        throw code == EINPROGRESS || code == EAGAIN || code == ETIMEDOUT ? .timedOut : .system(code)
    }

    deinit {
        tls = nil
        if socket >= 0 { close(socket) }
    }

    /// Asks for TLS as PostgreSQL does (SSLRequest); returns whether the server will speak it.
    func requestTLS() throws(WireError) -> Bool {
        try send([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F])
        switch try receive(1)[0] {
        case UInt8(ascii: "S"): return true
        case UInt8(ascii: "N"): return false
        case UInt8(ascii: "E"): throw .strange("it answers with an error before TLS begins")
        default: throw .strange("it does not speak PostgreSQL's protocol")
        }
    }

    /// Begins TLS and says what the server showed, without judging it.
    func startTLS(as name: String?, trusting authorities: TrustedAuthorities) throws(WireError) -> ServerCertificate {
        let session = try TLSSession(over: socket, as: name, trusting: authorities)
        tls = session
        return try session.certificate(for: name)
    }

    func send(_ bytes: [UInt8]) throws(WireError) {
        if let tls { return try tls.send(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Self.error(errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits for exactly so many bytes.
    func receive(_ count: Int) throws(WireError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let wanted = count - bytes.count
            if let tls {
                bytes += try tls.receive(upTo: wanted)
                continue
            }
            let received = recv(socket, &buffer, wanted, 0)
            if received == 0 { throw .closed }
            guard received > 0 else { throw Self.error(errno) }
            bytes += buffer[..<received]
        }
        return bytes
    }

    private static func error(_ code: Int32) -> WireError {
        switch code {
        case EAGAIN, ETIMEDOUT: .timedOut
        case ECONNRESET, EPIPE: .closed
        default: .system(code)
        }
    }
}
