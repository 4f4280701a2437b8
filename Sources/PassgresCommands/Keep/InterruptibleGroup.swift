import ArgumentParser
import Glibc
import ServiceLifecycle
import TokenCredentials
import UnixSignals

/// Services that an interruption by hand ends in good order too, though not with success.
final class InterruptibleGroup: Sendable {
    private let group: ServiceGroup
    private let wasInterrupted = Guarded(false)

    init(_ group: ServiceGroup) {
        self.group = group
    }

    /// Runs the services to their end; throws `ExitCode` 130 where SIGINT brought it.
    func run() async throws {
        let interruptions = await UnixSignalsSequence(trapping: .sigint)
        let listener = Task {
            for await _ in interruptions {
                wasInterrupted.withLock { $0 = true }
                // Whoever asks twice does not want to wait for a destination that hangs.
                Signals.endAtOnce(on: SIGINT)
                await group.triggerGracefulShutdown()
                return
            }
        }
        defer { listener.cancel() }
        try await group.run()
        if wasInterrupted.withLock({ $0 }) { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }
}
