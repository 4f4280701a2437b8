import NIOCore
import NIOSSL

/// One connection of a PostgreSQL client, from its request for TLS to the answer to its password.
final class DatabaseConversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case starting
        case asked(user: String)
        case open
    }

    /// The longest message that is read, in bytes: what PostgreSQL itself takes of a password.
    private static let longest = 65_540
    private let logins: RoleLogin
    private let tls: NIOSSLContext
    private var isEncrypted = false
    private var state = State.starting
    private var received = ByteBuffer()

    init(_ logins: RoleLogin, _ tls: NIOSSLContext) {
        self.logins = logins
        self.tls = tls
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        while takeMessage(context) {}
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Answers the next message, if it is there as a whole.
    private func takeMessage(_ context: ChannelHandlerContext) -> Bool {
        var isStarting = false
        if case .starting = state { isStarting = true }
        let offset = isStarting ? 0 : 1
        guard
            let length = received.getInteger(at: received.readerIndex + offset, as: UInt32.self).map({ Int($0) })
        else { return false }
        guard length >= 4, length <= Self.longest else {
            context.close(promise: nil)
            return false
        }
        guard var message = received.readSlice(length: length + offset) else { return false }
        let kind: UInt8 = isStarting ? 0 : message.readInteger() ?? 0
        message.moveReaderIndex(forwardBy: 4)
        let body = Array(message.readableBytesView)
        switch state {
        case .starting: return start(body, context)
        case .asked(let user): return logIn(user, kind, body, context)
        case .open: return serve(kind, context)
        }
    }

    private func start(_ body: [UInt8], _ context: ChannelHandlerContext) -> Bool {
        switch DatabaseStart(body) {
        case .tls where !isEncrypted && received.readableBytes == 0:
            send([UInt8(ascii: "S")], context)
            isEncrypted = true
            do {
                try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
            } catch {
                context.close(promise: nil)
            }
        case .kerberos:
            send([UInt8(ascii: "N")], context)
        case .session(let user, let database):
            guard isEncrypted else { return refuse(.unencrypted(user: user, database: database), context) }
            state = .asked(user: user)
            send(DatabaseReply.passwordRequest, context)
            return true
        default:
            context.close(promise: nil)
            return false
        }
        return true
    }

    private func logIn(_ user: String, _ kind: UInt8, _ body: [UInt8], _ context: ChannelHandlerContext) -> Bool {
        guard kind == UInt8(ascii: "p"), body.last == 0 else {
            context.close(promise: nil)
            return false
        }
        let password = Array(body.dropLast())
        do throws(RoleLogin.Refusal) {
            try logins.check(name: Array("role=\(user)".utf8), password: password)
        } catch {
            return refuse(DatabaseRefusal(error, user: user, password: password, tenant: logins.tenant), context)
        }
        state = .open
        send(DatabaseReply.welcome, context)
        return true
    }

    private func serve(_ kind: UInt8, _ context: ChannelHandlerContext) -> Bool {
        guard kind == UInt8(ascii: "Q") else {
            context.close(promise: nil)
            return false
        }
        let refusal = DatabaseRefusal(severity: "ERROR", "this stand-in runs no queries", sqlState: "0A000")
        send(refusal.bytes + DatabaseReply.ready, context)
        return true
    }

    private func refuse(_ refusal: DatabaseRefusal, _ context: ChannelHandlerContext) -> Bool {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: refusal.bytes))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
        return false
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}
