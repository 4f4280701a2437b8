import NIOCore
import NIOPosix
import NIOSSL

/// A front that speaks the beginning of PostgreSQL's protocol and refuses tokens in the words of Azure's servers.
struct DatabaseListener: Sendable {
    /// The names its certificate is for.
    static let names = ["localhost", "127.0.0.1", "srv.postgres.database.azure.com"]
    /// The port it listens on.
    let port: Int

    /// Starts to listen; port 0 lets the system choose one.
    init(
        on group: MultiThreadedEventLoopGroup, port: Int, identity: CertifiedKey, logins: RoleLogin
    ) async throws {
        let tls = try identity.context()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatabaseConversation(logins, tls))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let port = channel.localAddress?.port else { throw LocalCloudError("the system gave no port") }
        self.port = port
    }
}
