import Foundation
import Glibc
import LocalEntra
import SpawnedPrograms
import Synchronization
import Testing
import TokenCredentials

@Suite(.timeLimit(.minutes(5))) struct `passgres keep, flooded` {
    @Test func `renews and answers while its health port is full of silent clients and few files may be open`()
        async throws
    {
        try await Cloud.with({ $0.tokenLifetime = .seconds(6) }) { cloud in
            let path = cloud.scratch.path + "/a"
            let flood = try Flood()
            let run = try Tool.Running(
                "/bin/sh",
                [
                    "-c", #"ulimit -n 28; exec "$0" "$@""#, Tool.path, "keep", "--health", "127.0.0.1:\(flood.port)",
                    "--passfile", path, "host=db.example user=orders-api",
                ], cloud.tool.environment)
            _ = await run.errors(upTo: "holds a new password")
            flood.begin()
            var seen: Set<String> = []
            var answers = 0
            let end = Date().addingTimeInterval(60)
            while seen.count < 5, Date() < end {
                if let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty { seen.insert(text) }
                if await onOwnThread({ flood.ask("/livez") }) == "200" { answers += 1 }
            }
            #expect(seen.count == 5 && answers > 0)
            // Whoever is asked shows that it was full all the time.
            #expect(flood.refusals > 60)
            flood.end()
            run.send(SIGTERM)
            let ending = await run.ending()
            #expect(ending.status == 0, "\(ending.errors)")
            for fault in ["did not take", "gave no token", "changed by somebody"] {
                #expect(!ending.errors.contains(fault), "\(ending.errors)")
            }
        }
    }
}

/// Clients of a port of this machine that say nothing and come again when they are turned away.
final class Flood: Sendable {
    let port: UInt16
    private let isOn = Mutex(false)
    private let count = Mutex(0)

    /// Chooses a port that is free.
    init() throws {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(file) }
        var address = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 ? getsockname(file, $0, &length) : -1
            }
        }
        try #require(code == 0)
        port = UInt16(bigEndian: address.sin_port)
    }

    /// How often one was turned away.
    var refusals: Int { count.withLock { $0 } }

    func begin() {
        isOn.withLock { $0 = true }
        _ = startThread { [self] in
            var clients: [Int32] = []
            while isOn.withLock({ $0 }) {
                while clients.count < 60, let client = connect(waiting: 1) { clients.append(client) }
                let gone = clients.filter { client in
                    var byte: UInt8 = 0
                    return recv(client, &byte, 1, Int32(MSG_DONTWAIT)) >= 0 || errno != EAGAIN
                }
                for client in gone { close(client) }
                count.withLock { $0 += gone.count }
                clients.removeAll { gone.contains($0) }
                usleep(10_000)
            }
            for client in clients { close(client) }
        }
    }

    func end() { isOn.withLock { $0 = false } }

    /// The status that a question is answered with; `nil` where there is no answer within a second.
    func ask(_ path: String) -> String? {
        guard let client = connect(waiting: 1) else { return nil }
        defer { close(client) }
        let request = "GET \(path) HTTP/1.1\r\n\r\n"
        _ = request.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var block = [UInt8](repeating: 0, count: 64)
        let count = recv(client, &block, block.count, 0)
        return String(decoding: block.prefix(max(0, count)), as: UTF8.self).split(separator: " ").dropFirst().first
            .map(String.init)
    }

    private func connect(waiting seconds: Int) -> Int32? {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(file, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = Self.address(port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(file)
            return nil
        }
        return file
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }
}
