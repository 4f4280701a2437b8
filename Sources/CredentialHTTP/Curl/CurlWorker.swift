import CTokenCurl
import CTokenOpenSSL
import Glibc
import TokenCredentials

/// The thread that does everything with libcurl: requests wait in a list and run side by side.
///
/// No other thread calls libcurl, but for the one function that is made for it, `curl_multi_wakeup`.
final class CurlWorker: Sendable {
    private enum Command {
        case start(CheckedRequest, PendingReply)
        case cancel(PendingReply)
    }

    /// The worker's thread may do anything with it, others may wake it while they hold the lock it is kept under.
    private struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private struct State {
        var commands: [Command] = []
        var multi: Multi?
        var isStopping = false
        /// What those hear who come too late.
        var refusal = HTTPTransportError.cancelled
        var thread: pthread_t?
    }

    private let state = Guarded(State())
    private let threadName: String
    private let startLibrary: @Sendable () -> Bool
    private let canWake: @Sendable (UnsafeMutableRawPointer) -> Bool

    /// Makes a worker whose thread has not begun.
    init(
        threadName: String, startingLibraryBy startLibrary: @escaping @Sendable () -> Bool = { CurlLibrary.isStarted },
        wakingBy canWake: @escaping @Sendable (UnsafeMutableRawPointer) -> Bool = { curl_multi_wakeup($0) == CURLM_OK }
    ) {
        self.threadName = threadName
        self.startLibrary = startLibrary
        self.canWake = canWake
    }

    /// Whether it takes no requests any more.
    var hasEnded: Bool { state.withLock { $0.isStopping } }

    /// Begins the thread.
    ///
    /// Returns the system's error number, 0 if all is well.
    func start() -> Int32 {
        var thread = pthread_t()
        let this = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { this in
                if let this { Unmanaged<CurlWorker>.fromOpaque(this).takeRetainedValue().run() }
                return nil
            }, this.toOpaque())
        guard code == 0 else {
            this.release()
            return code
        }
        state.withLock { [thread] in $0.thread = thread }
        return 0
    }

    /// Has a request sent, and its reply handed over.
    func start(_ request: CheckedRequest, reply: PendingReply) {
        if !post(.start(request, reply)) { reply.finish(.failure(state.withLock { $0.refusal })) }
    }

    /// Gives a request up.
    func cancel(_ reply: PendingReply) {
        _ = post(.cancel(reply))
    }

    /// Ends the thread without waiting for it.
    ///
    /// What is under way is cancelled.
    func abandon() {
        if let thread = stop() { pthread_detach(thread) }
    }

    /// Ends the thread and waits until it is gone.
    ///
    /// What is under way is cancelled.
    func end() async {
        guard let thread = stop() else { return }
        await onOwnThread { _ = pthread_join(thread, nil) }
    }

    private func post(_ command: Command) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.commands.append(command)
            if let multi = state.multi { curl_multi_wakeup(multi.pointer) }
            return true
        }
    }

    private func stop() -> pthread_t? {
        state.withLock { state in
            state.isStopping = true
            if let multi = state.multi { curl_multi_wakeup(multi.pointer) }
            return state.thread.take()
        }
    }

    private func run() {
        prepareThread()
        guard startLibrary(), let pointer = curl_multi_init() else {
            finish(with: .unreachable("libcurl could not be started"))
            return
        }
        // Without the pair of files that a wake-up takes, libcurl would wait and hear nothing of later requests.
        guard canWake(pointer) else {
            curl_multi_cleanup(pointer)
            finish(with: .unreachable("the system had no file left by which libcurl is woken"))
            return
        }
        let multi = Multi(pointer: pointer)
        state.withLock { $0.multi = multi }
        var exchanges: [UnsafeMutableRawPointer: CurlExchange] = [:]
        while true {
            let (commands, isStopping) = state.withLock { state in
                defer { state.commands = [] }
                return (state.commands, state.isStopping)
            }
            for command in commands { obey(command, pointer, &exchanges) }
            if isStopping { break }
            var running: Int32 = 0
            curl_multi_perform(pointer, &running)
            collect(pointer, &exchanges)
            // Ends at once on traffic, on libcurl's own timers and on a wake-up; there is nothing to tick for.
            curl_multi_poll(pointer, nil, 0, 60_000, nil)
        }
        for exchange in exchanges.values {
            curl_multi_remove_handle(pointer, exchange.handle)
            exchange.reply.finish(.failure(.cancelled))
        }
        exchanges = [:]
        state.withLock { $0.multi = nil }
        curl_multi_cleanup(pointer)
        finish(with: .cancelled)
    }

    private func obey(
        _ command: Command, _ multi: UnsafeMutableRawPointer, _ exchanges: inout [UnsafeMutableRawPointer: CurlExchange]
    ) {
        switch command {
        case .start(let request, let reply):
            guard !reply.isFinished else { return }
            guard let exchange = CurlExchange(request, reply: reply) else {
                return reply.finish(.failure(.unreachable("there is no memory for the request")))
            }
            if let error = exchange.prepare() { return reply.finish(.failure(error)) }
            guard curl_multi_add_handle(multi, exchange.handle) == CURLM_OK else {
                return reply.finish(.failure(.unreachable("libcurl did not take the request")))
            }
            exchanges[exchange.handle] = exchange
        case .cancel(let reply):
            guard let exchange = exchanges.values.first(where: { $0.reply === reply }) else { return }
            curl_multi_remove_handle(multi, exchange.handle)
            exchanges[exchange.handle] = nil
        }
    }

    private func collect(
        _ multi: UnsafeMutableRawPointer, _ exchanges: inout [UnsafeMutableRawPointer: CurlExchange]
    ) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result
            guard let exchange = exchanges.removeValue(forKey: handle) else { continue }
            // Before the handle is removed: the message and what it tells are gone after that.
            let outcome = exchange.outcome(code)
            curl_multi_remove_handle(multi, handle)
            exchange.reply.finish(outcome)
        }
    }

    /// Refuses what came too late.
    private func finish(with error: HTTPTransportError) {
        let commands = state.withLock { state in
            state.isStopping = true
            state.refusal = error
            defer { state.commands = [] }
            return state.commands
        }
        for case .start(_, let reply) in commands { reply.finish(.failure(error)) }
    }

    private func prepareThread() {
        token_name_thread(threadName)
        // Signals are for the program's own threads; and writing to a closed connection must not end the process.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }
}

/// libcurl, started once for the process.
private enum CurlLibrary {
    static let isStarted: Bool = {
        token_openssl_start()
        return token_curl_start() == CURLE_OK
    }()
}
