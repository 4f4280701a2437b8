/// What both forms of a connection string have in common: settings that come in one by one, with their places.
struct SettingReader {
    private(set) var info = ConnectionInfo()
    private(set) var lastKeyword: String?

    /// Takes a setting; the last of a name wins.
    ///
    /// The offsets are for the error.
    mutating func take(
        _ keyword: [UInt8], at keywordOffset: Int, _ value: [UInt8], at valueOffset: Int
    ) throws(ConnectionInfoError) {
        guard var name = String(validating: keyword, as: UTF8.self) else {
            throw ConnectionInfoError(.unknownKeyword(meant: nil), offset: keywordOffset, keyword: lastKeyword)
        }
        guard var text = String(validating: value, as: UTF8.self) else {
            throw ConnectionInfoError(
                .notUTF8, offset: valueOffset, keyword: ConnectionKeyword.named(name).map(\.name))
        }
        if name == "requiressl" {
            // The name by which version 7 knew it; libpq still translates it.
            name = "sslmode"
            text = value.first == UInt8(ascii: "1") ? "require" : "prefer"
        }
        guard ConnectionKeyword.named(name) != nil else {
            throw .unknownKeyword(name, offset: keywordOffset, after: lastKeyword)
        }
        try info.set(text, for: name)
        lastKeyword = name
    }
}

/// The bytes that separate words: those of `isspace` in the C locale.
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
