import Glibc

/// What the system lets this process have, looked at before something is begun that cannot do without.
package enum ProcessLimits {
    /// Why there are not as many open files or threads to be had, as a sentence; `nil` if there are.
    ///
    /// They are taken for a moment: no number tells what a user's other processes, or a container's, have taken.
    package static func shortage(files: Int, threads: Int) -> String? {
        if let code = codeOfRefusal(files: files) {
            return "this process may open too few files (\(SystemError.text(of: code))): \(files) more are needed;"
                + " raise ulimit -n"
        }
        if let code = codeOfRefusal(threads: threads) {
            return "this process may start too few threads (\(SystemError.text(of: code))): \(threads) more are needed;"
                + " raise ulimit -u, or the limit of the container"
        }
        return nil
    }

    private static func codeOfRefusal(files count: Int) -> Int32? {
        var files: [Int32] = []
        defer { for file in files { close(file) } }
        for _ in 0..<count {
            let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard file >= 0 else { return errno }
            files.append(file)
        }
        return nil
    }

    private static func codeOfRefusal(threads count: Int) -> Int32? {
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(gate, nil)
        pthread_mutex_lock(gate)
        var threads: [pthread_t] = []
        defer {
            pthread_mutex_unlock(gate)
            for thread in threads { pthread_join(thread, nil) }
            pthread_mutex_destroy(gate)
            gate.deallocate()
        }
        for _ in 0..<count {
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { gate in
                    guard let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self) else { return nil }
                    pthread_mutex_lock(gate)
                    pthread_mutex_unlock(gate)
                    return nil
                }, gate)
            guard code == 0 else { return code }
            threads.append(thread)
        }
        return nil
    }
}
