import FoundationEssentials
import Glibc
import Testing
import TokenCredentials

@testable import InteractiveBrowserCredentials

@Suite struct `The system's browser` {
    private let folder: String
    private let address = "https://login.example/authorize?a=b&c='$(false)'"

    init() {
        let name = FileManager.default.temporaryDirectory.path + "/browser-" + UUID().uuidString
        mkdir(name, 0o700)
        folder = name
    }

    /// Written by another process: a program that this one has open for writing, if only for the moment in which some
    /// other test starts a child, cannot be started.
    private func install(_ script: String, mode: String = "700") throws {
        let path = folder + "/xdg-open"
        let shell = try #require(popen("cat > '\(path)' && chmod \(mode) '\(path)'", "w"))
        fputs("#!/bin/sh\n\(script)\n", shell)
        #expect(pclose(shell) == 0)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func `is given the address as it is`() async throws {
        defer { remove() }
        try install("printf '%s|' \"$@\" > \(folder)/seen")
        #expect(await SystemBrowser.open(address, environment: ["PATH": "/nowhere:\(folder)", "DISPLAY": ":0"]))
        let seen = try String(decoding: Data(contentsOf: URL(filePath: folder + "/seen")), as: UTF8.self)
        #expect(seen == address + "|")
    }

    @Test func `is started without the secrets of this program`() async throws {
        defer { remove() }
        try install("/usr/bin/env > \(folder)/seen")
        let secrets = [
            "PGPASSWORD", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD",
            "IDENTITY_HEADER", "MSI_SECRET", "SYSTEM_ACCESSTOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        ]
        var environment: ProcessEnvironment = ["PATH": "\(folder)", "DISPLAY": ":0", "BROWSER": "lynx"]
        for name in secrets { environment[name] = "s3cr3t" }
        #expect(await SystemBrowser.open(address, environment: environment))
        let seen = try String(decoding: Data(contentsOf: URL(filePath: folder + "/seen")), as: UTF8.self)
        #expect(seen.contains("BROWSER=lynx"))
        #expect(!seen.contains("s3cr3t"))
    }

    @Test func `is told by either kind of display`() async throws {
        defer { remove() }
        try install("exit 0")
        #expect(await SystemBrowser.open(address, environment: ["PATH": "\(folder)", "WAYLAND_DISPLAY": "wayland-0"]))
        #expect(await !SystemBrowser.open(address, environment: ["PATH": "\(folder)"]))
        #expect(await !SystemBrowser.open(address, environment: ["PATH": "\(folder)", "DISPLAY": ""]))
    }

    @Test func `is not there where xdg-open fails`() async throws {
        defer { remove() }
        try install("exit 3")
        #expect(await !SystemBrowser.open(address, environment: ["PATH": "\(folder)", "DISPLAY": ":0"]))
    }

    @Test func `may run on by itself`() async throws {
        defer { remove() }
        try install("exec /bin/sleep 0.3")
        #expect(
            await SystemBrowser.open(
                address, environment: ["PATH": "\(folder)", "DISPLAY": ":0"], patience: .milliseconds(20)))
    }

    @Test func `is not waited for by a task that was cancelled`() async throws {
        defer { remove() }
        try install("exec /bin/sleep 0.3")
        let environment: ProcessEnvironment = ["PATH": "\(folder)", "DISPLAY": ":0"]
        let task = Task { [address] in
            withUnsafeCurrentTask { $0?.cancel() }
            return await SystemBrowser.open(address, environment: environment, patience: .seconds(3600))
        }
        #expect(await task.value)
    }

    @Test func `is not looked for in relative directories or among files nobody may run`() async throws {
        defer { remove() }
        try install("exit 0", mode: "600")
        for path in [folder, "", ".", String(folder.dropFirst()), "/nowhere"] {
            #expect(await !SystemBrowser.open(address, environment: ["PATH": "\(path)", "DISPLAY": ":0"]))
        }
    }

    @Test func `is not looked for where every user of the machine may put one`() async throws {
        defer { remove() }
        try install("exit 0")
        let environment: ProcessEnvironment = ["PATH": "\(folder)", "DISPLAY": ":0"]
        #expect(await SystemBrowser.open(address, environment: environment))
        chmod(folder, 0o777)
        #expect(await !SystemBrowser.open(address, environment: environment))
        chmod(folder, 0o700)
        chmod(folder + "/xdg-open", 0o702)
        #expect(await !SystemBrowser.open(address, environment: environment))
    }

    @Test(arguments: ["file:///etc/passwd", "http://login.example", "--help", "https://a b", "https://x\n", ""])
    func `is given nothing but addresses that begin with https`(_ text: String) async throws {
        defer { remove() }
        try install("exit 0")
        #expect(await !SystemBrowser.open(text, environment: ["PATH": "\(folder)", "DISPLAY": ":0"]))
    }
}
