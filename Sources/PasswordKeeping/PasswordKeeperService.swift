import FoundationEssentials
import Glibc
public import PostgresCredentials
public import ServiceLifecycle
import TokenCredentials
import UnixSignals

/// A keeper as a service: with health checks, the notices systemd wants, and a plan that is read again on SIGHUP.
public struct PasswordKeeperService: Service {
    /// Reads a plan anew.
    public typealias PlanReader = @Sendable () async throws -> [PasswordAssignment]

    private let keeper: PasswordKeeper
    private let healthAddresses: [HealthAddress]
    private let manager: ServiceManager?
    private let readPlan: PlanReader?
    private let note: @Sendable (String) -> Void

    /// Makes a service of a keeper.
    ///
    /// - Parameters:
    ///   - healthAddresses: where `/livez`, `/readyz` and `/status` are answered.
    ///   - manager: who is told `READY=1` once every destination is fresh, and the watchdog's notices.
    ///   - readPlan: called on SIGHUP, which otherwise is left alone; if it throws, the old plan stays.
    ///   - note: receives what goes on, for a log.
    public init(
        _ keeper: PasswordKeeper, answeringHealthChecksAt healthAddresses: [HealthAddress] = [],
        telling manager: ServiceManager? = nil, reloadingBy readPlan: PlanReader? = nil,
        noting note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.keeper = keeper
        self.healthAddresses = healthAddresses
        self.manager = manager
        self.readPlan = readPlan
        self.note = note
    }

    /// Keeps until the service is shut down or cancelled.
    ///
    /// Throws ``DestinationError`` where health checks cannot be answered.
    public func run() async throws {
        var responders: [HealthResponder] = []
        defer { for responder in responders { responder.stop() } }
        for address in healthAddresses {
            let keeper = keeper
            responders.append(try HealthResponder(on: address) { keeper.answer(to: $0) })
        }
        let progress = Progress()
        // Before anybody hears that we are ready: a signal sent right after that would be lost.
        let reloads = readPlan == nil ? nil : await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.announce(progress) }
                if let readPlan, let reloads {
                    group.addTask { await self.reload(at: reloads, by: readPlan, progress) }
                }
                await keeper.run()
                group.cancelAll()
            }
        }
        manager?.tell("STOPPING=1", "STATUS=ending")
    }

    /// Tells the manager when all is ready, how things stand, and that we live.
    private func announce(_ progress: Progress) async {
        guard let manager else { return }
        var last = ""
        while !Task.isCancelled {
            if !progress.isReady, keeper.isReady {
                // First the note: whoever hears it may ask for the configuration to be read before we go on.
                progress.isReady = true
                if !manager.tell("READY=1") { progress.isReady = false }
            }
            let isReady = progress.isReady
            // A keeper that hangs shall be noticed: whoever only answers the watchdog hides it.
            if manager.watchdogInterval != nil, !keeper.hangs { manager.tell("WATCHDOG=1") }
            let rows = keeper.status
            let status = "STATUS=\(rows.count { $0.outcome == .fresh }) of \(rows.count) destinations are fresh"
            if status != last, manager.tell(status) { last = status }
            let calm = min((manager.watchdogInterval ?? .seconds(20)) / 2, .seconds(10))
            do {
                try await Task.sleep(for: isReady ? calm : min(calm, .milliseconds(200)))
            } catch {
                return
            }
        }
    }

    private func reload(
        at signals: UnixSignalsSequence, by readPlan: @escaping PlanReader, _ progress: Progress
    ) async {
        for await _ in signals {
            // Who is not ready yet does not become so by reading a configuration.
            let manager = progress.isReady ? manager : nil
            await manager?.tellReloading()
            do {
                keeper.replacePlan(try await readPlan())
                note("the configuration was read again")
            } catch {
                note("the configuration could not be read again, the old one stays: \(error)")
            }
            await manager?.tellWaiting("READY=1")
        }
    }

    /// What the manager has been told.
    private final class Progress: Sendable {
        private let state = Guarded(false)

        var isReady: Bool {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
