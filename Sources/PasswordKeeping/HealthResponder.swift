import FoundationEssentials
import Glibc
package import PostgresCredentials
import TokenCredentials

/// Answers health checks over HTTP/1.1, many side by side, on one thread of its own.
///
/// Serves nothing but small documents without secrets; every client is answered once, and has two seconds for all of it.
/// Where there are more clients than places, one that says nothing is turned away first, then one that is slow to ask:
/// one that asks is answered at once, however many do not.
package final class HealthResponder: Sendable {
    package typealias Answer = @Sendable (String) -> HealthAnswer

    /// How long a client has its place for sure: longer than the way of a question that follows a connection at once.
    private static let grace = Duration.milliseconds(20)

    private let listener: Int32
    private let timeLimit: Duration
    private let places: Int
    private let isOver = Guarded(false)
    private let answer: Answer

    /// Listens from now on. Throws ``DestinationError`` where the address cannot be used.
    ///
    /// - Parameters:
    ///   - timeLimit: How long a client has to ask and to take its answer.
    ///   - places: How many clients there may be at once.
    package init(
        on address: HealthAddress, timeLimit: Duration = .seconds(2), places: Int = HealthResponder.usualPlaces,
        answering answer: @escaping Answer
    ) throws(DestinationError) {
        listener = try SocketAddress.listen(on: address)
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        self.timeLimit = timeLimit
        self.places = max(1, places)
        self.answer = answer
        guard startThread({ self.serve() }) else {
            close(listener)
            throw DestinationError("health checks need a thread, and there is none to be had")
        }
    }

    /// As many as take a sixteenth of the descriptors this process may open, four at least and 64 at most: the rest is kept back for
    /// renewing, which health checks must not keep from its work.
    package static var usualPlaces: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 16 }
        return Int(min(max(limit.rlim_cur / 16, 4), 64))
    }

    /// The port it listens on; 0 for a socket in the file system.
    package var port: UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        let isInternet = [AF_INET, AF_INET6].contains(Int32(address.sin6_family))
        return code == 0 && isInternet ? UInt16(bigEndian: address.sin6_port) : 0
    }

    /// Ends; what has been asked is answered.
    package func stop() {
        isOver.withLock { $0 = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve() {
        var clients: [HealthClient] = []
        var restsUntil = ContinuousClock.now
        while !isOver.withLock({ $0 }) {
            let isResting = restsUntil > ContinuousClock.now
            let (isAsked, ready) = wait(for: clients, listening: !isResting, until: isResting ? restsUntil : nil)
            // Before others get a place: one that has asked is not turned away for them.
            clients = proceed(clients, ready)
            if isAsked { restsUntil = takeOnes(into: &clients) }
        }
        close(listener)
        clients = dropping(from: clients) { !$0.isBeingAnswered }
        while !clients.isEmpty {
            let (_, ready) = wait(for: clients, listening: false, until: nil)
            clients = proceed(clients, ready)
        }
    }

    /// Waits until somebody can go on, or the first client's time is up; returns whether somebody wants a place, and who
    /// of the clients can go on.
    private func wait(
        for clients: [HealthClient], listening: Bool, until moment: ContinuousClock.Instant?
    ) -> (isAsked: Bool, ready: [Bool]) {
        var files = clients.map {
            pollfd(fd: $0.socket, events: Int16($0.isBeingAnswered ? POLLOUT : POLLIN), revents: 0)
        }
        files.append(pollfd(fd: listening ? listener : -1, events: Int16(POLLIN), revents: 0))
        let first = (clients.map(\.deadline) + [moment].compactMap(\.self)).min()
        let milliseconds = first.map { Int32(clamping: Int((($0 - .now) / .milliseconds(1)).rounded(.up))) }
        guard poll(&files, nfds_t(files.count), milliseconds.map { max($0, 0) } ?? -1) > 0 else {
            return (false, clients.map { _ in false })
        }
        return (files[clients.count].revents != 0, files.dropLast().map { $0.revents != 0 })
    }

    /// Goes on with those that can; those that are done, or late, are gone then.
    private func proceed(_ clients: [HealthClient], _ ready: [Bool]) -> [HealthClient] {
        let now = ContinuousClock.now
        var rest: [HealthClient] = []
        for (var client, isReady) in zip(clients, ready) {
            if isReady ? client.proceed(answering: answer) : true, client.deadline > now {
                rest.append(client)
            } else {
                close(client.socket)
            }
        }
        return rest
    }

    /// Gives those that wait a place each, and hears what they have said; returns when to do so again.
    private func takeOnes(into clients: inout [HealthClient]) -> ContinuousClock.Instant {
        // No more than there are places, so that those who have one are looked at in between.
        for _ in 0..<places {
            if clients.count >= places, let index = indexOfIdlest(of: clients) {
                let moment = clients[index].since + Self.grace
                guard moment <= .now else { return moment }
            }
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else {
                switch errno {
                case EAGAIN, EINTR, ECONNABORTED: return .now
                // No descriptor is left, say: whoever holds one for nothing gives it back.
                default:
                    turnAwayOne(of: &clients)
                    return .now + .milliseconds(100)
                }
            }
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            _ = fcntl(socket, F_SETFL, O_NONBLOCK)
            var client = HealthClient(socket, until: .now + timeLimit)
            guard client.proceed(answering: answer) else {
                close(socket)
                continue
            }
            if clients.count >= places { turnAwayOne(of: &clients) }
            clients.append(client)
        }
        return .now
    }

    private func turnAwayOne(of clients: inout [HealthClient]) {
        if let index = indexOfIdlest(of: clients) { close(clients.remove(at: index).socket) }
    }

    /// The one that has been silent for the longest time, else the one that has been slow for the longest.
    private func indexOfIdlest(of clients: [HealthClient]) -> Int? {
        clients.firstIndex { $0.isSilent } ?? clients.firstIndex { !$0.isBeingAnswered } ?? clients.indices.first
    }

    private func dropping(from clients: [HealthClient], _ isMeant: (HealthClient) -> Bool) -> [HealthClient] {
        for client in clients where isMeant(client) { close(client.socket) }
        return clients.filter { !isMeant($0) }
    }
}
