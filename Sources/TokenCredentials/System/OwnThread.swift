import Glibc

/// Runs work that may block on a thread of its own, so that it does not hold up tasks that only compute.
package func onOwnThread<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        let job = Job {
            do throws(Failure) {
                continuation.resume(returning: .success(try work()))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(job).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, argument)
        if code == 0 {
            pthread_detach(thread)
        } else {
            // No thread to be had: the work is done here, late rather than never.
            Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run()
        }
    }
    return try result.get()
}

private final class Job: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
