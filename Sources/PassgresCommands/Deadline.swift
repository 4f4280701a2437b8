import PostgresCredentials
import TokenCredentials

/// The time of a command is up: what it was waiting for, what went wrong last, and the answers there are.
struct DeadlinePassed: Error, CustomStringConvertible {
    /// The whole time, in seconds.
    let seconds: Double
    /// What set it.
    let limit: String
    /// What was recorded until then.
    let record: WaitRecord.Contents

    /// One sentence.
    var description: String {
        "nothing was done within \(Self.shown(seconds)) (\(limit))\(record)".onOneLine
    }

    /// The answers there are, and the one that did not come.
    var attempts: [CredentialAttempt] {
        guard let asked = record.asked else { return record.attempts }
        let silence = CredentialError.failed(
            Diagnosis(
                "\(self)", remedy: "Give it longer with --timeout, or leave it out with --credentials.",
                kind: .temporary))
        return record.attempts + [
            CredentialAttempt(
                name: asked.name, duration: ContinuousClock.now - asked.start, outcome: .failure(silence))
        ]
    }

    /// A number of seconds, without a fraction that says nothing.
    static func shown(_ seconds: Double) -> String {
        let number = Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)"
        return seconds == 1 ? "a second" : "\(number) seconds"
    }
}

/// Runs work that has to be done within some seconds; afterwards it is cancelled and the command ends with status 75.
///
/// What asks others ends a little earlier, with an error of its own (see ``WaitRecord``). Work that does not even heed
/// its being cancelled is left to itself. Throws ``DeadlinePassed`` then, else what the work throws.
///
/// - Parameter limit: What set the time, for the sentence.
func within<Value: Sendable>(
    seconds: Double, setBy limit: String = "--timeout", _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let record = WaitRecord(within: .seconds(seconds))
    let passed = PassedEnd()
    let answer = FirstAnswer<Result<Value, any Error>>()
    let task = Task {
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await WaitRecord.$current.withValue(record) { try await work() })
        } catch {
            outcome = .failure(passed.end.withLock { $0 } ?? record.naming(limit, seconds, in: error))
        }
        answer.give(outcome)
    }
    let timer = Task {
        try await Task.sleep(for: .seconds(seconds))
        let end = DeadlinePassed(seconds: seconds, limit: limit, record: record.soFar)
        passed.end.withLock { $0 = end }
        task.cancel()
        // Programs are ended meanwhile, and files put in order.
        try await Task.sleep(for: .seconds(2))
        answer.give(.failure(end))
    }
    return try await withTaskCancellationHandler {
        let outcome = await answer.value()
        timer.cancel()
        return try outcome.get()
    } onCancel: {
        task.cancel()
    }
}

/// The end of the time, once it has come.
private final class PassedEnd: Sendable {
    let end = Guarded<DeadlinePassed?>(nil)
}

extension WaitRecord {
    /// The same error; one of a credential that failed for want of time says so.
    fileprivate func naming(_ limit: String, _ seconds: Double, in error: any Error) -> any Error {
        guard isOver, case .failed(var diagnosis)? = error as? CredentialError, diagnosis.kind == .temporary else {
            return error
        }
        diagnosis.facts.append(Diagnosis.Fact(limit, DeadlinePassed.shown(seconds)))
        return CredentialError.failed(diagnosis)
    }
}
