#if SANITIZE_THREAD
    import Glibc

    /// A value that one thread at a time may touch.
    ///
    /// The thread sanitizer knows `pthread_mutex_t` and does not know the standard library's mutex, which it reports as
    /// a race; this twin takes its place in a build made with `-DSANITIZE_THREAD`.
    package final class Guarded<Value>: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private var value: Value

        package init(_ value: sending Value) {
            self.value = value
            pthread_mutex_init(mutex, nil)
        }

        deinit {
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
        }

        package func withLock<Result>(_ body: (inout sending Value) -> sending Result) -> sending Result {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return body(&value)
        }
    }
#else
    import Synchronization

    /// A value that one thread at a time may touch. Nothing that can wait is done while it is held.
    package struct Guarded<Value>: ~Copyable, Sendable {
        private let mutex: Mutex<Value>

        package init(_ value: sending Value) {
            mutex = Mutex(value)
        }

        package borrowing func withLock<Result>(
            _ body: (inout sending Value) -> sending Result
        ) -> sending Result {
            mutex.withLock { (value: inout sending Value) -> sending Result in body(&value) }
        }
    }
#endif
