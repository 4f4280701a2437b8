/// What the front says where it does not refuse.
enum DatabaseReply {
    /// AuthenticationCleartextPassword.
    static let passwordRequest: [UInt8] = message("R", [0, 0, 0, 3])
    /// ReadyForQuery, idle.
    static let ready: [UInt8] = message("Z", [UInt8(ascii: "I")])

    /// AuthenticationOk, a few parameters, ReadyForQuery.
    static let welcome: [UInt8] =
        message("R", [0, 0, 0, 0]) + parameter("server_version", "16.0") + parameter("client_encoding", "UTF8")
        + parameter("server_encoding", "UTF8") + parameter("standard_conforming_strings", "on") + ready

    static func message(_ kind: Unicode.Scalar, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 4
        return [UInt8(ascii: kind)] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
    }

    private static func parameter(_ name: String, _ value: String) -> [UInt8] {
        message("S", Array(name.utf8) + [0] + Array(value.utf8) + [0])
    }
}
