import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// An HTTP server on the loopback address.
struct HTTPListener: Sendable {
    /// The port it listens on.
    let port: Int

    /// Starts to listen; port 0 lets the system choose one.
    init(
        on group: MultiThreadedEventLoopGroup, port: Int, identity: CertifiedKey? = nil,
        answer: @escaping @Sendable (HTTPExchange) -> HTTPReply
    ) async throws {
        let tls = try identity.map { try $0.context(for: ["http/1.1"]) }
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(HTTPConversation(answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let port = channel.localAddress?.port else { throw LocalCloudError("the system gave no port") }
        self.port = port
    }
}

extension CertifiedKey {
    /// What a listener shows its clients, TLS 1.2 or later.
    func context(for protocols: [String] = []) throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.value.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }
}
