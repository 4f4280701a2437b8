import Glibc

/// One of the servers a connection may be made to.
public struct ServerAddress: Hashable, Sendable {
    /// The name or socket directory given; `nil` for the default socket, or if only an address was given.
    public let name: String?
    /// The numeric address given besides or instead of the name, which then decides where the connection goes.
    public let address: String?
    /// The port as given, or `5432`.
    public let port: String

    /// The socket directory libpq uses where no host is said, as Debian builds it; unpatched builds use `/tmp`.
    public static let defaultSocketDirectory = "/var/run/postgresql"

    /// Names a server; an empty text says as little as none.
    public init(name: String?, address: String? = nil, port: String? = nil) {
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
        self.address = address.flatMap { $0.isEmpty ? nil : $0 }
        self.port = port.flatMap { $0.isEmpty ? nil : $0 } ?? "5432"
    }

    /// The host by which libpq looks a password up.
    public var passwordKey: String {
        guard let key = name ?? address, key != Self.defaultSocketDirectory else { return "localhost" }
        return key
    }

    /// Whether a connection stays on this machine: a socket, `localhost`, 127.0.0.0/8 or ::1.
    ///
    /// Any other name counts as elsewhere, wherever it may lead today.
    public var isLocal: Bool {
        if let address { return Self.isLoopback(address) }
        guard let name else { return true }
        if name.utf8.first == UInt8(ascii: "/") || name.utf8.first == UInt8(ascii: "@") { return true }
        return name.lowercased() == "localhost" || Self.isLoopback(name)
    }

    /// Whether it is a socket in the file system or an abstract one, where there is no TLS.
    var isSocket: Bool { address == nil && name.map { $0.hasPrefix("/") || $0.hasPrefix("@") } ?? true }

    private static func isLoopback(_ text: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return bytes[0] == 127 }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return false }
        return bytes == [UInt8](repeating: 0, count: 15) + [1]
    }
}

extension ConnectionInfo {
    /// The servers the connection may be made to, in the order they are tried, split as libpq splits them.
    ///
    /// Throws ``ConnectionInfoError`` where the numbers of hosts, addresses and ports do not fit together, and for a URI
    /// whose user or password holds a raw `@`, so that a part of them was read as host or port.
    public func servers() throws(ConnectionInfoError) -> [ServerAddress] {
        if let rawAt { throw rawAt }
        let names = Self.list(host)
        let addresses = Self.list(self["hostaddr"])
        let ports = Self.list(port)
        if !names.isEmpty, !addresses.isEmpty, names.count != addresses.count {
            throw ConnectionInfoError(.hostsAndAddressesDiffer, keyword: "hostaddr")
        }
        let count = max(names.count, addresses.count, 1)
        guard ports.count <= 1 || ports.count == count else {
            throw ConnectionInfoError(.hostsAndPortsDiffer, keyword: "port")
        }
        return (0..<count).map { index in
            ServerAddress(
                name: names.isEmpty ? nil : names[index], address: addresses.isEmpty ? nil : addresses[index],
                port: ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index])
        }
    }

    /// The same servers, to which a connection can be made: throws for a port that is no number, too.
    package func reachableServers() throws(ConnectionInfoError) -> [ServerAddress] {
        let servers = try servers()
        guard servers.allSatisfy({ UInt16($0.port).map { $0 > 0 } ?? false }) else {
            throw rawSlash ?? ConnectionInfoError(.badPort, keyword: "port")
        }
        return servers
    }

    /// What libpq looks a password up by, for each server.
    ///
    /// Empty if no user is known (see ``resolved(in:files:)``), and where libpq would make no connection because the
    /// numbers of hosts, addresses and ports do not fit together.
    public var logins: [Login] {
        guard let user, !user.isEmpty, let servers = try? servers() else { return [] }
        let database = database.flatMap { $0.isEmpty ? nil : $0 } ?? user
        return servers.map { Login(host: $0.passwordKey, port: $0.port, database: database, user: user) }
    }

    /// The parts of a list, the empty ones too; none of an empty text.
    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }
}
