import TokenCredentials

/// Tells a person at a terminal what is being waited for, once a wait has lasted a moment.
final class WaitNotice: Sendable {
    private let isWanted: Bool
    private let isStyled = Terminal.standardError.isStyled

    /// Stays silent where nobody looks, or where silence was asked for.
    init(quiet: Bool) {
        isWanted = !quiet && Terminal.standardError.isInteractive
    }

    /// Runs work; while it runs, and after 400 milliseconds, the activity stands on the terminal's last line.
    ///
    /// On a terminal without styles it is a line of its own, which stays.
    func during<Value: Sendable, Failure: Error>(
        _ activity: String, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard isWanted else { return try await work() }
        let notice = Task.detached { [isStyled] in
            try await Task.sleep(for: .milliseconds(400))
            Terminal.standardError.write(
                isStyled ? "\r\u{1b}[Kpassgres: \(activity) …" : "passgres: \(activity) …\n")
            return true
        }
        let result: Result<Value, Failure>
        do throws(Failure) {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        notice.cancel()
        if (try? await notice.value) == true, isStyled { Terminal.standardError.write("\r\u{1b}[K") }
        return try result.get()
    }
}

/// Another credential; while it is asked, the terminal says so.
struct AnnouncedCredential: CredentialWrapper {
    let base: any TokenCredential
    let notice: WaitNotice

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        try await notice.during("waiting for \(base.name)") { () async throws(CredentialError) -> AccessToken in
            try await base.token(for: request)
        }
    }
}
