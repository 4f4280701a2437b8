import TokenCredentials

/// Runs work that has to be done within some seconds; afterwards it is cancelled and the command ends with status 75.
func within<Value: Sendable>(
    seconds: Double, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw CommandFailure(.temporary, "nothing was done within \(seconds) seconds (--timeout)")
        }
        return value
    }
}
