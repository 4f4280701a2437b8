import Foundation
import Glibc
import LocalEntra
import Testing
import TokenCredentials

@Suite(.timeLimit(.minutes(5))) struct `passgres keep under systemd` {
    let connection = "host=db.example user=orders-api"

    @Test func `says when it is ready, that it reads its configuration again, and that it ends`() async throws {
        try await Cloud.with { cloud in
            let manager = try ListeningManager(in: cloud.scratch)
            var tool = cloud.tool
            tool.environment["NOTIFY_SOCKET"] = manager.path
            tool.environment["WATCHDOG_USEC"] = "200000"
            let run = try tool.start(["keep", "--passfile", cloud.scratch.path + "/a", connection])
            await manager.hear { $0 == "READY=1" }
            #expect(FileManager.default.fileExists(atPath: cloud.scratch.path + "/a"))
            // Whoever is told that it is ready may ask for a reload at once.
            run.send(SIGHUP)
            let notice = await manager.hear { $0.hasPrefix("RELOADING=1") }
            let stamp = notice.split(separator: "\n").last { $0.hasPrefix("MONOTONIC_USEC=") }
            let microseconds = try #require(stamp.flatMap { Int64($0.dropFirst("MONOTONIC_USEC=".count)) })
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            let age = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000 - microseconds
            #expect((0...120_000_000).contains(age))
            await manager.hear { $0 == "READY=1" }
            await manager.hear { $0 == "WATCHDOG=1" }
            run.send(SIGTERM)
            #expect(await manager.hear { $0.hasPrefix("STOPPING=1") }.contains("STATUS="))
            #expect(await run.ending().status == 0)
        }
    }

    @Test func `does not become ready by reading its configuration again`() async throws {
        try await Cloud.with { cloud in
            let manager = try ListeningManager(in: cloud.scratch)
            var tool = cloud.tool
            tool.environment["NOTIFY_SOCKET"] = manager.path
            let run = try tool.start(["keep", "--passfile", cloud.scratch.path + "/none/a", connection])
            await manager.hear { $0 == "STATUS=0 of 1 destinations are fresh" }
            run.send(SIGHUP)
            #expect(await run.errors(upTo: "read again").contains("the configuration was read again"))
            run.send(SIGTERM)
            await manager.hear { $0.hasPrefix("STOPPING=1") }
            #expect(await run.ending().status == 0)
            #expect(!manager.heard.contains { $0.hasPrefix("READY") || $0.hasPrefix("RELOADING") })
        }
    }
}

/// A socket on which a service manager would listen.
final class ListeningManager: @unchecked Sendable {
    let path: String
    private let socket: Int32
    /// Touched by the one test that listens.
    private(set) var heard: [String] = []

    init(in scratch: Scratch) throws {
        path = scratch.path + "/notify"
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
    }

    deinit { close(socket) }

    /// Waits for a message, and returns it; none after a minute.
    @discardableResult
    func hear(_ isMeant: (String) -> Bool) async -> String {
        let end = ContinuousClock.now + .seconds(60)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        while true {
            let socket = socket
            let message = await onOwnThread { () -> String in
                var block = [UInt8](repeating: 0, count: 4_096)
                let count = recv(socket, &block, block.count, 0)
                return String(decoding: block.prefix(max(0, count)), as: UTF8.self)
            }
            heard.append(message)
            if isMeant(message) { return message }
            if ContinuousClock.now > end {
                Issue.record("not heard; heard were \(heard.suffix(20))")
                return ""
            }
        }
    }
}
