import Glibc
import TokenCredentials

/// What came of listening on a port of a loopback address.
enum LoopbackSocket {
    case listening(Int32)
    /// The port is somebody else's.
    case taken
    /// This machine has no such address.
    case absent
    case failed(errno: Int32)

    /// A stream that other programs do not inherit and that nobody waits in.
    static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    /// Listens on a free port of `127.0.0.1`.
    ///
    /// Throws ``CredentialError/failed(_:)`` with the system's reason.
    static func onIPv4() throws(CredentialError) -> (socket: Int32, port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        switch listening(AF_INET, &address) {
        case .listening(let socket): return (socket, UInt16(bigEndian: address.sin_port))
        case .failed(let code): throw LoopbackListener.failure(code)
        case .taken: throw LoopbackListener.failure(EADDRINUSE)
        case .absent: throw LoopbackListener.failure(EADDRNOTAVAIL)
        }
    }

    /// Listens on a port of `[::1]`.
    static func onIPv6(_ port: UInt16) -> LoopbackSocket {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return listening(AF_INET6, &address)
    }

    /// Listens on an address, and puts the port there that the system chose.
    private static func listening<Address>(_ family: Int32, _ address: inout Address) -> LoopbackSocket {
        let socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else { return LoopbackSocket(errno) }
        var length = socklen_t(MemoryLayout<Address>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 64) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        if isListening { return .listening(socket) }
        let code = errno
        close(socket)
        return LoopbackSocket(code)
    }

    private init(_ code: Int32) {
        self =
            switch code {
            case EADDRINUSE: .taken
            case EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT: .absent
            default: .failed(errno: code)
            }
    }
}
