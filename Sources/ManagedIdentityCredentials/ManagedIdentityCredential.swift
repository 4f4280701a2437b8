public import CredentialHTTP
public import TokenCredentials

/// Uses the identity that Azure gives to the machine, app or container a program runs on; nothing has to be kept secret.
///
/// The host is told by what it leaves in the environment, in this order: Service Fabric, App Service (with Functions
/// and Container Apps), Azure Arc by variables, Azure Machine Learning and the older App Service, Cloud Shell, Azure Arc
/// by its installed agent, and at last the instance metadata service (IMDS) of virtual machines and clusters. A variable
/// that says where IMDS is goes before the agent.
///
/// Throws ``CredentialError/unavailable(_:)`` where no variable names an endpoint and IMDS is not there, and where IMDS
/// says that no such identity is assigned. Everything else is ``CredentialError/failed(_:)``.
public struct ManagedIdentityCredential: ConfiguredCredential, SharableCredential {
    /// `"managed-identity"`.
    public var name: String { "managed-identity" }

    private let named: NamedIdentity?
    private let environment: ProcessEnvironment
    private let files: any FileAccess
    private let patience: Patience
    private let keys: any KeyDirectory
    private let exchange: PatientExchange
    private let presence = IMDSPresence()

    /// Makes a credential for the identity given, else for the one that `PASSGRES_MANAGED_IDENTITY` names (a client id, a
    /// resource id, or an object id after `object:`), else for the one that `AZURE_CLIENT_ID` names, else for the host's own.
    ///
    /// - Parameter http: What sends the requests, each of them once: the credential itself decides which to repeat.
    public init(
        _ identity: ManagedIdentity? = nil, environment: ProcessEnvironment = .current,
        files: any FileAccess = LocalFiles(), http: any HTTPTransport = CurlTransport.shared,
        clock: any WallClock = SystemClock(),
        patience: Patience = .probing(.seconds(1))
    ) {
        self.init(
            identity, environment: environment, files: files, http: http, clock: clock, patience: patience,
            keys: LocalKeyDirectory())
    }

    /// Makes a credential for an identity that an option named.
    package init(
        _ identity: ManagedIdentity, from option: String, environment: ProcessEnvironment, patience: Patience
    ) {
        self.init(
            identity, from: option, environment: environment, files: LocalFiles(), http: CurlTransport.shared,
            clock: SystemClock(), patience: patience, keys: LocalKeyDirectory())
    }

    init(
        _ identity: ManagedIdentity?, from origin: String = "the caller", environment: ProcessEnvironment,
        files: any FileAccess, http: any HTTPTransport, clock: any WallClock, patience: Patience, keys: any KeyDirectory
    ) {
        named =
            identity.map { NamedIdentity($0, from: origin) }
            ?? NamedIdentity(environment, isAlone: patience == .persistent)
        self.environment = environment
        self.files = files
        self.patience = patience
        self.keys = keys
        self.exchange = PatientExchange(http: http, clock: clock)
    }

    /// Asks the host for a token.
    ///
    /// Throws as the type's own description says.
    ///
    /// A request for scopes of several resources is ``CredentialError/failed(_:)``; tenant and claims are not sent,
    /// since an identity belongs to one tenant and no host takes claims.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard !Task.isCancelled else { throw .cancelled }
        let question = IdentityQuestion(request, as: named)
        return try await endpoint().token(for: question, by: exchange)
    }

    /// Which host this is, by its variables and files alone; whether IMDS answers, only asking will tell.
    public var configuration: CredentialConfiguration {
        switch IdentityHost(environment: environment, files: files) {
        case .imds(nil):
            if let finding = MachineTag(files: files).foreignMachine, patience != .persistent {
                return .notConfigured(finding)
            }
            return .unknown("IMDS at \(IMDSEndpoint.standardAddress) would be asked")
        case let host:
            return .configured(by: host.evidence)
        }
    }

    package var tokenOwner: String? {
        // The variables of the host lead to the host's own identity.
        let places = [
            "AZURE_POD_IDENTITY_AUTHORITY_HOST", "DEFAULT_IDENTITY_CLIENT_ID", "IDENTITY_ENDPOINT", "IMDS_ENDPOINT",
            "MSI_ENDPOINT",
        ].compactMap { name in environment[name].map { "\(name)=\($0)" } }
        return (["\(named?.identity ?? .systemAssigned)"] + places).joined(separator: " ")
    }

    private func endpoint() throws(CredentialError) -> any IdentityEndpoint {
        switch IdentityHost(environment: environment, files: files) {
        case .serviceFabric(let variables): return try ServiceFabricEndpoint(variables)
        case .appService(let variables): return try AppServiceEndpoint(variables)
        case .machineLearning(let variables): return try MachineLearningEndpoint(variables)
        case .cloudShell(let address): return try CloudShellEndpoint(address)
        case .arc(let address): return try ArcEndpoint(address, keys: keys)
        case .incomplete:
            throw .failed(
                Diagnosis(
                    "IDENTITY_ENDPOINT is set, and neither IDENTITY_HEADER nor IMDS_ENDPOINT is",
                    remedy: "Pass on all the variables that the host sets, or unset IDENTITY_ENDPOINT.",
                    kind: .misconfigured))
        case .imds(let address):
            return try IMDSEndpoint(address, patience: patience, presence: presence, tag: MachineTag(files: files))
        }
    }
}

extension ManagedIdentityCredential: CustomStringConvertible, CustomReflectable {
    /// The credential's name and the identity asked for.
    public var description: String { "\(name) (\(named.map { "\($0.identity)" } ?? "the host's own identity"))" }

    /// The same as ``description``: the environment may hold secrets.
    public var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
