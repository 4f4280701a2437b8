import Glibc

/// Where a socket connects to, and how that is written.
struct SocketAddress: Sendable, Hashable {
    let family: Int32
    /// The address as numbers, such as `10.0.0.4`.
    let text: String
    /// The bytes of a `sockaddr`.
    let bytes: [UInt8]

    /// Whether the address belongs to a network that others cannot reach: RFC 1918, RFC 6598, RFC 4193, loopback.
    var isPrivate: Bool {
        if family == AF_INET, bytes.count >= 8 {
            let (first, second) = (bytes[4], bytes[5])
            return first == 10 || first == 127 || first == 192 && second == 168 || first == 172 && second & 0xF0 == 16
                || first == 100 && second & 0xC0 == 64 || first == 169 && second == 254
        }
        guard family == AF_INET6, bytes.count >= 24 else { return false }
        return bytes[8] & 0xFE == 0xFC || bytes[8] == 0xFE && bytes[9] & 0xC0 == 0x80
            || bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
    }

    /// The addresses of a name or number; asks DNS, and may take its time.
    ///
    /// Throws ``ResolutionError``.
    static func resolve(_ name: String, port: String) throws(ResolutionError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, port, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else { throw ResolutionError(text: String(cString: gai_strerror(code))) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            entry = info.ai_next
            guard let pointer = info.ai_addr else { continue }
            var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard getnameinfo(pointer, info.ai_addrlen, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let address = SocketAddress(
                family: info.ai_family,
                text: String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
                bytes: Array(UnsafeRawBufferPointer(start: pointer, count: Int(info.ai_addrlen))))
            if !addresses.contains(address) { addresses.append(address) }
        }
        guard !addresses.isEmpty else { throw ResolutionError(text: "no address") }
        return addresses
    }
}

/// Why a name has no address, in the system's words.
struct ResolutionError: Error {
    let text: String
}
