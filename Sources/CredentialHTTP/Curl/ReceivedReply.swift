/// A reply as it arrives: header lines and body bytes, each with a limit.
struct ReceivedReply {
    /// The most bytes of headers accepted, over all heads of one exchange.
    static let headerLimit = 65_536

    /// Why the rest of the reply was refused.
    enum Excess {
        case headers
        case body
    }

    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    private(set) var excess: Excess?
    private var headerBytes = 0
    private var isHeadComplete = false
    private let bodyLimit: Int

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Takes one header line.
    ///
    /// Returns whether it was accepted.
    mutating func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerLimit else {
            excess = .headers
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // Another head: what came before was interim (1xx).
            headers = []
            isHeadComplete = false
        } else if text.utf8.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            isHeadComplete = true
        } else if !isHeadComplete, let colon = text.firstIndex(of: ":") {
            headers.append((String(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
        }
        return true
    }

    /// Takes a piece of the body.
    ///
    /// Returns whether it was accepted.
    mutating func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= bodyLimit - body.count else {
            excess = .body
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else {
            return ""
        }
        return String(text[first...last])
    }
}
