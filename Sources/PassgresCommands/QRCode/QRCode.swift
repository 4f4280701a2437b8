/// The squares of a QR code, dark or light.
struct QRCode: Equatable, Sendable {
    /// How many squares it has on each side, without a margin.
    let width: Int
    private let isDark: [Bool]

    /// Takes the squares, row by row; `nil` if they are not as many as they should be.
    init?(width: Int, isDark: [Bool]) {
        guard width > 0, isDark.count == width * width else { return nil }
        self.width = width
        self.isDark = isDark
    }

    /// Whether a square is dark; everything round the code is light.
    subscript(column: Int, row: Int) -> Bool {
        (0..<width).contains(column) && (0..<width).contains(row) && isDark[row * width + column]
    }
}
