import Logging
import TokenCredentials

/// Everything that was logged, line by line, as the most talkative backend would write it.
final class RecordedLog: Sendable {
    private let written = Guarded<[String]>([])

    var lines: [String] { written.withLock { $0 } }

    /// A logger that leaves nothing out.
    var logger: Logger {
        Logger(label: "scenario") { _ in Writer(log: self) }
    }

    private struct Writer: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let line = "\(event.level) \(event.message) " + facts.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            log.written.withLock { $0.append(line) }
        }
    }
}
