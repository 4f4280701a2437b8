import Foundation
import SpawnedPrograms
import Testing

/// Keys and certificates made afresh by the `openssl` program, by file name.
struct KeyFiles {
    static let password = "hush-pässword"
    static let shared = KeyFiles()

    private let files: [String: [UInt8]]

    subscript(_ names: String...) -> [UInt8] {
        names.flatMap { name -> [UInt8] in
            guard let bytes = files[name] else {
                Issue.record("no such file was made: \(name)")
                return []
            }
            return bytes
        }
    }

    func text(_ name: String) -> String { String(decoding: self[name], as: UTF8.self) }

    private init() {
        let script = """
            set -e
            rsa() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1" 2>/dev/null; }
            rsa ca.key; rsa key.pem; rsa other.key
            openssl req -x509 -key ca.key -out ca.pem -subj /CN=ca -days 30
            openssl req -new -key key.pem -out leaf.csr -subj /CN=app
            openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 20 2>/dev/null
            openssl x509 -in leaf.pem -outform DER -out leaf.der
            openssl x509 -in ca.pem -outform DER -out ca.der
            openssl pkey -in key.pem -pubout -out public.pem
            openssl x509 -in leaf.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' > sha256
            openssl x509 -in leaf.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' > sha1
            openssl rsa -in key.pem -traditional -out pkcs1.pem 2>/dev/null
            openssl rsa -in key.pem -traditional -aes256 -passout "pass:$1" -out pkcs1-encrypted.pem 2>/dev/null
            openssl pkcs8 -topk8 -in key.pem -passout "pass:$1" -out pkcs8-encrypted.pem
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -subj /CN=ec \
                -days 20 2>/dev/null
            pfx() { out=$1; shift; openssl pkcs12 -export -inkey key.pem -in leaf.pem -out "$out" "$@"; }
            pfx aes.pfx -certfile ca.pem -passout "pass:$1"
            pfx open.pfx -passout pass:
            pfx des.pfx -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -passout "pass:$1"
            pfx rc2.pfx -legacy -certpbe PBE-SHA1-RC2-40 -passout "pass:$1"
            openssl pkcs12 -export -nokeys -in leaf.pem -out keyless.pfx -passout "pass:$1"
            openssl pkcs12 -export -inkey ec.key -in ec.pem -out ec.pfx -passout "pass:$1"
            """
        let directory = Self.makeDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let (status, output) = Self.run("/bin/sh", ["-c", script, "sh", Self.password], in: directory)
        if status != 0 { Issue.record("openssl did not make every key: \(output)") }
        var files: [String: [UInt8]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [] {
            files[name] = (try? Data(contentsOf: directory.appendingPathComponent(name))).map { Array($0) }
        }
        self.files = files
    }

    /// Whether the `openssl` program finds the signature good.
    func verifies(_ signature: [UInt8], of message: String, _ options: [String]) -> Bool {
        let directory = Self.makeDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, bytes) in [("s", signature), ("m", Array(message.utf8)), ("k", self["public.pem"])] {
            try? Data(bytes).write(to: directory.appendingPathComponent(name))
        }
        let options = ["dgst", "-sha256"] + options + ["-verify", "k", "-signature", "s", "m"]
        let (status, output) = Self.run("/usr/bin/env", ["openssl"] + options, in: directory)
        return status == 0 && output.contains("Verified OK")
    }

    private static func makeDirectory() -> URL {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try? FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return directory
    }

    private static func run(_ program: String, _ arguments: [String], in directory: URL) -> (Int32, String) {
        do {
            let ending = try SpawnedProgram(program, arguments, in: directory.path).waitForEnd()
            return (ending.status, String(decoding: ending.output + ending.errors, as: UTF8.self))
        } catch {
            return (-1, "\(error)")
        }
    }
}
