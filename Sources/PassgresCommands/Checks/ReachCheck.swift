import Glibc
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Connects to the server's addresses, one after another, until one answers.
struct ReachCheck {
    let server: ServerAddress
    let addresses: [SocketAddress]
    /// For all addresses together.
    var limit = Duration.seconds(2)
    /// For each of them, in seconds.
    private static let eachLimit = 2

    func findings() async -> (findings: [CheckFinding], address: SocketAddress?) {
        let answer = await onOwnThread(within: limit) { [addresses] in Self.firstAnswer(of: addresses) }
        let host = server.name ?? server.address ?? ""
        let values: [Placeholder: String] = [.host: host, .port: server.port]
        guard let answer else {
            let kinds = addresses.allSatisfy(\.isPrivate) ? "a private address" : "a public address"
            return (
                [
                    .fail(
                        .reach, "N01",
                        "nothing answers at port \(server.port) of \(host), \(kinds), within \(limit.milliseconds) ms",
                        values)
                ], nil
            )
        }
        switch answer {
        case .success(let address): return ([.ok(.reach, "\(address.text) answers at port \(server.port)")], address)
        case .failure(let failure):
            let (code, text) =
                switch failure.code {
                case ECONNREFUSED: ("N05", "\(host) refuses connections at port \(server.port)")
                case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL:
                    ("N13", "there is no way to \(host): \(SystemError.text(of: failure.code))")
                case ETIMEDOUT: ("N01", "nothing answers at port \(server.port) of \(host)")
                default: ("N02", "connecting to \(host): \(SystemError.text(of: failure.code))")
                }
            return ([.fail(.reach, code, text, values)], nil)
        }
    }

    private struct ConnectFailure: Error {
        let code: Int32
    }

    private static func firstAnswer(of addresses: [SocketAddress]) -> Result<SocketAddress, ConnectFailure> {
        var failure = ConnectFailure(code: ETIMEDOUT)
        for address in addresses {
            do throws(WireError) {
                _ = try ServerConnection(to: address, within: eachLimit)
                return .success(address)
            } catch {
                if case .system(let code) = error { failure = ConnectFailure(code: code) }
            }
        }
        return .failure(failure)
    }
}
