public import Logging
public import TokenCredentials

/// Another credential whose answers are logged: tokens and absences at `debug`, failures at `warning` or as said.
///
/// Wrap each member of a chain to see each attempt, the chain to see each fetch, the cache to see each request.
public struct LoggedCredential: CredentialWrapper {
    /// The credential that answers.
    public let base: any TokenCredential
    private let logger: Logger
    private let failureLevel: Logger.Level

    /// Wraps a credential.
    ///
    /// - Parameter failureLevel: How loud a failure is; less for a program that shows its user the error anyhow.
    public init(_ base: any TokenCredential, logger: Logger, failuresAt failureLevel: Logger.Level = .warning) {
        self.base = base
        self.logger = logger
        self.failureLevel = failureLevel
    }

    /// Returns the other credential's answer. The log never holds a token.
    public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        let start = ContinuousClock.now
        var facts: Logger.Metadata = [
            "credential": "\(base.name)", "scopes": "\(request.scopes.joined(separator: " "))",
        ]
        do {
            let token = try await base.token(for: request)
            facts["milliseconds"] = "\((ContinuousClock.now - start).milliseconds)"
            facts["expires"] = "\(token.expiresAt)"
            logger.debug("token obtained", metadata: facts)
            return token
        } catch {
            facts["milliseconds"] = "\((ContinuousClock.now - start).milliseconds)"
            switch error {
            case .unavailable(let diagnosis):
                logger.debug("credential does not apply: \(diagnosis.problem)", metadata: facts)
            case .failed(let diagnosis):
                if let remedy = diagnosis.remedy { facts["remedy"] = "\(remedy)" }
                logger.log(level: failureLevel, "credential failed: \(diagnosis.problem)", metadata: facts)
            case .cancelled:
                logger.trace("request cancelled", metadata: facts)
            }
            throw error
        }
    }
}

extension TokenCredential {
    /// The same credential, with every answer logged.
    public func logged(to logger: Logger, failuresAt level: Logger.Level = .warning) -> LoggedCredential {
        LoggedCredential(self, logger: logger, failuresAt: level)
    }
}
