import EntraSignIn
import TokenCredentials

/// Sends a browser to the sign-in page and waits for it to come back.
struct BrowserVisit: Sendable {
    let clock: any WallClock
    let timeLimit: Duration
    /// How long one connection may take to send its request.
    var readLimit = Duration.seconds(1)
    let opener: InteractiveBrowserCredential.Opener
    let prompt: InteractiveBrowserCredential.Prompt?

    /// Opens the address, and waits until the listener has the reply, the time is over, or the task is cancelled.
    func reply(
        to address: String, state: String, at listener: LoopbackListener
    ) async throws(CredentialError) -> AuthorizationReply {
        let ending = await withTaskGroup(of: LoopbackListener.Ending?.self) { group in
            group.addTask {
                await withTaskCancellationHandler {
                    await onOwnThread { listener.serve(state: state) }
                } onCancel: {
                    listener.stop(.cancelled)
                }
            }
            group.addTask {
                // Cancelled means that the wait is over; there is nothing to stop.
                if (try? await clock.sleep(for: timeLimit)) != nil { listener.stop(.timeLimit) }
                return nil
            }
            group.addTask {
                if await opener(address) { return nil }
                guard let prompt else {
                    listener.stop(.noBrowser)
                    return nil
                }
                if !Task.isCancelled { await prompt(address) }
                return nil
            }
            var ending: LoopbackListener.Ending?
            while ending == nil, let next = await group.next() { ending = next }
            group.cancelAll()
            return ending ?? .stopped(.cancelled)
        }
        switch ending {
        case .reply(let reply): return reply
        case .broken(let code): throw LoopbackListener.failure(code)
        case .stopped(.cancelled): throw .cancelled
        case .stopped(.noBrowser):
            throw .unavailable(
                Diagnosis(
                    "nobody has signed in, and there is no browser to open here",
                    remedy: "Sign in with a code instead: passgres login --device-code.", kind: .signInNeeded))
        case .stopped(.timeLimit):
            throw .failed(
                Diagnosis(
                    "the sign-in in the browser was not finished within \(timeLimit.components.seconds) s",
                    remedy: .signInAgain, kind: .signInNeeded))
        }
    }
}
