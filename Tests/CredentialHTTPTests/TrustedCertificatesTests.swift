import FoundationEssentials
import Testing
import TokenCredentials

@testable import CredentialHTTP

@Suite struct `The certificates that are trusted` {
    let folder = FileManager.default.temporaryDirectory.appending(path: "certificates-\(UUID())")

    func system(_ environment: ProcessEnvironment) throws -> TrustedCertificates {
        try TrustedCertificates(.system, environment: environment, directory: folder.path())
    }

    @Test func `are those the environment names`() throws {
        #expect(try system(["SSL_CERT_FILE": "/f"]) == .places(file: "/f", directory: nil))
        #expect(try system(["SSL_CERT_DIR": "/d"]) == .places(file: nil, directory: "/d"))
        #expect(try system(["SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d"]) == .places(file: "/f", directory: "/d"))
    }

    @Test func `are the system's directory only if certificates can be found in it by their hashes`() throws {
        #expect(try system([:]) == .builtIn)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["ca-bundle.crt", "0123456z.0", "0123456789.0", "01234567.1"] {
            try Data().write(to: folder.appending(path: name))
        }
        #expect(try system([:]) == .builtIn)
        try Data().write(to: folder.appending(path: "0a1b2c3d.0"))
        #expect(try system([:]) == .places(file: nil, directory: folder.path()))
    }
}
