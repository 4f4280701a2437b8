/// Names and texts as SQL takes them, whatever they hold.
enum SQLText {
    /// A name in double quotes, with those in it doubled.
    static func identifier(_ name: String) -> String { quoted(name, "\"", doubling: ["\""]) }

    /// A text in single quotes, with those in it doubled.
    ///
    /// With a backslash it is an escape string, which means the same whatever `standard_conforming_strings` is.
    static func literal(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return quoted(text, "'", doubling: ["'"]) }
        return "E" + quoted(text, "'", doubling: ["'", "\\"])
    }

    /// What `\connect` takes to change the database and nothing else, whatever the name holds.
    static func connect(to database: String) -> String {
        let value = database.utf8.flatMap { byte -> [UInt8] in
            byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return "\\connect -reuse-previous=on "
            + quoted("dbname='\(String(decoding: value, as: UTF8.self))'", "\"", doubling: ["\""])
    }

    /// Goes by scalars, as the server does: a mark that is part of a longer character for a reader is a mark all the same.
    private static func quoted(_ text: String, _ quote: Unicode.Scalar, doubling marks: [Unicode.Scalar]) -> String {
        var result = String.UnicodeScalarView()
        result.append(quote)
        for scalar in text.unicodeScalars {
            if marks.contains(scalar) { result.append(scalar) }
            result.append(scalar)
        }
        result.append(quote)
        return String(result)
    }
}
