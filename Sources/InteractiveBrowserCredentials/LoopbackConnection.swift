import Glibc
import TokenCredentials

/// One connection of a browser: read within its time, answered once, then closed.
struct LoopbackConnection {
    let socket: Int32
    private let port: UInt16
    /// When it is given up.
    private(set) var deadline: ContinuousClock.Instant
    /// Whether it can be closed.
    private(set) var isDone = false
    private var received: [UInt8] = []
    private var isAnswered = false

    /// Takes over a connection to one of the listener's addresses, all of which have the port.
    init(socket: Int32, port: UInt16, deadline: ContinuousClock.Instant) {
        self.socket = socket
        self.port = port
        self.deadline = deadline
    }

    func close() { _ = Glibc.close(socket) }

    /// Reads what has come, and answers once it is a request; returns the reply to the sign-in, if that is what it was.
    ///
    /// - Parameter answerLimit: How long a refused client may take to finish sending and read why.
    mutating func advance(isReadable: Bool, state: String, answerLimit: Duration) -> AuthorizationReply? {
        if isReadable { receive() }
        if isAnswered || isDone {
            if deadline <= .now { isDone = true }
            return nil
        }
        switch LoopbackRequest.read(received, port: port) {
        case .incomplete:
            if deadline <= .now { answer(.tooSlow, lingering: .zero) }
        case .refused(let page):
            answer(page, lingering: answerLimit)
        case .request(let request):
            switch AuthorizationReply.read(request, state: state) {
            case .failure(let page): answer(page, lingering: answerLimit)
            case .success(let reply):
                if case .code = reply {
                    answer(.signedIn, lingering: .zero)
                } else {
                    answer(.notSignedIn, lingering: .zero)
                }
                return reply
            }
        }
        return nil
    }

    private mutating func receive() {
        var block = [UInt8](repeating: 0, count: 8192)
        let count = recv(socket, &block, block.count, 0)
        if count > 0 {
            if !isAnswered { received += block[..<count] }
        } else if count == 0 || ![EAGAIN, EINTR].contains(errno) {
            isDone = true
        }
    }

    private mutating func answer(_ page: LoopbackPage, lingering: Duration) {
        isAnswered = true
        received = []
        let response = page.response
        // Less than a kilobyte into an empty buffer: either all of it fits or nobody is there to read it.
        _ = send(socket, response, response.count, Int32(MSG_NOSIGNAL))
        shutdown(socket, Int32(SHUT_WR))
        // Closing while bytes are still coming would reset the connection, and the answer with it.
        deadline = .now + lingering
        if lingering == .zero { isDone = true }
    }
}
