import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Begins TLS with the server, and looks at its certificate as libpq would.
struct TLSCheck {
    let connection: ConnectionInfo
    let server: ServerAddress
    let address: SocketAddress
    let environment: ProcessEnvironment
    let now: Date
    static let limit = 2

    /// The mode that a token is sent in: what is said, if that is good enough, else the strictest.
    var mode: SSLMode { (try? TLSPolicy().mode(said: connection.sslmode, servers: [server])) ?? .verifyFull }

    /// Whose certificates libpq would believe.
    var authorities: TrustedAuthorities {
        if let file = connection["sslrootcert"], !file.isEmpty { return file == "system" ? .system : .file(file) }
        let files = LocalFiles()
        if let home = environment["HOME"], files.permissions(ofFile: home + "/.postgresql/root.crt") != nil {
            return .file(home + "/.postgresql/root.crt")
        }
        if let file = environment["SSL_CERT_FILE"], files.permissions(ofFile: file) != nil { return .file(file) }
        return .system
    }

    /// What was found, and whether a token may be sent over such a connection.
    func findings() async -> (findings: [CheckFinding], isSafe: Bool) {
        let host = server.name ?? server.address ?? ""
        let values: [Placeholder: String] = [.host: host, .port: server.port]
        if case .file(let path) = authorities, LocalFiles().permissions(ofFile: path) == nil, mode.verifies {
            return ([.fail(.tls, "N07", "the file of trusted authorities \(path) is not there", [.file: path])], false)
        }
        let answer = await onOwnThread(within: .seconds(2 * Self.limit)) { [address, authorities] in
            Self.handshake(address, server.name ?? server.address, authorities)
        }
        switch answer {
        case nil, .failure(.timedOut)?:
            return (
                [
                    .fail(
                        .tls, "N18", "\(host) accepts connections at port \(server.port) and then says nothing", values)
                ], false
            )
        case .failure(.closed)?:
            return ([.fail(.tls, "N12", "\(host) closes the connection when asked for TLS", values)], false)
        case .failure(.system(let code))?:
            return ([.fail(.tls, "N02", "the connection was cut: \(SystemError.text(of: code))", values)], false)
        case .failure(.strange(let text))?:
            return (
                [.fail(.tls, "N18", "what answers at port \(server.port) of \(host) is no server: \(text)", values)],
                false
            )
        case .failure(.tls(let reason))?:
            let code = FailureTable.matches(in: reason).first?.failure.code ?? "N16"
            return ([.fail(.tls, code, "TLS with \(host) fails: \(reason)", values)], false)
        case .success(nil)?:
            guard mode >= .require || !server.isLocal else {
                return ([.warn(.tls, "N10", "the server speaks no TLS, and is on this machine", values)], true)
            }
            return ([.fail(.tls, "N10", "\(host) speaks no TLS at port \(server.port)", values)], false)
        case .success(let certificate?)?: return judge(certificate, values)
        }
    }

    private func judge(_ certificate: ServerCertificate, _ values: [Placeholder: String]) -> ([CheckFinding], Bool) {
        let host = values[.host] ?? ""
        var problem: CheckFinding?
        if certificate.hasExpired {
            problem = .fail(.tls, "N14", "the certificate of \(host) is out of its time", values)
        } else if !certificate.isTrusted {
            problem = .fail(
                .tls, "N08",
                "the certificate of \(host) is issued by \(quoted(certificate.issuer)), which is not trusted here: "
                    + certificate.verificationText, values)
        } else if !certificate.isNameRight {
            problem = .fail(.tls, "N09", "the certificate is not for \(host)", values)
        }
        let isFatal = problem != nil && mode.verifies && (mode == .verifyFull || problem?.code != "N09")
        if var problem {
            if !isFatal { problem.outcome = .warn }
            return ([problem], !isFatal)
        }
        let days = certificate.expiry.map { ($0 - Int(now.timeIntervalSince1970)) / 86_400 }
        let end = days.map { ", good for \($0) days" } ?? ""
        return ([.ok(.tls, "\(certificate.version), certificate issued by \(quoted(certificate.issuer))\(end)")], true)
    }

    private static func handshake(
        _ address: SocketAddress, _ name: String?, _ authorities: TrustedAuthorities
    ) -> Result<ServerCertificate?, WireError> {
        Result { () throws(WireError) -> ServerCertificate? in
            let connection = try ServerConnection(to: address, within: limit)
            guard try connection.requestTLS() else { return nil }
            return try connection.startTLS(as: name, trusting: authorities)
        }
    }
}
