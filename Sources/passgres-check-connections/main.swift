import ConnectionChecking
import FoundationEssentials
import Glibc
import TokenCredentials

var files = Array(CommandLine.arguments.dropFirst())
var stamp: String?
if files.first == "--stamp", files.count > 1 {
    stamp = files[1]
    files.removeFirst(2)
}
func say(_ text: String) {
    let text = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, text, text.count)
}
guard !files.isEmpty, !files.contains(where: { $0.hasPrefix("--") }) else {
    say("usage: passgres-check-connections [--stamp FILE] FILE...")
    exit(64)
}
var faults = 0
for file in files {
    guard let bytes = try? LocalFiles().contents(ofFile: file, limit: 1 << 26),
        let text = String(validating: bytes, as: UTF8.self)
    else {
        say("\(file):1: error: the file cannot be read as text")
        faults += 1
        continue
    }
    for finding in ConnectionChecker.findings(in: text, file: file) {
        say(finding.description)
        faults += 1
    }
}
guard faults == 0 else { exit(1) }
if let stamp {
    do {
        try Data("// \(files.count) connection files read as libpq reads them, and no password in them.\n".utf8).write(
            to: URL(filePath: stamp), options: .atomic)
    } catch {
        say("\(stamp) cannot be written")
        exit(74)
    }
}
