import FoundationEssentials
public import TokenCredentials

/// The token that a program prints: a credential in any language.
///
/// The program gets the request as one JSON document on its standard input and answers with one on its standard output.
/// The answers that Kubernetes (`ExecCredential`) and AWS tools (`credential_process`) expect are understood too. Its
/// standard error goes to that of this process. Unavailable if no program is configured, or if it says by exit
/// status 69 that it does not apply here; whatever else goes wrong is a failure. No token is kept.
public struct CommandCredential: ConfiguredCredential {
    private enum Program: Sendable {
        case variable
        case named(String)
    }

    /// The variable that names the program of the credential `command`.
    static let variable = "PASSGRES_CREDENTIAL_COMMAND"
    /// What the name of a credential's own program begins with.
    static let prefix = "passgres-credential-"

    /// `"command"`, or the name given.
    public let name: String
    private let program: Program
    private let environment: ProcessEnvironment
    private let commands: any CommandRunner
    private let clock: any WallClock
    private let timeLimit: Duration

    /// Runs the program that `PASSGRES_CREDENTIAL_COMMAND` names, by an absolute path or by a name on the `PATH`.
    ///
    /// - Parameter timeLimit: How long the program may take.
    public init(
        environment: ProcessEnvironment = .current, commands: any CommandRunner = SubprocessRunner(),
        clock: any WallClock = SystemClock(), timeLimit: Duration = .seconds(30)
    ) {
        name = "command"
        program = .variable
        self.environment = environment
        self.commands = commands
        self.clock = clock
        self.timeLimit = timeLimit
    }

    /// Runs the program `passgres-credential-NAME` on the `PATH`.
    ///
    /// - Parameter timeLimit: How long the program may take.
    public init(
        named name: String, environment: ProcessEnvironment = .current,
        commands: any CommandRunner = SubprocessRunner(),
        clock: any WallClock = SystemClock(), timeLimit: Duration = .seconds(30)
    ) {
        self.name = name
        program = .named(name)
        self.environment = environment
        self.commands = commands
        self.clock = clock
        self.timeLimit = timeLimit
    }

    /// Whether a program is configured and may be run.
    public var configuration: CredentialConfiguration {
        guard let asked = environment[Self.variable], case .variable = program else {
            guard case .named(let name) = program else { return .notConfigured("\(Self.variable) is not set") }
            return commands.location(of: Self.prefix + name, in: environment).path.map { .configured(by: $0) }
                ?? .notConfigured("there is no program \(Self.prefix)\(name) on the PATH")
        }
        return commands.location(of: asked, in: environment).path == nil
            ? .notConfigured("\(Self.variable) names a program that cannot be run") : .configured(by: Self.variable)
    }

    /// Runs the program and returns the token it prints.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let path = try path()
        // The password of the database is nobody's business but the client's.
        var variables = environment.dictionary.filter { $0.key != "PGPASSWORD" }
        // Programs made for Kubernetes look here, and not at their input, for what is asked of them.
        variables["KUBERNETES_EXEC_INFO"] = variables["KUBERNETES_EXEC_INFO"] ?? KubernetesAnswer.request
        let output: CommandOutput
        do {
            output = try await commands.run(
                Command(
                    path, variables: variables, input: CredentialProgram.question(request), timeLimit: timeLimit,
                    errorOutput: .shown))
        } catch .cancelled {
            throw .cancelled
        } catch {
            let isTransient =
                switch error {
                case .timedOut, .interrupted, .exhausted: true
                default: false
                }
            throw .failed(
                Diagnosis(
                    "the credential program \(path) \(error)", remedy: "Run it by itself to see what is wrong with it.",
                    kind: isTransient ? .temporary : .misconfigured, retryAfter: isTransient ? .seconds(5) : nil,
                    cause: error))
        }
        return try CredentialProgram(path: path, now: clock.now).token(in: output)
    }

    private func path() throws(CredentialError) -> String {
        let asked: String
        switch program {
        case .variable:
            guard let value = environment[Self.variable] else {
                throw .unavailable(
                    Diagnosis("\(Self.variable) is not set", remedy: "Set it to the path of a credential program."))
            }
            guard value.hasPrefix("/") || !value.contains("/") else {
                throw misconfigured(
                    "\(Self.variable) holds \(quoted(value)), a relative path", "Set it to an absolute path.")
            }
            asked = value
        case .named(let name):
            guard Self.isName(name) else {
                throw misconfigured(
                    "\(quoted(name)) cannot be the name of a credential program",
                    "Use lower-case letters, digits and hyphens only.")
            }
            asked = Self.prefix + name
        }
        switch commands.location(of: asked, in: environment) {
        case .found(let path): return path
        case .notFound(let passedOver):
            throw .failed(
                Diagnosis(
                    "the credential program \(quoted(asked)) was not found",
                    remedy: "Install it where PATH leads, or correct its name.",
                    kind: .misconfigured, facts: passedOver.map { Diagnosis.Fact("passed over", $0) }))
        }
    }

    private func misconfigured(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }

    /// Whether a text can be the name of a credential program: lower-case letters, digits and hyphens.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
