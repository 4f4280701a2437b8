import Glibc

/// Runs work that may block on a thread of its own, so that it does not hold up tasks that only compute.
///
/// Work that waits for somebody else ends when ``OwnThread/isCancelled`` says so.
package func onOwnThread<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let cancellation = OwnThread.Cancellation()
    @Sendable func result() -> Result<Value, Failure> {
        OwnThread.$cancellation.withValue(cancellation) {
            do throws(Failure) {
                return .success(try work())
            } catch {
                return .failure(error)
            }
        }
    }
    return try await withTaskCancellationHandler {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, Failure>, Never>) in
            // No thread to be had: the work is done here, late rather than never.
            if !startThread({ continuation.resume(returning: result()) }) { continuation.resume(returning: result()) }
        }
    } onCancel: {
        cancellation.cancel()
    }.get()
}

/// A thread that one task waits for.
package enum OwnThread {
    @TaskLocal fileprivate static var cancellation: Cancellation?

    /// Whether nobody waits for the result any more.
    package static var isCancelled: Bool { cancellation?.isCancelled ?? Task.isCancelled }

    fileprivate final class Cancellation: Sendable {
        private let state = Guarded(false)
        var isCancelled: Bool { state.withLock { $0 } }
        func cancel() { state.withLock { $0 = true } }
    }
}

/// Does work on a thread of its own, which nobody waits for; returns whether there was one to be had.
package func startThread(_ work: @escaping @Sendable () -> Void) -> Bool {
    let argument = Unmanaged.passRetained(Job(work)).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, argument)
    guard code == 0 else {
        Unmanaged<Job>.fromOpaque(argument).release()
        return false
    }
    pthread_detach(thread)
    return true
}

private final class Job: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
