/// What is waited for within some time, and what went wrong meanwhile: what there is to say when the time is up.
///
/// Whoever asks others takes no longer than ``remaining``, so that it ends with an error of its own before the time is
/// up. A record within another one tells that one everything.
package final class WaitRecord: Sendable {
    /// The record of this task; `nil` where no time is set.
    @TaskLocal package static var current: WaitRecord?

    /// What was recorded.
    package struct Contents: Sendable, CustomStringConvertible {
        /// What is waited for at this moment: a credential, then the endpoint, host or program that it asks.
        package fileprivate(set) var names: [String] = []
        /// The last thing that went wrong, in one sentence.
        package fileprivate(set) var lastError: String?
        /// The answers of credentials so far.
        package fileprivate(set) var attempts: [CredentialAttempt] = []
        /// The credential that is being asked, and since when.
        package fileprivate(set) var asked: (name: String, start: ContinuousClock.Instant)?
        /// Whether something was not tried again because there was no time for that.
        fileprivate var hasGivenUp = false

        /// The end of a sentence: `", waiting for azure-cli, /usr/bin/az; the last error: …"`. Empty if there is nothing.
        package var description: String {
            let all = (asked.map { names.contains($0.name) ? [] : [$0.name] } ?? []) + names
            return (all.isEmpty ? "" : ", waiting for \(all.joined(separator: ", "))")
                + (lastError.map { "; the last error: \($0)" } ?? "")
        }
    }

    private let contents = Guarded(Contents())
    private let end: ContinuousClock.Instant
    private let outer: WaitRecord?

    /// Begins a record of work that is to end within the time given.
    package init(within limit: Duration) {
        outer = Self.current
        let ownEnd = ContinuousClock.now + limit - Self.reserve(of: limit)
        end = min(ownEnd, outer?.end ?? ownEnd)
    }

    /// What was recorded up to now.
    package var soFar: Contents { contents.withLock { $0 } }

    /// Whether work that fails now does so for want of time.
    package var isOver: Bool { ContinuousClock.now >= end || soFar.hasGivenUp }

    /// How long something may take that would take this long if there were no end; less where the time is short.
    package static func remaining(of limit: Duration) -> Duration {
        guard let current else { return limit }
        return max(min(current.end - .now, limit), .milliseconds(1))
    }

    /// Whether there is time for a pause and something after it.
    package static func hasTime(for pause: Duration) -> Bool {
        guard let current, current.end - .now <= pause else { return true }
        current.change { $0.hasGivenUp = true }
        return false
    }

    /// Does work for which something outside is waited for, and remembers how it failed.
    package static func waiting<Value: Sendable, Failure: Error>(
        for name: @autoclosure () -> String, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard let current else { return try await work() }
        let name = name()
        current.change { $0.names.append(name) }
        defer {
            current.change { contents in
                if let index = contents.names.lastIndex(of: name) { contents.names.remove(at: index) }
            }
        }
        return try await work()
    }

    /// Remembers what went wrong last: one sentence that holds no secret.
    package static func note(error: @autoclosure () -> String) {
        guard let current else { return }
        let error = error()
        current.change { $0.lastError = error }
    }

    /// A credential is asked from now on.
    static func begin(asking name: String) {
        current?.change { $0.asked = (name, .now) }
    }

    /// A credential answered.
    static func end(with attempt: CredentialAttempt) {
        current?.change { contents in
            contents.asked = nil
            contents.attempts.append(attempt)
        }
    }

    private func change(_ body: @Sendable (inout Contents) -> Void) {
        contents.withLock { body(&$0) }
        outer?.change(body)
    }

    /// What is kept back for ending what was started: a tenth, at most a second.
    private static func reserve(of limit: Duration) -> Duration {
        min(.seconds(1), max(limit / 10, min(limit / 4, .milliseconds(250))))
    }
}
