import FoundationEssentials
public import TokenCredentials

extension LocalCloud {
    /// The requests received so far, in order, the last 100,000 at least; those of the control interface are left out.
    public var requests: [RecordedRequest] { desk.frontage.requests }

    /// The requests that came to one endpoint.
    public func requests(to endpoint: Endpoint) -> [RecordedRequest] {
        requests.filter { $0.endpoint == endpoint }
    }

    /// Forgets the requests received so far.
    public func forgetRequests() {
        desk.frontage.forgetRequests()
    }

    /// Lets the next requests to an endpoint meet a fault.
    ///
    /// Faults added later come after those that wait.
    public func inject(_ fault: Fault, at endpoint: Endpoint, times: Int = 1) {
        desk.frontage.add(fault, at: endpoint, times: times)
    }

    /// Takes away all faults that still wait.
    public func removeFaults() {
        desk.frontage.removeFaults()
    }

    /// Makes a signed access token, by default one that opens the principal's database roles.
    ///
    /// Throws ``LocalCloudError`` if the directory holds no such principal.
    public func issueToken(for principal: Principal, _ variation: TokenVariation = .none) throws -> String {
        try desk.issueToken(for: principal, variation)
    }

    /// Makes a token of another issuer, such as a cluster's, for use as a client assertion.
    ///
    /// It is signed with the local cloud's key: ``LocalFederation/issuerKey`` must be `nil` for it to be accepted.
    /// `claims` adds and replaces; ``TokenCredentials/JSONValue/null`` takes away.
    public func issueFederatedToken(
        issuer: String, subject: String, audience: String = "api://AzureADTokenExchange",
        lifetime: Duration = .seconds(600), claims: [String: JSONValue] = [:]
    ) throws -> String {
        try desk.issueFederatedToken(
            issuer: issuer, subject: subject, audience: audience, lifetime: lifetime, claims: claims)
    }

    /// Makes a certificate with its key for a server of these names, signed by the authority of ``caPEM``.
    ///
    /// Throws ``LocalCloudError`` for a name that is neither a host name nor an address.
    public func issueServerCertificate(for names: [String]) throws -> CertifiedKey {
        try desk.authority.serverIdentity(for: names)
    }

    /// Makes a key for ``Configuration/signingKey``.
    public static func makeSigningKey() throws -> KnownSecret {
        KnownSecret(try AsymmetricKey.rsa().privatePEM())
    }

    /// The codes of device sign-ins that nobody has answered yet.
    public var waitingUserCodes: [String] { desk.tokens.ledger.waitingUserCodes }

    /// Answers a device sign-in as its user would.
    ///
    /// Returns whether a device waits with that code.
    @discardableResult
    public func answerDevice(userCode: String, _ answer: SignInAnswer) -> Bool {
        desk.tokens.ledger.answer(userCode: userCode, answer)
    }

    /// Says what the person at the browser does from now on; at first the tenant's first user signs in.
    public func setBrowserAnswer(_ answer: SignInAnswer) {
        desk.tokens.ledger.browserAnswer = answer
    }

    /// Revokes every refresh token given so far.
    public func revokeRefreshTokens() {
        desk.tokens.ledger.revokeRefreshTokens()
    }

    /// Writes the authority's certificate to a file that only its owner can read.
    ///
    /// Throws a file error.
    public func writeCA(to path: String) throws {
        try LocalFiles().replaceFile(at: path, limit: 1 << 20) { [caPEM] _ in Data(caPEM.utf8) }
    }
}
