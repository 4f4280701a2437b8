import NIOCore
import NIOPosix

/// Sends bytes to the LDAP responder and waits for one message, or for the end of the connection.
struct LDAPClient: Sendable {
    let port: Int

    /// The answer's bytes; empty if the connection was closed without one.
    func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(MessageCollector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // The server may close before it has read everything.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        let answer = try await promise.futureResult.get()
        try? await channel.close()
        return answer
    }

    /// A simple bind, spelled out byte by byte so that the test does not lean on the code it tests.
    static func bind(_ name: String, _ password: [UInt8], messageID: UInt8 = 1, version: UInt8 = 3) -> [UInt8] {
        let bind = [0x02, 0x01, version] + element(0x04, Array(name.utf8)) + element(0x80, password)
        return element(0x30, [0x02, 0x01, messageID] + element(0x60, bind))
    }

    static func element(_ tag: UInt8, _ contents: [UInt8], lengthBytes: Int? = nil) -> [UInt8] {
        let count = contents.count
        let needed = count < 0x80 ? 0 : count < 0x100 ? 1 : count < 0x10000 ? 2 : 3
        let width = lengthBytes ?? needed
        if width == 0 { return [tag, UInt8(count)] + contents }
        let digits = (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        return [tag, 0x80 | UInt8(width)] + digits + contents
    }

    /// The result code of a bind response that begins as such; `nil` for anything else.
    static func code(_ answer: [UInt8]) -> UInt8? {
        // 30 len 02 01 id 61 len 0a 01 code, where the reasons used keep both lengths in one byte.
        guard answer.count > 9, answer[0] == 0x30, answer[2] == 0x02, answer[5] == 0x61, answer[7] == 0x0A else {
            return nil
        }
        return answer[9]
    }

    /// The diagnostic message of a bind response.
    static func reason(_ answer: [UInt8]) -> String {
        answer.count > 14 ? String(decoding: answer[14...], as: UTF8.self) : ""
    }
}

private final class MessageCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<[UInt8]>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Array(unwrapInboundIn(data).readableBytesView)
        if bytes.count > 1, bytes[1] < 0x80, bytes.count >= Int(bytes[1]) + 2 { promise.succeed(bytes) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(bytes)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(bytes)
    }
}
