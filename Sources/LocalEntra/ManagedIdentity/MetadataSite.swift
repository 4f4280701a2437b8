import TokenCredentials

/// Everything that is served over plain HTTP: the metadata service, its relatives, and the control interface.
struct MetadataSite: Sendable {
    let frontage: Frontage
    let imds: IMDSEndpoint
    let control: ControlEndpoint?

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        if let control, exchange.segments.first == "control" { return control.answer(exchange) }
        if exchange.path == IMDSEndpoint.path {
            return frontage.answer(exchange, at: .imds) { imds.answer(exchange) }
        }
        return frontage.answer(exchange, at: .unknown) { .notFound }
    }
}
