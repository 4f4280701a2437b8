public import TokenCredentials

extension ConnectionInfo {
    /// The same connection with a token for its password, ready for libpq.
    ///
    /// Resolves what is not said (see ``resolved(in:files:)``) unless that has been done, applies ``TLSPolicy`` before
    /// a token is asked for, and takes the user from the token if nobody named one (see ``RoleName``). Without a
    /// request, the token is asked for the cloud the host's name belongs to, the public one for other hosts.
    ///
    /// `sslrootcert` is set only if nobody said it, the mode verifies and there is no `~/.postgresql/root.crt`: to the
    /// file of `SSL_CERT_FILE`, or the system's bundle, `/etc/ssl/certs/ca-certificates.crt` on Debian, if it exists.
    ///
    /// At a socket of this machine has to listen whoever `requirepeer` names: where nobody said it, the owner of the
    /// socket, who must be root, this process's user or `postgres`.
    ///
    /// - Parameters:
    ///   - insistedMode: the one mode weaker than `require` that is taken for a server elsewhere, if the connection
    ///     says it.
    ///   - version: the libpq that will read the result; keywords it may not know are not added.
    ///
    /// Throws what the credential throws, and ``CredentialError/failed(_:)`` of kind
    /// ``Diagnosis/Kind/misconfigured`` for a connection that cannot be made or must not be.
    public func authenticated(
        with credential: some TokenCredential, for request: TokenRequest? = nil, allowing insistedMode: SSLMode? = nil,
        targeting version: LibpqVersion = .oldest, in environment: ProcessEnvironment = .current,
        files: any FileAccess = LocalFiles()
    ) async throws(CredentialError) -> ConnectionInfo {
        let policy = TLSPolicy(allowing: insistedMode, for: version)
        let prepared = await onOwnThread { () -> Result<ConnectionInfo, CredentialError> in
            Result { () throws -> ConnectionInfo in
                try self.prepared(for: policy, in: environment, files: files, account: .current)
            }.mapError(Self.diagnosed)
        }
        var info = try prepared.get()
        let request = request ?? .postgres(in: info.cloud ?? .public)
        let token = try await credential.token(for: request)
        guard !token.secret.isEmpty, !token.secret.utf8.contains(0) else {
            throw .failed(Diagnosis("\(credential.name) delivered a token that is empty or holds a zero byte"))
        }
        do throws(RoleNameError) {
            let role = try info.role(for: token)
            if role.source != .explicit {
                info.values["user"] = Value(text: role.name, origin: .explicit)
                info.fillInDatabase()
            }
        } catch {
            throw Self.diagnosed(error)
        }
        info.password = token.secret
        return info
    }

    /// The role to log in as with a token: the one that was said, else the one the token names.
    ///
    /// The latter ends in `@` and the first label of the host where ``serverKind`` is Single Server. Throws
    /// ``RoleNameError`` if neither names one.
    public func role(for token: AccessToken) throws(RoleNameError) -> RoleName {
        let role = try RoleName(said: isUserSaid ? user : nil, for: token)
        return role.source == .explicit ? role : asTheServerWants(role)
    }

    /// The role that the token names, whatever was said.
    package func roleNamed(by token: AccessToken) throws(RoleNameError) -> RoleName {
        asTheServerWants(try RoleName(for: token))
    }

    private func asTheServerWants(_ role: RoleName) -> RoleName {
        serverKind == .single ? role.onSingleServer(host: (try? servers())?.first?.name) : role
    }

    /// The same connection with all that is known without a token, for programs that get the password elsewhere.
    package func prepared(
        for policy: TLSPolicy, in environment: ProcessEnvironment
    ) throws(CredentialError) -> ConnectionInfo {
        do {
            return try prepared(for: policy, in: environment, files: LocalFiles(), account: .current)
        } catch {
            throw Self.diagnosed(error)
        }
    }

    func prepared(
        for policy: TLSPolicy, in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount
    ) throws -> ConnectionInfo {
        var info = isResolved ? self : try resolved(in: environment, files: files, account: account)
        _ = try info.reachableServers()
        let trust = TrustBundle.find(in: environment, files: files, account: account)
        for (keyword, value) in try policy.settings(for: info, trusting: trust.said(to: policy.version))
        where info[keyword] != value {
            try info.set(value, for: keyword)
        }
        try info.requirePeer(account)
        return info
    }

    private static func diagnosed(_ error: any Error) -> CredentialError {
        switch error {
        case let error as RoleNameError:
            .failed(
                Diagnosis(
                    "\(error)", remedy: "Name the user, as in user=…" + (error.hint.map { ". " + $0 } ?? "."),
                    kind: .misconfigured, cause: error))
        case let error as TLSPolicyError:
            .failed(Diagnosis("\(error)", remedy: error.remedy, kind: .misconfigured, cause: error))
        case let error as SocketPeerError:
            .failed(Diagnosis("\(error)", remedy: error.remedy, kind: .misconfigured, cause: error))
        default: .failed(Diagnosis("\(error)", kind: .misconfigured, cause: error))
        }
    }
}
