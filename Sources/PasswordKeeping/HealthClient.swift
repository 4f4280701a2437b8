import FoundationEssentials
import Glibc

/// One who asks how things stand: what has come of the question, and what is still to be sent of the answer.
///
/// Its socket does not block.
struct HealthClient {
    /// The longest head of a request that is read, in bytes.
    private static let longestHead = 8_192

    let socket: Int32
    /// When it came.
    let since = ContinuousClock.now
    /// When it has to be done.
    let deadline: ContinuousClock.Instant
    private var head: [UInt8] = []
    private var answer: ArraySlice<UInt8>?

    init(_ socket: Int32, until deadline: ContinuousClock.Instant) {
        self.socket = socket
        self.deadline = deadline
    }

    /// Whether it has said nothing yet.
    var isSilent: Bool { head.isEmpty }
    /// Whether it has asked, and has not taken the whole answer.
    var isBeingAnswered: Bool { answer != nil }

    /// Goes on as far as that can be done without waiting; returns whether there is more to come.
    mutating func proceed(answering find: HealthResponder.Answer) -> Bool {
        if answer == nil {
            guard let isWhole = readHead() else { return false }
            guard isWhole else { return true }
            answer = Self.response(to: String(decoding: head.prefix { $0 != 13 }, as: UTF8.self), find)[...]
        }
        while let rest = answer, !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return count < 0 && Self.isPassing(errno) }
            answer = rest.dropFirst(count)
        }
        shutdown(socket, Int32(SHUT_WR))
        return false
    }

    /// Reads what has come; returns whether the head is whole, `nil` if it never will be.
    private mutating func readHead() -> Bool? {
        var block = [UInt8](repeating: 0, count: Self.longestHead)
        while head.count < Self.longestHead {
            let count = recv(socket, &block, block.count, 0)
            guard count > 0 else { return count < 0 && Self.isPassing(errno) ? false : nil }
            head += block[..<count]
            if head.suffix(count + 3).firstRange(of: Array("\r\n\r\n".utf8)) != nil { return true }
        }
        return nil
    }

    private static func isPassing(_ code: Int32) -> Bool { code == EAGAIN || code == EINTR }

    /// The answer to a request, by its first line.
    private static func response(to line: String, _ find: HealthResponder.Answer) -> [UInt8] {
        let words = line.split(separator: " ")
        let answer: HealthAnswer
        if words.count == 3, words[2].hasPrefix("HTTP/1.") {
            let path = words[1].prefix { $0 != "?" }
            answer =
                words[0] == "GET" || words[0] == "HEAD"
                ? find(String(path)) : HealthAnswer(status: 405, body: Data("{}\n".utf8))
        } else {
            answer = HealthAnswer(status: 400, body: Data("{}\n".utf8))
        }
        let head = """
            HTTP/1.1 \(answer.status) \(answer.status == 200 ? "OK" : "Not OK")\r
            Content-Type: application/json\r
            Content-Length: \(answer.body.count)\r
            Cache-Control: no-store\r
            Connection: close\r
            \r

            """
        return [UInt8](Data(head.utf8) + (words.first == "HEAD" ? Data() : answer.body))
    }
}
