import FoundationEssentials
import NIOCore
import NIOHTTP1

/// One connection of a client that speaks HTTP/1.1: collects each request, asks for the answer, sends it.
final class HTTPConversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Larger bodies are refused: no request that is meant here comes near.
    private static let bodyLimit = 1 << 18

    private static let blanks = ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 16)

    private let answer: @Sendable (HTTPExchange) -> HTTPReply
    private var head: HTTPRequestHead?
    private var body = Data()

    init(answer: @escaping @Sendable (HTTPExchange) -> HTTPReply) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = Data()
        case .body(var bytes):
            if body.count + bytes.readableBytes > Self.bodyLimit {
                context.close(promise: nil)
            } else {
                body.append(contentsOf: bytes.readBytes(length: bytes.readableBytes) ?? [])
            }
        case .end:
            guard let head else { return }
            self.head = nil
            send(answer(exchange(head, port: context.localAddress?.port ?? 0)), to: head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func exchange(_ head: HTTPRequestHead, port: Int) -> HTTPExchange {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return HTTPExchange(
            method: head.method.rawValue, path: RequestField.decoded(parts[0]) ?? String(parts[0]),
            query: parts.count > 1 ? RequestField.fields(encoded: parts[1]) ?? [] : [],
            headers: head.headers.map { RequestField($0.name, $0.value) }, body: body, localPort: port)
    }

    private func send(_ reply: HTTPReply, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        switch reply.manner {
        case .atOnce: sendNow(reply, to: request, context)
        case .after(let delay):
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
                self.sendNow(reply, to: request, context)
            }
        case .never: break
        case .hangUp: context.close(promise: nil)
        }
    }

    private func sendNow(_ reply: HTTPReply, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
        let count =
            switch reply.body {
            case .bytes(let bytes): bytes.count
            case .blanks(let count): count
            }
        headers.replaceOrAdd(name: "Content-Length", value: "\(count)")
        let staysOpen = request.isKeepAlive && reply.status < 600
        if !staysOpen { headers.replaceOrAdd(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        switch reply.body {
        case .bytes(let bytes):
            if request.method != .HEAD, !bytes.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            }
            finish(staysOpen: staysOpen, context)
        case .blanks(let count):
            sendBlanks(request.method == .HEAD ? 0 : count, staysOpen: staysOpen, context)
        }
    }

    private func sendBlanks(_ count: Int, staysOpen: Bool, _ context: ChannelHandlerContext) {
        guard count > 0 else { return finish(staysOpen: staysOpen, context) }
        let size = min(count, Self.blanks.readableBytes)
        let piece = Self.blanks.getSlice(at: 0, length: size) ?? ByteBuffer()
        let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))))
        let loop = context.eventLoop.assumeIsolated()
        written.assumeIsolated().whenComplete { result in
            guard case .success = result else { return }
            // A write that is done at once calls back from within itself; the next one must not grow the stack.
            loop.execute { self.sendBlanks(count - size, staysOpen: staysOpen, context) }
        }
    }

    private func finish(staysOpen: Bool, _ context: ChannelHandlerContext) {
        let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !staysOpen { sent.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
    }
}
