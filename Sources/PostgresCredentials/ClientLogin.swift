public import FoundationEssentials
public import TokenCredentials

/// All that a client of any driver needs for one login: where, who, the password and until when it is good.
///
/// For drivers that take values and not a connection string. A password that has expired opens no new connection and
/// ends no open one.
public struct ClientLogin: Hashable, Sendable {
    /// What is demanded of TLS.
    public enum TLSDemand: Hashable, Sendable {
        /// No TLS: a socket, or this machine itself.
        case none
        /// TLS with whoever answers.
        case encrypted
        /// TLS with a server whose certificate a trusted authority signed, whatever its name.
        case trustedAuthority
        /// TLS with a server whose certificate a trusted authority signed for the name ``ClientLogin/host``.
        case verifiedHost
    }

    /// The name of the server, or the directory of its socket if it begins with a slash.
    public let host: String
    /// The numeric address to connect to in place of looking the name up, if one is given.
    public let address: String?
    /// The port.
    public let port: UInt16
    /// The database user.
    public let user: String
    /// The password. Whoever reads this handles a secret.
    public let password: String
    /// The database.
    public let database: String
    /// What is demanded of TLS.
    public let tls: TLSDemand
    /// The file with the authorities to trust, if one is named; `nil` for the system's.
    public let trustedCertificatesFile: String?
    /// The time from which the password opens no new connection (UTC).
    public let expiresAt: Date
}

extension ConnectionInfo {
    /// A login for the first of the connection's servers, with a fresh token for its password.
    ///
    /// The same as ``authenticated(with:for:allowing:targeting:in:files:)``, for drivers other than libpq, and throws
    /// the same.
    public func clientLogin(
        with credential: some TokenCredential, for request: TokenRequest? = nil, allowing insistedMode: SSLMode? = nil,
        in environment: ProcessEnvironment = .current, files: any FileAccess = LocalFiles()
    ) async throws(CredentialError) -> ClientLogin {
        do {
            let resolved = isResolved ? self : try resolved(in: environment, files: files)
            try resolved.checkSockets()
        } catch let error as SocketPeerError {
            throw .failed(Diagnosis("\(error)", remedy: error.remedy, kind: .misconfigured, cause: error))
        } catch {}  // Said below, in the same words as for libpq.
        let witness = LastToken(credential)
        let info = try await authenticated(
            with: witness, for: request, allowing: insistedMode, in: environment, files: files)
        guard let token = witness.token, let server = try? info.servers().first, let user = info.user,
            let port = UInt16(server.port)
        else { throw .failed(Diagnosis("the connection names no server, port or user", kind: .misconfigured)) }
        // A socket of this machine has no TLS, whatever is demanded.
        let mode = server.isSocket ? .disable : info.sslmode.flatMap(SSLMode.init(rawValue:)) ?? .verifyFull
        let trusted = info["sslrootcert"]
        return ClientLogin(
            host: server.name ?? server.address ?? ServerAddress.defaultSocketDirectory, address: server.address,
            port: port, user: user, password: token.secret, database: info.database ?? user,
            tls: ClientLogin.TLSDemand(mode),
            trustedCertificatesFile: trusted == "system" || trusted?.isEmpty == true ? nil : trusted,
            expiresAt: token.expiresAt)
    }
}

extension ClientLogin.TLSDemand {
    /// The modes that would do without TLS are taken for what they allow.
    init(_ mode: SSLMode) {
        switch mode {
        case .disable, .allow, .prefer: self = .none
        case .require: self = .encrypted
        case .verifyCA: self = .trustedAuthority
        case .verifyFull: self = .verifiedHost
        }
    }
}

extension ClientLogin: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Everything but the password.
    public var description: String {
        "ClientLogin(\(user) at \(host):\(port)/\(database), \(tls), until \(expiresAt.ISO8601Format()))"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// What `dump` and a debugger may show: everything but the password.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "host": host, "port": port, "user": user, "password": "<redacted>", "database": database, "tls": tls,
                "expiresAt": expiresAt,
            ], displayStyle: .struct)
    }
}

/// Another credential; what it gave last is remembered.
package final class LastToken: CredentialWrapper {
    package let base: any TokenCredential
    private let last = Guarded<AccessToken?>(nil)

    /// Wraps a credential.
    package init(_ base: any TokenCredential) { self.base = base }

    /// The token given last; `nil` if there was none.
    package var token: AccessToken? { last.withLock { $0 } }

    package func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let token = try await base.token(for: request)
        last.withLock { $0 = token }
        return token
    }
}
