/// What the tool ends with: the contract that scripts rely on. The numbers are those of `sysexits.h`.
package enum ExitStatus: Int32, Sendable {
    case done = 0
    /// A check found a fault.
    case faultFound = 1
    /// The command line is wrong.
    case usage = 64
    /// No credential applies here.
    case unavailable = 69
    /// A defect of ours.
    case defect = 70
    /// Reading or writing a file failed.
    case inputOutput = 74
    /// Try again later.
    case temporary = 75
    /// A credential applies and was refused.
    case refused = 77
    /// Configuration is wrong.
    case configuration = 78
    /// The command of `exec` is there and cannot be run.
    case notExecutable = 126
    /// The command of `exec` is not there.
    case notFound = 127
    /// Interrupted.
    case interrupted = 130
}
