import NIOCore

/// Cuts the stream of an LDAP connection into messages.
struct LDAPFraming: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// The longest message that is read: PostgreSQL sends passwords of up to 64 KiB.
    static let limit = 1 << 17

    /// The stream is no LDAP, or a message is too long; nothing after it can be understood.
    struct Malformed: Error {}

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let view = buffer.readableBytesView
        guard let tag = view.first else { return .needMoreData }
        guard tag == 0x30, let length = BERReader.length(Array(view.prefix(6))[...].dropFirst()) else {
            throw Malformed()
        }
        guard case .known(let header, let count) = length else { return .needMoreData }
        guard count <= Self.limit else { throw Malformed() }
        guard let message = buffer.readSlice(length: 1 + header + count) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(message))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        // A message that was cut off is not answered.
        buffer.clear()
        return .needMoreData
    }
}
