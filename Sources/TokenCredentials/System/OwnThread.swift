import Glibc

/// Runs work that may block on a thread of its own, so that it does not hold up tasks that only compute.
package func onOwnThread<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        @Sendable func finish() {
            do throws(Failure) {
                continuation.resume(returning: .success(try work()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        // No thread to be had: the work is done here, late rather than never.
        if !startThread(finish) { finish() }
    }
    return try result.get()
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
