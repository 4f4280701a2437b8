import Dispatch
import Glibc

/// Waits for SIGTERM or SIGINT, neither of which ends the process by itself any more.
struct EndingSignals {
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.activate()
            return source
        }
    }

    func wait() async {
        var iterator = stream.makeAsyncIterator()
        await iterator.next()
        for source in sources { source.cancel() }
    }
}

/// Writes a text whole, past any buffer.
func write(_ text: String, to file: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

/// That many random bytes in hexadecimal digits.
func randomHexadecimal(bytes count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in
        let byte = generator.next() as UInt8
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
}
