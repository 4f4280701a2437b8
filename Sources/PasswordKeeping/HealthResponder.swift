import FoundationEssentials
import Glibc
package import PostgresCredentials
import TokenCredentials

/// Answers health checks over HTTP/1.1, a few side by side, on threads of its own.
///
/// Serves nothing but small documents without secrets; every connection is answered once and closed, and has two
/// seconds to ask. One that says nothing does not hold up the others.
package final class HealthResponder: Sendable {
    package typealias Answer = @Sendable (String) -> HealthAnswer

    /// How many connections are answered side by side.
    private static let most = 16

    private let listener: Int32
    private let timeLimit: Duration
    private let underWay = Guarded(0)
    private let isOver = Guarded(false)
    private let answer: Answer

    /// Listens from now on. Throws ``DestinationError`` where the address cannot be used.
    ///
    /// - Parameter timeLimit: How long a connection has to ask, in whole seconds.
    package init(
        on address: HealthAddress, timeLimit: Duration = .seconds(2), answering answer: @escaping Answer
    ) throws(DestinationError) {
        listener = try SocketAddress.listen(on: address)
        self.timeLimit = timeLimit
        self.answer = answer
        guard startThread({ self.serve() }) else {
            close(listener)
            throw DestinationError("health checks need a thread, and there is none to be had")
        }
    }

    /// The port it listens on; 0 for a socket in the file system.
    package var port: UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        let isInternet = [AF_INET, AF_INET6].contains(Int32(address.sin6_family))
        return code == 0 && isInternet ? UInt16(bigEndian: address.sin6_port) : 0
    }

    /// Ends; a check under way is answered.
    package func stop() {
        isOver.withLock { $0 = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                take(connection)
            } else if isOver.withLock({ $0 }) {
                break
            } else if errno != EINTR, errno != ECONNABORTED {
                usleep(100_000)
            }
        }
        close(listener)
    }

    /// Answers on another thread, or here if there are enough of them already.
    private func take(_ connection: Int32) {
        let isOneOfFew = underWay.withLock { count in
            count += 1
            return count <= Self.most
        }
        let answer: @Sendable () -> Void = { [self] in
            reply(on: connection)
            close(connection)
            underWay.withLock { $0 -= 1 }
        }
        if !isOneOfFew || !startThread(answer) { answer() }
    }

    private func reply(on connection: Int32) {
        var limit = timeval(tv_sec: Int(timeLimit.components.seconds), tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard let line = requestLine(of: connection) else { return }
        let words = line.split(separator: " ")
        let answer: HealthAnswer
        if words.count == 3, words[2].hasPrefix("HTTP/1.") {
            let path = words[1].prefix { $0 != "?" }
            answer =
                words[0] == "GET" || words[0] == "HEAD"
                ? self.answer(String(path)) : HealthAnswer(status: 405, body: Data("{}\n".utf8))
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
        send(Data(head.utf8) + (words.first == "HEAD" ? Data() : answer.body), to: connection)
        shutdown(connection, Int32(SHUT_WR))
    }

    /// The first line of a request whose head has come whole, in time and within 8 kilobytes.
    private func requestLine(of connection: Int32) -> String? {
        var head: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 8_192)
        let start = ContinuousClock.now
        while head.count < 8_192, ContinuousClock.now - start < timeLimit {
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return nil }
            head += block[..<count]
            guard head.suffix(count + 3).firstRange(of: Array("\r\n\r\n".utf8)) != nil else { continue }
            return String(decoding: head.prefix { $0 != 13 }, as: UTF8.self)
        }
        return nil
    }

    private func send(_ data: Data, to connection: Int32) {
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
