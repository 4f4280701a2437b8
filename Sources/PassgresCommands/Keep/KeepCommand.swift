import ArgumentParser
import FoundationEssentials
import Glibc
import KnownFailures
import Logging
import PasswordKeeping
import PostgresCredentials
import ServiceLifecycle
import TokenCredentials
import UnixSignals

/// `passgres keep`: keeps files fresh until ended.
struct KeepCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Keep password files and PgBouncer auth files fresh until ended.",
        discussion: """
            SIGHUP reads the configuration again and drops nothing; SIGTERM ends, and so does an interruption, with \
            status 130. Without a destination, the password file that libpq looks for is kept. --timeout bounds --once \
            only.
            """)

    @OptionGroup(title: "What is kept") var places: KeepOptions

    @Flag(help: "Fetch and store once, and end: for cron.")
    var once = false

    @Option(help: ArgumentHelp("Answer /livez, /readyz and /status over HTTP there.", valueName: "host:port"))
    var health: String?

    @Flag(help: "Say how the destinations of the keepers that run here fare.")
    var status = false

    @Option(help: "With --status: text or json.")
    var output: ReportFormat = .text

    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let health, HealthAddress(health) == nil {
            throw ValidationError("--health takes an address and a port, as in 127.0.0.1:9911.")
        }
    }

    func perform() async throws {
        if status { return try KeepReport(output, trusting: places.files.trust).run() }
        // Before there is somebody to hear it, SIGHUP must not end the process.
        Signals.leave()
        signal(SIGHUP, SIG_IGN)
        let maker = KeepPlan(places: places, options: options, common: common)
        let plan = try maker.read()
        let common = common
        for warning in plan.warnings { common.note("warning: \(warning)") }
        let failures = once ? Lines() : nil
        let keeper = PasswordKeeper(plan.assignments, policy: plan.policy) { event in
            switch event.kind {
            case .notRenewed, .notStored, .notTold:
                let line = "passgres: \(FailureTable.coded("\(event)").onOneLine)\n"
                if let failures { failures.add(line) } else { Terminal.standardError.write(line) }
            default: common.note("\(event)")
            }
        }
        if let failures {
            try await storeOnce(keeper, failures)
        } else {
            try await keep(keeper, plan, maker)
        }
    }

    private func storeOnce(_ keeper: PasswordKeeper, _ failures: Lines) async throws {
        do {
            _ = try await within(seconds: common.timeout ?? 30) { try await keeper.store() }
        } catch {
            // The first ends the command and is told in full then.
            let lines = failures.all
            if lines.count > 1 { for line in lines { Terminal.standardError.write(line) } }
            throw CommandFailure(error)
        }
    }

    /// What is to be said later.
    private final class Lines: Sendable {
        private let state = Guarded<[String]>([])
        var all: [String] { state.withLock { $0 } }
        func add(_ line: String) { state.withLock { $0.append(line) } }
    }

    private func keep(_ keeper: PasswordKeeper, _ plan: KeepPlan.Reading, _ maker: KeepPlan) async throws {
        let environment = ProcessEnvironment.current
        // The option goes before the configuration, whatever that says later.
        let said = health.flatMap(HealthAddress.init)
        var addresses = [said ?? plan.health].compactMap(\.self)
        let socket = try StatusSocket(
            in: environment, trusting: FileTrust(sharedDirectories: plan.sharedDirectories))
        defer { socket.remove() }
        addresses.append(.socket(path: socket.path))
        let common = common
        let service = PasswordKeeperService(
            keeper, answeringHealthChecksAt: addresses, telling: ServiceManager(in: environment),
            reloadingBy: {
                let reading = try await onOwnThread { try maker.read() }
                keeper.replacePolicy(reading.policy)
                if (said ?? reading.health) != (said ?? plan.health) {
                    common.note("another address for health checks counts from the next start on")
                }
                return reading.assignments
            }, noting: { common.note($0) })
        var logger = Logger(label: "passgres") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let configuration = ServiceGroupConfiguration(
            services: [
                .init(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigterm], logger: logger)
        do {
            try await InterruptibleGroup(ServiceGroup(configuration: configuration)).run()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(error)
        }
    }
}
