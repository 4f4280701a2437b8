import Glibc
import PostgresCredentials
import TokenCredentials

/// The system's form of an address, and calls that take one.
enum SocketAddress {
    /// Opens a socket that listens; throws ``DestinationError`` with the system's reason.
    static func listen(on address: HealthAddress) throws(DestinationError) -> Int32 {
        try open(address, SOCK_STREAM) { file, pointer, length in
            var yes: Int32 = 1
            setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            return bind(file, pointer, length) == 0 && Glibc.listen(file, 128) == 0
        }
    }

    /// Opens a connected socket of a kind such as `SOCK_STREAM`; throws ``DestinationError`` with the system's reason.
    ///
    /// What is waited for on it, the connection too, is waited for no longer than `seconds`, where they are said.
    static func connect(
        to address: HealthAddress, _ kind: __socket_type, waiting seconds: Int? = nil
    ) throws(DestinationError) -> Int32 {
        try open(address, kind) { file, pointer, length in
            if let seconds {
                var limit = timeval(tv_sec: seconds, tv_usec: 0)
                for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                    setsockopt(file, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
                }
            }
            return Glibc.connect(file, pointer, length) == 0
        }
    }

    /// Whether nobody listens there any more.
    static func isAbandoned(_ address: HealthAddress) -> Bool {
        var isGone = false
        let connection = try? open(address, SOCK_STREAM) { file, pointer, length in
            // A queue that is full has somebody behind it, and is not waited for.
            _ = fcntl(file, F_SETFL, O_NONBLOCK)
            let isConnected = Glibc.connect(file, pointer, length) == 0
            // The name may also have gone since somebody listed it.
            isGone = !isConnected && (errno == ECONNREFUSED || errno == ENOENT)
            return isConnected
        }
        if let connection { close(connection) }
        return isGone
    }

    private static func open(
        _ address: HealthAddress, _ kind: __socket_type,
        _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) throws(DestinationError) -> Int32 {
        var storage = sockaddr_storage()
        let (family, length) = try fill(&storage, with: address)
        let file = socket(family, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw failure(address, errno) }
        let isDone = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(file, $0, length) }
        }
        guard isDone else {
            let code = errno
            close(file)
            throw failure(address, code)
        }
        return file
    }

    private static func fill(
        _ storage: inout sockaddr_storage, with address: HealthAddress
    ) throws(DestinationError) -> (family: Int32, length: socklen_t) {
        switch address {
        case .tcp(let host, let port):
            var four = sockaddr_in()
            if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
                four.sin_family = sa_family_t(AF_INET)
                four.sin_port = port.bigEndian
                withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
                return (AF_INET, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            var six = sockaddr_in6()
            guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else {
                throw DestinationError("\(host) is no numeric address", remedy: "Name one, such as 127.0.0.1.")
            }
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
            return (AF_INET6, socklen_t(MemoryLayout<sockaddr_in6>.size))
        case .socket(let path):
            // An at sign stands for the zero byte before an abstract name.
            let bytes = path.utf8.first == UInt8(ascii: "@") ? [0] + path.utf8.dropFirst() : Array(path.utf8)
            let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
            guard !bytes.isEmpty, bytes.count < MemoryLayout<sockaddr_un>.size - offset else {
                throw DestinationError("the path \(path) is too long for a socket, which takes 107 bytes")
            }
            storage.ss_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &storage) { storage in
                for (index, byte) in bytes.enumerated() { storage[offset + index] = byte }
            }
            let end = bytes[0] == 0 ? 0 : 1
            return (AF_UNIX, socklen_t(offset + bytes.count + end))
        }
    }

    private static func failure(_ address: HealthAddress, _ code: Int32) -> DestinationError {
        let shown =
            switch address {
            case .tcp(let host, let port): "\(host):\(port)"
            case .socket(let path): path
            }
        return DestinationError("the address \(shown) cannot be used: \(SystemError.text(of: code))")
    }
}
