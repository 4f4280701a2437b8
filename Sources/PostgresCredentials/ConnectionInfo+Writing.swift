extension ConnectionInfo {
    /// A keyword/value string for `PQconnectdb`, every value in quotes.
    ///
    /// Holds the password if there is one.
    public var conninfo: String {
        written.map { keyword in "\(keyword)='\(Self.quoted(self[keyword] ?? ""))'" }.joined(separator: " ")
    }

    /// A URI that libpq reads back as these parameters.
    ///
    /// Holds the password if there is one.
    ///
    /// Everything but unreserved ASCII is percent-encoded. User, host, port and database stand in their usual places
    /// where these can say them, and otherwise (several hosts, sockets, empty values) among the parameters.
    public var uri: String {
        var rest = written
        var text = "postgresql://"
        if let authority = usualAuthority {
            text += authority
            rest.removeAll { ["host", "port", "user", "dbname"].contains($0) }
            if isNotEmpty("user") { rest.removeAll { $0 == "password" && isNotEmpty("password") } }
        } else {
            text += "/"
        }
        guard !rest.isEmpty else { return text }
        if !text.dropFirst("postgresql://".count).contains("/") { text += "/" }
        return text + "?" + rest.map { "\($0)=\(Self.percentEncoded(self[$0] ?? ""))" }.joined(separator: "&")
    }

    /// The variables that tell libpq the same, such as `PGHOST`.
    ///
    /// Never holds a secret.
    ///
    /// ``keywordsWithoutVariable`` names what cannot be said this way. Take every variable of
    /// ``ConnectionKeyword/variables`` out of the environment these go into.
    public var environment: [String: String] {
        var variables: [String: String] = [:]
        for keyword in keywords.compactMap(ConnectionKeyword.named) where !keyword.isSecret {
            if let variable = keyword.variable { variables[variable] = self[keyword.name] }
        }
        return variables
    }

    /// The keywords with a value for which there is no variable, or whose value is a secret, the password excepted.
    public var keywordsWithoutVariable: [String] {
        keywords.compactMap(ConnectionKeyword.named).filter { keyword in
            keyword.name != "password" && (keyword.variable == nil || keyword.isSecret)
        }.map(\.name)
    }

    /// The keywords with a value that this version of libpq would refuse.
    public func keywords(unknownTo version: LibpqVersion) -> [String] {
        keywords.compactMap(ConnectionKeyword.named).filter { $0.since > version }.map(\.name)
    }

    /// The keywords that go into a string.
    ///
    /// Not those a variable set and an old library may not know: it ignores the variable, and would refuse the keyword.
    var written: [String] {
        keywords.compactMap(ConnectionKeyword.named).filter { keyword in
            keyword.since <= .oldest || origin(of: keyword.name) != .environment
        }.map(\.name)
    }

    /// `user:password@host:port/dbname`, if that can say what is to be said.
    private var usualAuthority: String? {
        guard let host, !host.isEmpty, !host.utf8.contains(UInt8(ascii: ",")), host.utf8.first != UInt8(ascii: "/"),
            host.utf8.first != UInt8(ascii: "@"), port?.utf8.contains(UInt8(ascii: ",")) != true,
            ["port", "user", "dbname"].allSatisfy({ self[$0]?.isEmpty != true })
        else { return nil }
        var text = ""
        if let user {
            text = Self.percentEncoded(user)
            if let password, !password.isEmpty { text += ":" + Self.percentEncoded(password) }
            text += "@"
        }
        text += Self.isBareAddress(host) ? "[\(host)]" : Self.percentEncoded(host)
        if let port { text += ":" + Self.percentEncoded(port) }
        if let database { text += "/" + Self.percentEncoded(database) }
        return text
    }

    private func isNotEmpty(_ keyword: String) -> Bool { self[keyword]?.isEmpty == false }

    /// Whether brackets can hold it as it is: an IPv6 address without a zone.
    private static func isBareAddress(_ host: String) -> Bool {
        host.utf8.contains(UInt8(ascii: ":")) && host.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
    }

    private static func quoted(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func percentEncoded(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
