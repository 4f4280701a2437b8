extension LocalCloud {
    /// The variables that a process on a host of that kind finds, empty where the host is not served.
    ///
    /// Kinds are ``Endpoint/imds``, ``Endpoint/appService``, ``Endpoint/machineLearning``, ``Endpoint/cloudShell``,
    /// ``Endpoint/arc`` and ``Endpoint/serviceFabric``. Some of the values are secret.
    public func environment(of host: Endpoint) -> [String: String] {
        guard servedHosts.contains(host) else { return [:] }
        let address = metadataAddress + MetadataSite.path(of: host)
        return switch host {
        case .imds: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": metadataAddress]
        case .appService: ["IDENTITY_ENDPOINT": address, "IDENTITY_HEADER": hostKey.value]
        case .machineLearning: ["MSI_ENDPOINT": address, "MSI_SECRET": hostKey.value]
        case .cloudShell: ["MSI_ENDPOINT": address]
        case .arc: ["IDENTITY_ENDPOINT": address, "IMDS_ENDPOINT": metadataAddress]
        case .serviceFabric:
            [
                "IDENTITY_ENDPOINT": serviceFabricAddress, "IDENTITY_HEADER": hostKey.value,
                "IDENTITY_SERVER_THUMBPRINT": serviceFabricThumbprint,
            ]
        default: [:]
        }
    }
}
