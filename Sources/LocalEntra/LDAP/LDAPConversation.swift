import NIOCore

/// One connection of an LDAP client that wants passwords checked.
final class LDAPConversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let logins: RoleLogin

    init(_ logins: RoleLogin) {
        self.logins = logins
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let message = unwrapInboundIn(data)
        switch LDAPRequest(Array(message.readableBytesView)[...]) {
        case .bind(let identifier, let version, let name, let password)?:
            guard version == 3 else {
                return send(
                    LDAPReply(messageID: identifier, code: .protocolError, reason: "LDAP version 3 only"), context)
            }
            send(reply(identifier, name: name, password: password), context)
        case .otherBind(let identifier)?:
            let reply = LDAPReply(messageID: identifier, code: .authMethodNotSupported, reason: "simple bind only")
            send(reply, context)
        case .unbind?, .other?, nil:
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func reply(_ identifier: Int32, name: [UInt8], password: [UInt8]) -> LDAPReply {
        do throws(RoleLogin.Refusal) {
            try logins.check(name: name, password: password)
            return LDAPReply(messageID: identifier, code: .success, reason: "")
        } catch {
            return LDAPReply(messageID: identifier, code: .invalidCredentials, reason: error.reason)
        }
    }

    private func send(_ reply: LDAPReply, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: reply.bytes)), promise: nil)
    }
}
