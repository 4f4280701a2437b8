import ArgumentParser
import KnownFailures
import PasswordKeeping
import PostgresCredentials
package import TokenCredentials

/// An end other than success, in words and as a status.
package struct CommandFailure: Error, CustomStringConvertible {
    package let status: ExitStatus
    /// What a person reads. Holds no secret.
    package let text: String

    package init(_ status: ExitStatus, _ text: String) {
        self.status = status
        self.text = Self.beginning + Self.withoutPasswords(text)
    }

    private static let beginning = "passgres: "

    /// A text that may repeat an argument, which may be a connection in the wrong place.
    private static func withoutPasswords(_ text: String) -> String {
        guard text.contains("=") else { return text }
        let assignment = /(password|client_secret|_key)\s*=\s*('[^']*'|[^\s"]+)/
        return text.replacing(assignment) { "\($0.1)=<masked>" }
    }

    /// The same, and what it is about; of another status where one is named.
    func about(_ subject: String, status: ExitStatus?) -> CommandFailure {
        CommandFailure(status ?? self.status, "\(subject): \(self)")
    }

    /// The words without the tool's name, for a line of its log.
    package var description: String { String(text.dropFirst(Self.beginning.count)) }

    /// Gives any error of the libraries its status and its words.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ValidationError: self.init(.usage, error.message)
        case let error as CredentialError: self.init(error)
        case let error as DeadlinePassed:
            let lines = error.record.attempts.isEmpty ? [] : AttemptTable(error.attempts).lines.map { "  " + $0 }
            self.init(.temporary, ([FailureTable.coded("\(error)")] + lines).joined(separator: "\n"))
        case let error as SocketPeerError: self.init(.configuration, sentence: "\(error). \(error.remedy)")
        case is ConnectionInfoError, is ServiceSectionError, is RoleNameError: self.init(.usage, sentence: "\(error)")
        case is ServiceFileError, is KeeperConfigurationError: self.init(.configuration, sentence: "\(error)")
        case is PasswordFileError: self.init(.usage, sentence: "a password file cannot hold this login: \(error)")
        case is DestinationError: self.init(.inputOutput, sentence: "\(error)")
        case let error as FileError:
            self.init(.inputOutput, sentence: "\(error)" + (error.remedy.map { ". " + $0 } ?? ""))
        case is CancellationError: self.init(.interrupted, "interrupted")
        default: self.init(.defect, sentence: "\(error)")
        }
    }

    /// An error's sentence; the names of files in it may hold anything.
    init(_ status: ExitStatus, sentence: String) { self.init(status, sentence.onOneLine) }

    /// A headline, then one line for each credential that was asked.
    package init(_ error: CredentialError) {
        let status: ExitStatus
        switch error {
        case .unavailable(let diagnosis): status = diagnosis.kind == .misconfigured ? .configuration : .unavailable
        case .failed(let diagnosis): status = Self.status(of: diagnosis)
        case .cancelled: status = .interrupted
        }
        guard let diagnosis = error.diagnosis else {
            self.init(status, "interrupted")
            return
        }
        var headline = diagnosis
        headline.attempts = []
        // A single answer is the headline already.
        let told = status == .unavailable || diagnosis.attempts.count > 1 ? diagnosis.attempts : []
        let lines = AttemptTable(told).lines.map { "  " + $0 }
        self.init(status, ([FailureTable.coded(headline.description)] + lines).joined(separator: "\n"))
    }

    private static func status(of diagnosis: Diagnosis) -> ExitStatus {
        // What cannot be read and what cannot be used are told apart only by when it is found.
        if diagnosis.cause is ConnectionInfoError { return .usage }
        return switch diagnosis.kind {
        case .misconfigured: .configuration
        case .temporary: .temporary
        case .refused, .signInNeeded: .refused
        case nil: diagnosis.retryAfter == nil ? .refused : .temporary
        }
    }
}
