import Testing
import TokenCredentials

@testable import PassgresCommands

@Suite struct `A QR code on a terminal` {
    static let address = "https://microsoft.com/devicelogin"
    static let utf8: ProcessEnvironment = ["LANG": "de_DE.UTF-8", "TERM": "xterm"]

    @Test func `is drawn two rows to a line, light on dark`() throws {
        let code = try #require(QRCode(width: 3, isDark: [true, false, true, false, true, false, true, true, true]))
        #expect(
            QRCodeDrawing(code, isColoured: false).text
                == """
                ███████
                ██▄▀▄██
                ██▄▄▄██
                ███████

                """)
        let coloured = QRCodeDrawing(code, isColoured: true).text.split(separator: "\n")
        #expect(coloured.count == 4)
        #expect(coloured.allSatisfy { $0.hasPrefix("\u{1b}[40;97m") && $0.hasSuffix("\u{1b}[0m") })
    }

    @Test func `is made by the library that is installed`() throws {
        let code = try #require(QRCodeLibrary().code(for: Self.address))
        #expect(code.width == 29)
        // The three corners by which a reader finds it.
        for (column, row) in [(0, 0), (22, 0), (0, 22)] {
            for step in 0..<7 {
                #expect(code[column + step, row] && code[column + step, row + 6])
                #expect(code[column, row + step] && code[column + 6, row + step])
            }
            #expect(!code[column + 1, row + 1] && code[column + 3, row + 3])
        }
        #expect(QRCodeLibrary().code(for: String(repeating: "x", count: 5000)) == nil)
        #expect(QRCodeLibrary().code(for: "a\u{0}b") == nil)
    }

    @Test(arguments: ["libpassgres-none.so.4", "libc.so.6", "/etc/passwd"])
    func `is not there without the library`(file: String) {
        #expect(QRCodeLibrary(file: file).code(for: Self.address) == nil)
        #expect(QRCodeDrawing.of(Self.address, on: (200, 200), Self.utf8, library: QRCodeLibrary(file: file)) == nil)
    }

    @Test(arguments: [
        (80, 24, true), (33, 24, true), (32, 24, false), (80, 23, false), (200, 200, true), (1, 1, false),
    ])
    func `is drawn only where it can be seen whole`(columns: Int, rows: Int, isDrawn: Bool) {
        #expect((QRCodeDrawing.of(Self.address, on: (columns, rows), Self.utf8) != nil) == isDrawn)
        #expect(QRCodeDrawing.of(Self.address, on: nil, Self.utf8) == nil)
    }

    @Test(arguments: [
        (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8@euro"], true), (["LC_CTYPE": "C.utf-8", "LANG": "C"], true),
        (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LANG": "en_US.ISO-8859-1"], false), ([:], false),
        (["LANG": "C"], false), (["LANG": "UTF-8"], false), (["LANG": "C.UTF-8", "TERM": "dumb"], false),
    ])
    func `is drawn only where the locale can write it`(variables: [String: String], isDrawn: Bool) {
        #expect((QRCodeDrawing.of(Self.address, on: (100, 100), ProcessEnvironment(variables)) != nil) == isDrawn)
    }

    @Test func `has no colour where none is wanted`() throws {
        var environment = Self.utf8
        #expect(try #require(QRCodeDrawing.of(Self.address, on: (100, 100), environment)).contains("\u{1b}"))
        environment["NO_COLOR"] = "1"
        #expect(try !#require(QRCodeDrawing.of(Self.address, on: (100, 100), environment)).contains("\u{1b}"))
    }

    @Test func `is as many squares as it says`() {
        #expect(QRCode(width: 2, isDark: [true]) == nil)
        #expect(QRCode(width: 0, isDark: []) == nil)
    }
}
