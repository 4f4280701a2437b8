/// The first message of a PostgreSQL client, without its length.
enum DatabaseStart {
    case tls
    case kerberos
    case session(user: String, database: String)
    case other

    init(_ body: [UInt8]) {
        switch Array(body.prefix(4)) {
        case [0x04, 0xD2, 0x16, 0x2F]: self = .tls
        case [0x04, 0xD2, 0x16, 0x30]: self = .kerberos
        case [0, 3, 0, 0], [0, 3, 0, 2]:
            var values: [String: String] = [:]
            let texts = body.dropFirst(4).split(separator: 0, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            for index in stride(from: 0, to: texts.count - 1, by: 2) where !texts[index].isEmpty {
                values[texts[index]] = texts[index + 1]
            }
            let user = values["user"] ?? ""
            self = user.isEmpty ? .other : .session(user: user, database: values["database"] ?? user)
        default: self = .other
        }
    }
}
