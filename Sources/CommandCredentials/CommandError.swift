import Glibc
import TokenCredentials

/// Why a program could not be run to its end.
///
/// Holds nothing the program wrote.
@nonexhaustive
public enum CommandError: Error, Hashable, Sendable {
    /// It could not be started, for the reason given.
    case notStarted(String)
    /// It could not be started now: the system had no file, process or memory to spare, in the words given.
    case exhausted(String)
    /// It ran longer than it may, and was ended with everything it had started.
    case timedOut(after: Duration)
    /// It wrote more bytes than it may to one of its outputs, and was ended.
    case outputTooLong(limit: Int)
    /// The task was cancelled, and the program ended.
    case cancelled
    /// The system failed while it ran, in the words given.
    case interrupted(String)
}

extension CommandError: CustomStringConvertible {
    /// What happened, as the rest of a sentence that begins with the program's name.
    public var description: String {
        switch self {
        case .notStarted(let reason): "could not be started: \(reason)"
        case .exhausted(let reason): "could not be started now: \(reason)"
        case .timedOut(let limit): "did not finish within \(limit.inWords) and was ended"
        case .outputTooLong(let limit): "wrote more than \(limit) bytes and was ended"
        case .cancelled: "was cancelled"
        case .interrupted(let reason): "could not be followed to its end: \(reason)"
        }
    }
}

extension CommandError {
    /// That the system refused something by which a program is started.
    init(refusedBy code: Int32) {
        let reason = SystemError.text(of: code)
        switch code {
        case EMFILE, ENFILE, EAGAIN, ENOMEM: self = .exhausted(reason)
        default: self = .notStarted(reason)
        }
    }
}

extension Duration {
    /// Seconds or milliseconds, as in `"20 seconds"`.
    fileprivate var inWords: String {
        let (seconds, rest) = components
        if rest == 0 { return seconds == 1 ? "1 second" : "\(seconds) seconds" }
        return "\(seconds * 1000 + rest / 1_000_000_000_000_000) milliseconds"
    }
}
