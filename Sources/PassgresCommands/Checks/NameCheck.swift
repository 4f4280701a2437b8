import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Looks up the addresses of the server.
struct NameCheck {
    let server: ServerAddress
    static let limit = Duration.seconds(2)

    func findings() async -> (findings: [CheckFinding], addresses: [SocketAddress]) {
        guard let target = server.address ?? server.name else {
            return ([.skip(.name, "no host is named")], [])
        }
        guard !target.hasPrefix("/"), !target.hasPrefix("@") else {
            return ([.skip(.name, "the server is reached by a socket of this machine")], [])
        }
        let port = server.port
        let answer = await onOwnThread(within: Self.limit) { () -> Result<[SocketAddress], ResolutionError> in
            Result { () throws(ResolutionError) -> [SocketAddress] in try SocketAddress.resolve(target, port: port) }
        }
        switch answer {
        case nil:
            return ([.fail(.name, "N06", "DNS does not answer for \(target) within 2 s", [.host: target])], [])
        case .failure(let error):
            return ([.fail(.name, "N06", "\(target) has no address: \(error.text)", [.host: target])], [])
        case .success(let addresses):
            let list = addresses.prefix(4).map { "\($0.text) (\($0.isPrivate ? "private" : "public"))" }.joined(
                separator: ", ")
            let by = server.address == nil ? "" : ", by hostaddr"
            return ([.ok(.name, "\(server.name ?? target) is at \(list)\(by)")], addresses)
        }
    }
}
