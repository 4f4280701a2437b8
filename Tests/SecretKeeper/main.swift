import FoundationEssentials
import Glibc
import SecretStoreCredentials
import TokenCredentials

// Uses a secret store as a script says, one line per answer.
//
//   SecretKeeper [--unlock] [--kind KIND] [--limit SECONDS] [--cancel-after SECONDS] ACTION...
//
// Actions: state, choice, set PROFILE TEXT, fill PROFILE BYTES, get PROFILE, size PROFILE, forget PROFILE, list,
// pause PIPE (until somebody has opened the named pipe for writing and closed it), token (of the sign-in kept)

func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

var arguments = CommandLine.arguments.dropFirst()
var unlocking = LibsecretStore.Unlocking.never
var limit = 5.0
var kind = "test"
var cancelAfter: Double?
@MainActor func next() -> String { arguments.popFirst() ?? "" }

while let option = arguments.first, option.hasPrefix("--") {
    arguments.removeFirst()
    switch option {
    case "--unlock": unlocking = .whenSomebodyIsThere
    case "--kind": kind = next()
    case "--limit": limit = Double(next()) ?? limit
    case "--cancel-after": cancelAfter = Double(next())
    default: exit(64)
    }
}
let store = LibsecretStore(unlocking: unlocking, limit: .seconds(limit))

@MainActor func answer(_ action: String, _ words: [String]) async throws -> String {
    let key = SecretKey(kind: kind, profile: words.first ?? "")
    switch action {
    case "state": return "\(try await store.state())"
    case "choice":
        let choice = try await SecretStoreChoice.forKeeping()
        return "\(choice.kind.rawValue): \(choice)"
    case "set":
        try await store.set(words[1], for: key)
        return "done"
    case "fill":
        try await store.set(String(repeating: "x", count: Int(words[1]) ?? 0), for: key)
        return "done"
    case "get": return try await store.secret(for: key) ?? "nothing"
    case "size": return try await store.secret(for: key).map { "\($0.utf8.count)" } ?? "nothing"
    case "forget":
        try await store.set(nil, for: key)
        return "done"
    case "list":
        let profiles = try await store.profiles(ofKind: kind)
        return profiles.isEmpty ? "nothing" : profiles.joined(separator: " ")
    case "token": return "\(try await SecretStoreCredential().token(for: TokenRequest("https://db.example/.default")))"
    default: exit(64)
    }
}

while let action = arguments.popFirst() {
    if action == "pause" {
        let pipe = next()
        say("waiting")
        let file = open(pipe, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { exit(66) }
        var byte: UInt8 = 0
        while read(file, &byte, 1) > 0 {}
        close(file)
        continue
    }
    let count = ["set": 2, "fill": 2, "get": 1, "size": 1, "forget": 1][action] ?? 0
    let words = (0..<count).map { _ in next() }
    let start = ContinuousClock.now
    let task = Task { try await answer(action, words) }
    let watch = Task { [cancelAfter] in
        guard let cancelAfter else { return }
        try await Task.sleep(for: .seconds(cancelAfter))
        task.cancel()
    }
    let text: String
    do {
        text = try await task.value
    } catch {
        text = "error: \(error)"
    }
    watch.cancel()
    say("\(text) [\((ContinuousClock.now - start).milliseconds) ms]")
}
