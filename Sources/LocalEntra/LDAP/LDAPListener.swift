import NIOCore
import NIOPosix

/// The server that a stock PostgreSQL asks, by its `ldap` method, whether a token opens a role.
struct LDAPListener: Sendable {
    /// The port it listens on.
    let port: Int

    /// Starts to listen; port 0 lets the system choose one.
    init(on group: MultiThreadedEventLoopGroup, port: Int, logins: RoleLogin) async throws {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        ByteToMessageHandler(LDAPFraming(), maximumBufferSize: LDAPFraming.limit + 6))
                    try pipeline.addHandler(LDAPConversation(logins))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let port = channel.localAddress?.port else { throw LocalCloudError("the system gave no port") }
        self.port = port
    }
}
