import CredentialTesting
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `The TLS policy` {
    @Test(
        arguments: [
            ("host=srv", nil, .success(.verifyFull)), ("", nil, .success(.verifyFull)),
            ("host=localhost", nil, .success(.verifyFull)),
            ("host=srv sslmode=verify-full", nil, .success(.verifyFull)),
            ("host=srv sslmode=verify-ca", nil, .success(.verifyCA)),
            ("host=srv sslmode=require", nil, .success(.require)),
            ("host=srv sslmode=prefer", nil, .failure(.tooWeak(.prefer))),
            ("host=srv sslmode=allow", nil, .failure(.tooWeak(.allow))),
            ("host=srv sslmode=disable", nil, .failure(.tooWeak(.disable))),
            ("host=srv sslmode=prefer", .prefer, .success(.prefer)),
            ("host=srv sslmode=disable", .disable, .success(.disable)),
            ("host=srv sslmode=disable", .prefer, .failure(.tooWeak(.disable))),
            ("host=srv sslmode=allow", .disable, .failure(.tooWeak(.allow))),
            ("host=srv", .disable, .success(.verifyFull)),
            ("sslmode=disable", nil, .success(.disable)), ("host=/run sslmode=disable", nil, .success(.disable)),
            ("host=localhost sslmode=prefer", nil, .success(.prefer)),
            ("host=127.0.0.1 sslmode=allow", nil, .success(.allow)),
            ("host=::1 sslmode=disable", nil, .success(.disable)),
            ("host=localhost,srv sslmode=disable", nil, .failure(.tooWeak(.disable))),
            ("host=localhost hostaddr=10.0.0.1 sslmode=prefer", nil, .failure(.tooWeak(.prefer))),
            ("host=srv hostaddr=127.0.0.1 sslmode=prefer", nil, .success(.prefer)),
            ("host=srv sslmode=verify-all", nil, .failure(.unknownMode)),
            ("host=srv sslmode=''", nil, .failure(.unknownMode)),
            ("host=srv sslmode=Require", nil, .failure(.unknownMode)),
            ("sslmode='disable '", nil, .failure(.unknownMode)),
            ("host=srv sslrootcert=system", nil, .success(.verifyFull)),
            ("host=srv sslrootcert=system sslmode=require", nil, .failure(.systemRootsNeedVerifyFull(.require))),
            ("host=srv sslrootcert=system sslmode=verify-ca", nil, .failure(.systemRootsNeedVerifyFull(.verifyCA))),
            ("host=localhost sslrootcert=system sslmode=disable", nil, .failure(.systemRootsNeedVerifyFull(.disable))),
            ("host=srv sslrootcert=/x sslmode=require", nil, .success(.require)),
        ] as [(String, SSLMode?, Result<SSLMode, TLSPolicyError>)])
    func `lets a token go only where it cannot be read on the way`(
        _ text: String, _ insisted: SSLMode?, _ outcome: Result<SSLMode, TLSPolicyError>
    ) throws {
        let policy = TLSPolicy(allowing: insisted)
        let info = try ConnectionInfo(text)
        switch outcome {
        case .success(let mode): #expect(try policy.settings(for: info, trusting: nil) == ["sslmode": mode.rawValue])
        case .failure(let error):
            #expect(throws: error) { try policy.settings(for: info, trusting: nil) }
            #expect(!error.description.isEmpty && error.remedy.hasSuffix("."))
        }
    }

    @Test(
        arguments: [
            ("host=srv", "/bundle", 11, ["sslmode": "verify-full", "sslrootcert": "/bundle"]),
            ("host=srv", nil, 11, ["sslmode": "verify-full"]),
            ("host=srv sslrootcert=''", "/bundle", 11, ["sslmode": "verify-full", "sslrootcert": "/bundle"]),
            ("host=srv sslrootcert=/own", "/bundle", 11, ["sslmode": "verify-full"]),
            ("host=srv sslmode=verify-ca", "/bundle", 11, ["sslmode": "verify-ca", "sslrootcert": "/bundle"]),
            ("host=srv sslmode=require", "/bundle", 11, ["sslmode": "require"]),
            ("host=srv", nil, 12, ["sslmode": "verify-full", "gssencmode": "disable"]),
            ("host=srv gssencmode=require", nil, 17, ["sslmode": "verify-full"]),
            ("host=srv gssencmode=x", "system", 15, ["sslmode": "verify-full"]),
            ("host=srv gssencmode=x", "system", 16, ["sslmode": "verify-full", "sslrootcert": "system"]),
            ("host=srv gssencmode=x sslmode=verify-ca", "system", 16, ["sslmode": "verify-ca"]),
        ] as [(String, String?, Int, [String: String])])
    func `adds what is not said and its library understands`(
        _ text: String, _ bundle: String?, _ version: Int, _ settings: [String: String]
    ) throws {
        let policy = TLSPolicy(for: LibpqVersion(major: version))
        #expect(try policy.settings(for: try ConnectionInfo(text), trusting: bundle) == settings)
    }

    @Test(
        arguments: [
            ([:], ["/etc/ssl/certs/ca-certificates.crt"], .file("/etc/ssl/certs/ca-certificates.crt")),
            ([:], [], .missing),
            ([:], ["/etc/pki/tls/certs/ca-bundle.crt"], .file("/etc/pki/tls/certs/ca-bundle.crt")),
            (["SSL_CERT_FILE": "/own"], ["/own", "/etc/ssl/certs/ca-certificates.crt"], .file("/own")),
            (["SSL_CERT_FILE": "/gone"], ["/etc/ssl/ca-bundle.pem"], .file("/etc/ssl/ca-bundle.pem")),
            (["SSL_CERT_FILE": ""], ["/etc/ssl/ca-bundle.pem"], .file("/etc/ssl/ca-bundle.pem")),
            (["SSL_CERT_FILE": "/own"], ["/own", "/home/me/.postgresql/root.crt"], .own),
            (["HOME": "/h"], ["/h/.postgresql/root.crt", "/etc/ssl/certs/ca-certificates.crt"], .own),
            (["HOME": "/h"], ["/home/me/.postgresql/root.crt", "/own"], .missing),
        ] as [([String: String], [String], TrustBundle)])
    func `trusts the system's authorities unless the user keeps others`(
        _ environment: [String: String], _ files: [String], _ bundle: TrustBundle
    ) {
        let files = MemoryFiles(Dictionary(uniqueKeysWithValues: files.map { ($0, "certificates") }))
        let account = SystemAccount(name: "me", home: "/home/me")
        #expect(TrustBundle.find(in: ProcessEnvironment(environment), files: files, account: account) == bundle)
    }

    @Test(
        arguments: [(.file("/x"), 15, "/x"), (.own, 16, nil), (.missing, 15, nil), (.missing, 16, "system")]
            as [(TrustBundle, Int, String?)])
    func `lets a library that can look for the system's authorities do so where no file is found`(
        _ bundle: TrustBundle, _ version: Int, _ said: String?
    ) {
        #expect(bundle.said(to: LibpqVersion(major: version)) == said)
    }

    @Test func `knows the order of the modes`() {
        #expect(SSLMode.allCases.sorted() == [.disable, .allow, .prefer, .require, .verifyCA, .verifyFull])
        #expect(SSLMode.allCases.filter(\.verifies) == [.verifyCA, .verifyFull])
    }
}
