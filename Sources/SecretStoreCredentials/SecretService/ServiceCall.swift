#if SecretStore
    import TokenCredentials

    /// One conversation with the secret service, on a thread of its own, with an end that is certain.
    ///
    /// Whoever comes first decides the outcome: the thread, the time limit or the task's cancellation. The thread is
    /// told to give up by then, and is not waited for: a service that is stuck must hold up nobody.
    final class ServiceCall<Value: Sendable>: Sendable {
        typealias Outcome = Result<Value, SecretStoreError>

        private enum State {
            case running
            case awaited(CheckedContinuation<Outcome, Never>)
            case ended(Outcome)
            case delivered
        }

        private let state = Guarded(State.running)
        private let cancellable = Cancellable()

        /// Runs work that may take as long as the limit says.
        static func run(
            within limit: Duration, _ work: @escaping @Sendable (Cancellable) throws(SecretStoreError) -> Value
        ) async throws(SecretStoreError) -> Value {
            let call = ServiceCall()
            let outcome = await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await Task.sleep(for: limit)
                        call.end(.failure(.failed("it did not answer within \(limit)")))
                    } catch {
                        // The call has ended, or the task was cancelled, which is seen below.
                    }
                }
                let outcome = await withTaskCancellationHandler {
                    await call.outcome(of: work)
                } onCancel: {
                    call.end(.failure(.cancelled))
                }
                group.cancelAll()
                return outcome
            }
            return try outcome.get()
        }

        private func outcome(
            of work: @escaping @Sendable (Cancellable) throws(SecretStoreError) -> Value
        ) async -> Outcome {
            // Not a child task: those would be waited for.
            Task {
                let outcome = await onOwnThread { [cancellable] () -> Outcome in
                    do throws(SecretStoreError) {
                        return .success(try work(cancellable))
                    } catch {
                        return .failure(error)
                    }
                }
                end(outcome)
            }
            return await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Outcome? in
                    guard case .ended(let outcome) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    state = .delivered
                    return outcome
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        }

        private func end(_ outcome: Outcome) {
            let continuation = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
                switch state {
                case .running:
                    state = .ended(outcome)
                    return nil
                case .awaited(let continuation):
                    state = .delivered
                    return continuation
                case .ended, .delivered:
                    return nil
                }
            }
            cancellable.cancel()
            continuation?.resume(returning: outcome)
        }
    }
#endif
