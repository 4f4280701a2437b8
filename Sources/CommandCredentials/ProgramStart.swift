import Synchronization

/// The time from when a program is about to be started until its group is known, or it could not be started.
final class ProgramStart: Sendable {
    private let isUnderWay = Atomic(true)

    init() {
        RunningGroups.willStart()
    }

    /// Ends it; once is enough.
    func isOver() {
        if isUnderWay.exchange(false, ordering: .sequentiallyConsistent) { RunningGroups.hasStarted() }
    }
}
