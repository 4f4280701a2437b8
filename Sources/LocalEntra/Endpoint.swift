/// One of the addresses that the local cloud answers at; faults and the record of requests go by these.
public enum Endpoint: String, CaseIterable, Hashable, Sendable, Decodable {
    /// `POST {authority}/{tenant}/oauth2/v2.0/token`.
    case token
    /// `POST {authority}/{tenant}/oauth2/v2.0/devicecode`.
    case deviceCode = "device-code"
    /// `GET {authority}/{tenant}/oauth2/v2.0/authorize`.
    case authorize
    /// The OpenID documents and the instance discovery.
    case discovery
    /// `GET {authority}/{tenant}/discovery/v2.0/keys`.
    case keys
    /// The metadata service of virtual machines.
    case imds
    /// App Service, Functions, Container Apps.
    case appService = "app-service"
    /// Azure Machine Learning.
    case machineLearning = "machine-learning"
    /// Cloud Shell.
    case cloudShell = "cloud-shell"
    /// The Azure Arc agent.
    case arc
    /// Service Fabric.
    case serviceFabric = "service-fabric"
    /// Whatever else was asked for.
    case unknown
}
