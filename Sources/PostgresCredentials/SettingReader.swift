/// What both forms of a connection string have in common: settings that come in one by one, with their places.
struct SettingReader {
    private var settings: [String: (value: [UInt8], offset: Int, stray: StrayMark?)] = [:]
    private(set) var lastKeyword: String?

    /// Takes a setting; the last of a name wins.
    ///
    /// The offsets are for the error, the mark is for one that comes later.
    mutating func take(
        _ keyword: [UInt8], at keywordOffset: Int, _ value: [UInt8], at valueOffset: Int, _ stray: StrayMark? = nil
    ) throws(ConnectionInfoError) {
        guard var name = String(validating: keyword, as: UTF8.self) else {
            throw ConnectionInfoError(.unknownKeyword(meant: nil), offset: keywordOffset, keyword: lastKeyword)
        }
        var value = value
        if name == "requiressl" {
            // The name by which version 7 knew it; libpq still translates it.
            name = "sslmode"
            value = Array((value.first == UInt8(ascii: "1") ? "require" : "prefer").utf8)
        }
        guard ConnectionKeyword.named(name) != nil else {
            throw .unknownKeyword(name, offset: keywordOffset, after: lastKeyword)
        }
        settings[name] = (value, valueOffset, stray)
        lastKeyword = name
    }

    /// The parameters as they stand in the end.
    ///
    /// A value that was said again later need not even be text.
    func info() throws(ConnectionInfoError) -> ConnectionInfo {
        var info = ConnectionInfo()
        for (keyword, setting) in settings.sorted(by: { $0.value.offset < $1.value.offset }) {
            guard let text = String(validating: setting.value, as: UTF8.self) else {
                throw ConnectionInfoError(.notUTF8, offset: setting.offset, keyword: keyword)
            }
            try info.set(text, for: keyword)
            info.values[keyword]?.stray = setting.stray
        }
        return info
    }
}

/// Tells the bytes that separate words: those of `isspace` in the C locale.
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
