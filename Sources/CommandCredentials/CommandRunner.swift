public import TokenCredentials

/// Finds programs and runs them.
///
/// A seam: tests put a script in place of the machine's programs.
public protocol CommandRunner: Sendable {
    /// Looks for a program of that name on the `PATH` of an environment, or at the name itself if that is an absolute path.
    func location(of name: String, in environment: ProcessEnvironment) -> ProgramLocation

    /// Runs a program to its end and returns how it ended and what it wrote.
    ///
    /// An exit status other than 0 is an output, and no error. Nothing the program started in its process group is left
    /// when this returns or throws ``CommandError``.
    func run(_ command: Command) async throws(CommandError) -> CommandOutput
}
