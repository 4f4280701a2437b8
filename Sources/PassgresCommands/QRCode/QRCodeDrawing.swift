import TokenCredentials

/// A QR code as text: two rows of squares in each line, with half blocks.
struct QRCodeDrawing {
    /// The light squares round the code. Four would be the standard's; with two the code still fits the smallest terminals
    /// and is read all the same.
    private static let margin = 2
    /// What stands on the terminal below the code, and has to be seen together with it.
    private static let linesBelow = 7

    private let code: QRCode
    /// Sets the terminal's colours, so that light is light on a white terminal too.
    private let isColoured: Bool

    init(_ code: QRCode, isColoured: Bool) {
        self.code = code
        self.isColoured = isColoured
    }

    /// The code for a text, ready to be written; `nil` where nobody could see it whole, or nothing can make it.
    ///
    /// `size` is the terminal's, if it is one.
    static func of(
        _ text: String, on size: (columns: Int, rows: Int)?, _ environment: ProcessEnvironment,
        library: QRCodeLibrary = QRCodeLibrary()
    ) -> String? {
        guard let size, isUTF8(environment), environment["TERM"] != "dumb", let code = library.code(for: text) else {
            return nil
        }
        let drawing = QRCodeDrawing(code, isColoured: environment["NO_COLOR"] == nil)
        guard size.columns >= drawing.columns, size.rows >= drawing.rows + linesBelow else { return nil }
        return drawing.text
    }

    /// Whether the locale writes UTF-8: the first of the three variables that is set decides, as in C.
    static func isUTF8(_ environment: ProcessEnvironment) -> Bool {
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let encoding = locale.prefix { $0 != "@" }.split(separator: ".").dropFirst().last?.lowercased()
        return encoding == "utf-8" || encoding == "utf8"
    }

    var columns: Int { code.width + 2 * Self.margin }
    var rows: Int { (columns + 1) / 2 }

    /// Light squares are drawn and dark ones are not, as for a dark terminal.
    var text: String {
        var text = ""
        for row in stride(from: -Self.margin, to: code.width + Self.margin, by: 2) {
            if isColoured { text += "\u{1b}[40;97m" }
            for column in -Self.margin..<code.width + Self.margin {
                switch (code[column, row], code[column, row + 1]) {
                case (false, false): text += "█"
                case (false, true): text += "▀"
                case (true, false): text += "▄"
                case (true, true): text += " "
                }
            }
            text += isColoured ? "\u{1b}[0m\n" : "\n"
        }
        return text
    }
}
