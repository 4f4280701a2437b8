import CredentialObservability
import CredentialTesting
import Logging
import Testing
import TokenCredentials

@Suite struct `A logged credential` {
    @Test(arguments: zip(outcomes.indices, [Logger.Level.debug, .debug, .warning, .trace]))
    func `says every answer, and no token`(_ index: Int, _ level: Logger.Level) async throws {
        let log = Log()
        var logger = Logger(label: "test") { _ in Log.Handler(log: log) }
        logger.logLevel = .trace
        _ = try? await outcomes[index].credential.logged(to: logger).token(for: sampleRequest)
        let said = log.lines.withLock { $0 }
        #expect(said.map(\.level) == [level])
        #expect(said.allSatisfy { $0.text.contains("stub") && !$0.text.contains(secret) })
    }

    @Test func `says a failure as loudly as it was told to`() async {
        let log = Log()
        var logger = Logger(label: "test") { _ in Log.Handler(log: log) }
        logger.logLevel = .trace
        _ = try? await outcomes[2].credential.logged(to: logger, failuresAt: .info).token(for: sampleRequest)
        #expect(log.lines.withLock { $0.map(\.level) } == [.info])
    }
}

/// Keeps what is logged.
private final class Log: Sendable {
    let lines = Guarded<[(level: Logger.Level, text: String)]>([])

    struct Handler: LogHandler {
        let log: Log
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append((event.level, "\(event.message) \(event.metadata ?? [:])")) }
        }
    }
}
