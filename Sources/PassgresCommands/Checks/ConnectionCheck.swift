import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Looks at the parameters of the connection.
struct ConnectionCheck {
    let connection: ConnectionInfo

    func findings() -> [CheckFinding] {
        do {
            let servers = try connection.reachableServers()
            _ = try TLSPolicy().settings(for: connection, trusting: nil)
            guard servers.contains(where: { $0.name != nil || $0.address != nil }) else {
                return [.warn(.connection, "N19", "no host is named, so the server has to be on this machine")]
            }
        } catch let error as TLSPolicyError {
            let code =
                switch error {
                case .tooWeak: "N17"
                case .unknownMode: "N11"
                case .systemRootsNeedVerifyFull: "N07"
                }
            return [.fail(.connection, code, "\(error)", remedy: error.remedy)]
        } catch {
            return [.fail(.connection, "L17", "\(error)")]
        }
        if let concern = connection.databaseConcern { return [.warn(.connection, "L17", concern)] }
        let shown = connection.redacted.filter {
            ["host", "hostaddr", "port", "dbname", "user", "sslmode"].contains($0.keyword)
        }
        return [.ok(.connection, shown.map { "\($0.keyword)=\($0.value)" }.joined(separator: " "))]
    }

    /// The finding for a connection that could not even be read.
    static func finding(for error: any Error) -> CheckFinding {
        guard let error = error as? ServiceFileError else { return .fail(.connection, "L17", "\(error)") }
        let code =
            switch error.reason {
            case .missing, .noSuchService: "L15"
            default: "L16"
            }
        return .fail(.serviceFile, code, "\(error)", error.file.map { [.file: $0] } ?? [:])
    }
}
