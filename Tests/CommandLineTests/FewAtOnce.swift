/// Lets a few runs of the tool go on at once and the others wait: all together would only take each other's time.
actor FewAtOnce {
    static let runs = FewAtOnce(8)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    /// Does work that ends by itself, when its turn has come.
    nonisolated func callAsFunction<Result: Sendable>(_ work: () async throws -> Result) async rethrows -> Result {
        await take()
        do {
            let result = try await work()
            await give()
            return result
        } catch {
            await give()
            throw error
        }
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
