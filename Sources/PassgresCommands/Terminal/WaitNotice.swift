import TokenCredentials

/// Tells a person at a terminal, or the log of a keeper, what is being waited for, once a wait has lasted a moment.
///
/// Remembers it for the sentence at the end of the time, too (see ``WaitRecord``).
final class WaitNotice: Sendable {
    private let isWanted: Bool
    private let isStyled: Bool
    /// Whether each activity is told once, as a log wants it; what was told already.
    private let told: Told?

    /// Stays silent where nobody looks, or where silence was asked for.
    init(quiet: Bool) {
        isWanted = !quiet && Terminal.standardError.isInteractive
        isStyled = Terminal.standardError.isStyled
        told = nil
    }

    /// Writes a line into a log the first time that something has to be waited for.
    init(loggingUnless quiet: Bool) {
        isWanted = !quiet
        isStyled = false
        told = Told()
    }

    /// Runs work; while it runs, and after 400 milliseconds, what is waited for stands on the terminal's last line.
    ///
    /// On a terminal without styles it is a line of its own, which stays.
    func during<Value: Sendable, Failure: Error>(
        waitingFor what: String, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await WaitRecord.waiting(for: what) { () async throws(Failure) -> Value in
            try await during("waiting for \(what)", work)
        }
    }

    /// The same for what is no wait for somebody.
    func during<Value: Sendable, Failure: Error>(
        _ activity: String, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard isWanted else { return try await work() }
        let notice = Task.detached { [self] in
            try await Task.sleep(for: .milliseconds(400))
            guard told?.isNew(activity) ?? true else { return false }
            Terminal.standardError.write(
                exactly: (isStyled ? "\r\u{1b}[K" : "") + "passgres: \(activity.printable) …" + (isStyled ? "" : "\n"))
            return true
        }
        let result: Result<Value, Failure>
        do throws(Failure) {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        notice.cancel()
        if (try? await notice.value) == true, isStyled { Terminal.standardError.write(exactly: "\r\u{1b}[K") }
        return try result.get()
    }
}

/// What a log has been told.
private final class Told: Sendable {
    private let activities = Guarded<Set<String>>([])

    /// Whether it was not told yet; from now on it was.
    func isNew(_ activity: String) -> Bool { activities.withLock { $0.insert(activity).inserted } }
}

/// Another credential; while it is asked, the terminal says so.
struct AnnouncedCredential: CredentialWrapper {
    let base: any TokenCredential
    let notice: WaitNotice

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await notice.during(waitingFor: base.name) { () async throws(CredentialError) -> AccessToken in
            try await base.token(for: request)
        }
    }
}
