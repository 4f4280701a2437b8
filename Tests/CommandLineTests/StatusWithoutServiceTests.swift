import Foundation
import Testing

@Suite struct `A machine without a session bus` {
    @Test(arguments: [["status"], ["secret", "list"], ["secret", "forget", "none"], ["logout"]])
    func `is told nothing of it where a file keeps the secrets`(command: [String]) async throws {
        let scratch = Scratch()
        let tool = Tool([
            "XDG_STATE_HOME": scratch.path + "/state", "HOME": scratch.path, "XDG_RUNTIME_DIR": scratch.path,
        ])
        let stored = try await tool.run(["secret", "store", "orders", "--keep-in", "file"], input: "hush")
        #expect(stored.status == 0, "\(stored.errors)")
        let ending = try await tool.run(command)
        #expect(ending.status == 0, "\(ending.errors)")
        for word in ["D-Bus", "dbus", "bus", "secret service"] {
            #expect(!(ending.output + ending.errors).contains(word), "\(ending.errors)")
        }
    }
}
