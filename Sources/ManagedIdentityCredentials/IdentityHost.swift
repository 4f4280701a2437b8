import TokenCredentials

/// What kind of host this is, told by what it leaves in the environment and on disk.
///
/// Service Fabric before App Service, since it sets the same two variables and one more. The variables before the Arc
/// agent's file, since variables are meant for this process and the file is there for all.
enum IdentityHost: Equatable {
    /// The variables of a host that demands a secret in a header.
    struct Variables: Equatable {
        let endpoint: String
        let secret: String
        /// The thumbprint on Service Fabric, the default client id on Azure Machine Learning.
        var extra: String?
    }

    case serviceFabric(Variables)
    case appService(Variables)
    case machineLearning(Variables)
    case cloudShell(endpoint: String)
    /// The address is `nil` where only the installed agent was found.
    case arc(endpoint: String?)
    /// `IDENTITY_ENDPOINT` stands alone.
    case incomplete
    /// The address is `nil` unless `AZURE_POD_IDENTITY_AUTHORITY_HOST` moves it.
    case imds(address: String?)

    static let arcAgent = "/opt/azcmagent/bin/himds"

    init(environment: ProcessEnvironment, files: any FileAccess) {
        let endpoint = environment["IDENTITY_ENDPOINT"]
        if let endpoint, let header = environment["IDENTITY_HEADER"] {
            if let thumbprint = environment["IDENTITY_SERVER_THUMBPRINT"] {
                self = .serviceFabric(Variables(endpoint: endpoint, secret: header, extra: thumbprint))
            } else {
                self = .appService(Variables(endpoint: endpoint, secret: header))
            }
        } else if let endpoint, environment["IMDS_ENDPOINT"] != nil {
            self = .arc(endpoint: endpoint)
        } else if let older = environment["MSI_ENDPOINT"] {
            if let secret = environment["MSI_SECRET"] {
                let client = environment["DEFAULT_IDENTITY_CLIENT_ID"]
                self = .machineLearning(Variables(endpoint: older, secret: secret, extra: client))
            } else {
                self = .cloudShell(endpoint: older)
            }
        } else if environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] == nil, Self.exists(Self.arcAgent, in: files) {
            self = .arc(endpoint: endpoint)
        } else if endpoint != nil {
            self = .incomplete
        } else {
            self = .imds(address: environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"])
        }
    }

    /// What told the host, for a person to look at.
    var evidence: String {
        switch self {
        case .serviceFabric: "IDENTITY_ENDPOINT, IDENTITY_HEADER and IDENTITY_SERVER_THUMBPRINT (Service Fabric)"
        case .appService: "IDENTITY_ENDPOINT and IDENTITY_HEADER (App Service)"
        case .machineLearning: "MSI_ENDPOINT and MSI_SECRET (Azure Machine Learning or an older App Service)"
        case .cloudShell: "MSI_ENDPOINT (Cloud Shell)"
        case .arc(endpoint: nil): "\(Self.arcAgent) (Azure Arc)"
        case .arc: "IDENTITY_ENDPOINT (Azure Arc)"
        case .incomplete: "IDENTITY_ENDPOINT"
        case .imds(address: nil): "IMDS"
        case .imds: "AZURE_POD_IDENTITY_AUTHORITY_HOST (IMDS)"
        }
    }

    /// Whether a file is there, whoever may read it: the agent's program is not for everybody.
    private static func exists(_ path: String, in files: any FileAccess) -> Bool {
        do throws(FileError) {
            return try files.contents(ofFile: path, limit: 0) != nil
        } catch {
            switch error.reason {
            case .tooLarge, .system(errno: 1), .system(errno: 13): return true
            default: return false
            }
        }
    }
}
