import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import TokenCredentials

@testable import LocalEntra

/// A reply as a test looks at it.
struct LoopbackReply: Sendable {
    let status: Int
    let headers: [String: String]
    let body: Data

    /// The body as JSON; `null` if it is none.
    var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
    var errorNumber: Int64? {
        guard case .array(let numbers)? = json["error_codes"] else { return nil }
        return numbers.first?.integer
    }
}

/// An HTTP client for one request at a time, with the certificate check switched on.
struct LoopbackClient: Sendable {
    struct Closed: Error {}

    /// What is trusted for `https`: an authority as PEM text.
    var trusting: String?
    /// The SHA-1 digest that the server's certificate must have, in which case nothing else is demanded of it.
    var thumbprint: String?

    func get(_ address: String, headers: [String: String] = [:]) async throws -> LoopbackReply {
        try await send(.GET, address, headers: headers, body: "")
    }

    func post(
        _ address: String, form: [String: String], headers: [String: String] = [:]
    ) async throws -> LoopbackReply {
        var headers = headers
        headers["Content-Type"] = headers["Content-Type"] ?? "application/x-www-form-urlencoded"
        let body = form.sorted { $0.key < $1.key }.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }
        return try await send(.POST, address, headers: headers, body: body.joined(separator: "&"))
    }

    func send(
        _ method: HTTPMethod, _ address: String, headers: [String: String], body: String
    ) async throws -> LoopbackReply {
        let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        let rest = parts[2].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = rest[0].split(separator: ":")
        guard let port = Int(host[1]) else { throw Closed() }
        let tls = parts[0] == "https:" ? try context() : nil
        let name = String(host[0])
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: LoopbackReply.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let server = name == "localhost" ? name : nil
                        if let thumbprint {
                            let pinned = try NIOSSLClientHandler(context: tls, serverHostname: server) {
                                $1.succeed(Self.sha1($0.first) == thumbprint ? .certificateVerified : .failed)
                            }
                            try pipeline.addHandler(pinned)
                        } else {
                            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: server))
                        }
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ReplyCollector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var lines = HTTPHeaders(headers.map { ($0.key, $0.value) })
        lines.add(name: "Host", value: String(rest[0]))
        lines.add(name: "Content-Length", value: "\(body.utf8.count)")
        let head = HTTPRequestHead(
            version: .http1_1, method: method, uri: "/" + (rest.count > 1 ? rest[1] : ""), headers: lines)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        let reply = try await promise.futureResult.get()
        try? await channel.close()
        return reply
    }

    private func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let trusting {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(trusting.utf8)))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func sha1(_ certificate: NIOSSLCertificate?) -> String? {
        guard let bytes = try? certificate?.toDERBytes() else { return nil }
        let pem = "-----BEGIN CERTIFICATE-----\n\(Data(bytes).base64EncodedString())\n-----END CERTIFICATE-----\n"
        let digest = try? Certificate(pem: pem).sha1Thumbprint
        return digest?.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isPlain { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

private final class ReplyCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<LoopbackReply>
    private var head: HTTPResponseHead?
    private var body = Data()

    init(_ promise: EventLoopPromise<LoopbackReply>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head else { return }
            let headers = Dictionary(
                head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
            promise.succeed(LoopbackReply(status: Int(head.status.code), headers: headers, body: body))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(LoopbackClient.Closed())
    }
}
