/// A wait that ends from within: what was waited for calls back before the work is over.
actor FirstWait {
    private let notice: WaitNotice
    private var task: Task<Void, Never>?
    private var ending: AsyncStream<Void>.Continuation?

    init(_ notice: WaitNotice) { self.notice = notice }

    /// The activity is shown from now on, after a moment.
    func begin(_ activity: String) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        ending = continuation
        task = Task { [notice] in
            await notice.during(activity) { for await _ in stream {} }
        }
    }

    /// It is taken back, if it was shown.
    func end() async {
        ending?.finish()
        await task?.value
        task = nil
    }
}
