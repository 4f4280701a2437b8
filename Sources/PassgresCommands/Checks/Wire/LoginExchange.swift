/// The beginning of a PostgreSQL session, as far as the server's answer to a password.
struct LoginExchange {
    /// What came of it.
    enum Outcome: Sendable {
        /// The server let us in; its version, if it said so.
        case done(version: String?)
        /// The server said no: its words and its SQLSTATE.
        case refused(text: String, sqlState: String?)
        /// The server wants another proof than a password in clear: the number of its request.
        case wantsOther(Int)
        /// The server let us in and asked for nothing.
        case askedNothing
    }

    let user: String
    let database: String
    /// The password: whoever reads this handles a secret.
    let password: String
    /// How far a login has come; the password is given once.
    private enum Stage {
        case begun, answered, admitted
    }

    /// How many messages are read; a login takes some twenty.
    private static let mostMessages = 1_000
    /// The longest message that is read, in bytes.
    private static let longest = 1 << 20

    /// Logs in and out again.
    func run(over connection: ServerConnection) throws(WireError) -> Outcome {
        try connection.send(startup)
        var version: String?
        var stage = Stage.begun
        for _ in 0..<Self.mostMessages {
            let head = try connection.receive(5)
            let length = head[1...].reduce(0) { $0 << 8 | Int($1) } - 4
            guard length >= 0, length <= Self.longest else { throw .strange("it does not speak PostgreSQL's protocol") }
            let body = length == 0 ? [] : try connection.receive(length)
            switch head[0] {
            case UInt8(ascii: "E"):
                let fields = Self.fields(body)
                let text = "\(fields["S"] ?? "ERROR"): \(fields["M"] ?? "")" + (fields["D"].map { " " + $0 } ?? "")
                return .refused(text: text, sqlState: fields["C"])
            case UInt8(ascii: "R"):
                guard stage != .admitted, body.count >= 4 else {
                    throw .strange("it does not keep to PostgreSQL's protocol")
                }
                switch body.prefix(4).reduce(0, { $0 << 8 | Int($1) }) {
                case 0 where stage == .begun: return .askedNothing
                case 0: stage = .admitted
                case 3 where stage == .begun:
                    stage = .answered
                    let text = Array(password.utf8) + [0]
                    try connection.send([UInt8(ascii: "p")] + Self.number(text.count + 4) + text)
                case let other where stage == .begun: return .wantsOther(other)
                default: throw .strange("it asks for a proof once more after the password was given")
                }
            case UInt8(ascii: "S"):
                let parts = body.split(separator: 0)
                if parts.count == 2, parts[0].elementsEqual("server_version".utf8) {
                    version = String(decoding: parts[1].prefix(32), as: UTF8.self)
                }
            case UInt8(ascii: "Z"):
                guard stage == .admitted else { throw .strange("it is ready before it let anybody in") }
                try? connection.send([UInt8(ascii: "X"), 0, 0, 0, 4])
                return .done(version: version)
            default: continue
            }
        }
        throw .strange("it talks on and on")
    }

    private var startup: [UInt8] {
        let pairs = [("user", user), ("database", database), ("application_name", "passgres doctor")]
        var body: [UInt8] = [0, 3, 0, 0]
        for (name, value) in pairs { body += Array(name.utf8) + [0] + Array(value.utf8) + [0] }
        body.append(0)
        return Self.number(body.count + 4) + body
    }

    private static func number(_ value: Int) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: value >> 24), UInt8(truncatingIfNeeded: value >> 16),
            UInt8(truncatingIfNeeded: value >> 8),
            UInt8(truncatingIfNeeded: value),
        ]
    }

    /// The fields of an error, by their letters.
    private static func fields(_ body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for field in body.split(separator: 0) {
            guard let letter = field.first else { continue }
            fields[String(decoding: [letter], as: UTF8.self)] = String(
                decoding: field.dropFirst().prefix(2_000), as: UTF8.self)
        }
        return fields
    }
}
