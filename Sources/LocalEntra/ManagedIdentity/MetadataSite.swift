import TokenCredentials

/// Everything that is served over plain HTTP: the metadata service, its relatives, and the control interface.
struct MetadataSite: Sendable {
    let frontage: Frontage
    let control: ControlEndpoint?
    /// The hosts by the path they are served at.
    let hosts: [String: (endpoint: Endpoint, answer: @Sendable (HTTPExchange) -> HTTPReply)]

    init(
        frontage: Frontage, control: ControlEndpoint?, source: IdentitySource, key: KnownSecret,
        user: LocalUser?, arcKeyDirectory: String?, served: Set<Endpoint>
    ) {
        self.frontage = frontage
        self.control = control
        var hosts: [String: (endpoint: Endpoint, answer: @Sendable (HTTPExchange) -> HTTPReply)] = [
            Self.path(of: .imds): (.imds, IMDSEndpoint(source: source).answer),
            Self.path(of: .appService): (.appService, AppServiceEndpoint(source: source, key: key).answer),
            Self.path(of: .machineLearning): (
                .machineLearning, MachineLearningEndpoint(source: source, key: key).answer
            ),
            Self.path(of: .cloudShell): (.cloudShell, CloudShellEndpoint(source: source, user: user).answer),
        ]
        if let arcKeyDirectory {
            let keys = ArcKeys(directory: arcKeyDirectory)
            hosts[Self.path(of: .arc)] = (.arc, ArcEndpoint(source: source, keys: keys).answer)
        }
        self.hosts = hosts.filter { served.contains($0.value.endpoint) }
    }

    /// Where a host is served: under a name of its own, save the one whose path clients do not take from outside.
    static func path(of host: Endpoint) -> String {
        switch host {
        case .appService: "/app-service/msi/token"
        case .machineLearning: "/machine-learning/msi/token"
        case .cloudShell: "/cloud-shell/oauth2/token"
        case .arc: "/arc/metadata/identity/oauth2/token"
        default: IMDSEndpoint.path
        }
    }

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        if let control, exchange.segments.first == "control" { return control.answer(exchange) }
        guard let host = hosts[exchange.path] else {
            return frontage.answer(exchange, at: .unknown) { .notFound }
        }
        let reply = frontage.answer(exchange, at: host.endpoint) { host.answer(exchange) }
        return host.endpoint == .imds ? reply.signedByIMDS : reply
    }
}

extension HTTPReply {
    /// The same reply with the header of IMDS; as it is where the header says that something else answers, and where a web
    /// page, a redirect or an endless body does.
    fileprivate var signedByIMDS: HTTPReply {
        if headers.contains(where: { $0.name.lowercased() == "server" }) || (300...399).contains(status) { return self }
        if headers.contains(where: { $0.value.hasPrefix("text/html") }) { return self }
        if case .blanks = body { return self }
        var reply = self
        reply.headers.append(IMDSEndpoint.mark)
        return reply
    }
}
