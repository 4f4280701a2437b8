import CredentialHTTP
import FoundationEssentials

/// When a request to an identity endpoint is repeated.
enum RetryTable: Sendable {
    /// IMDS, as its documentation asks: at 0, 2, 6, 14 and 30 seconds, and on 410 for 70 seconds at least.
    case imds
    /// IMDS, for a program that may start before its identity is assigned: also while IMDS knows no such identity, at
    /// 0, 2, 6 and 14 seconds.
    case imdsAwaitingIdentity
    /// Any other host: three more tries, after 1, 2 and 4 seconds.
    case general

    /// What a host asks for beyond this is not waited for but reported.
    static let longestWait = Duration.seconds(60)
    /// How long an update of IMDS takes at most.
    static let longestUpdate = Duration.seconds(70)

    /// How long to wait before the next try; `nil` if this one was the last.
    ///
    /// `gone` is the time since the first 410, if there was one.
    func pause(
        after outcome: Result<HTTPResponse, HTTPTransportError>, tries: Int, gone: Duration?, now: Date
    ) -> Duration? {
        let regular = pauses.dropFirst(tries - 1).first
        switch outcome {
        case .failure(let reason):
            return reason.isTemporary ? regular : nil
        case .success(let response):
            let isAwaited = awaitsIdentity(response, tries: tries, now: now)
            guard isPassing(response.status) || isAwaited else { return nil }
            var pause = regular
            // A clock that was set back tells nothing of how long it has been.
            if pause == nil, response.status == 410, let gone, gone >= .zero, gone < Self.longestUpdate {
                pause = pauses.last
            }
            guard let pause else { return nil }
            guard let wanted = response.retryAfter(now: now) else { return pause }
            return wanted <= Self.longestWait ? max(pause, wanted) : nil
        }
    }

    private var pauses: [Duration] {
        switch self {
        case .imds, .imdsAwaitingIdentity: [.seconds(2), .seconds(4), .seconds(8), .seconds(16)]
        case .general: [.seconds(1), .seconds(2), .seconds(4)]
        }
    }

    /// Whether IMDS says that there is no such identity, and it may only not be there yet.
    private func awaitsIdentity(_ response: HTTPResponse, tries: Int, now: Date) -> Bool {
        self == .imdsAwaitingIdentity && tries <= 3 && response.status == 400
            && IdentityRefusal(response, now: now).meansNoSuchIdentity
    }

    /// Whether a status may be another one a little later.
    ///
    /// On hosts other than IMDS a 404 is a lasting no.
    private func isPassing(_ status: Int) -> Bool {
        switch status {
        case 429, 500...599: true
        case 404, 410: self != .general
        case 408: self == .general
        default: false
        }
    }
}
