import CredentialTesting
import Foundation
import Testing
import TokenCredentials

@testable import EnvironmentCredentials

@Suite struct `A file with certificate and key` {
    static let keys = KeyFiles.shared
    static let password = KeyFiles.password

    /// A file's contents under a name, so that a report of a test names it and does not print it.
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var contents: [UInt8]
    }

    static func sample(_ names: String...) -> Sample {
        Sample(testDescription: names.joined(separator: " + "), contents: names.flatMap { keys[$0] })
    }

    static func sample(_ name: String, _ contents: [UInt8]) -> Sample {
        Sample(testDescription: name, contents: contents)
    }

    static func indented(_ contents: [UInt8], by space: String) -> [UInt8] {
        let lines = String(decoding: contents, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map { "\(space)\($0)\n" }.joined().utf8)
    }

    static func base64(_ contents: [UInt8]) -> [UInt8] { Array(Data(contents).base64EncodedString().utf8) }

    @Test(
        arguments: [
            (sample("key.pem", "leaf.pem"), nil), (sample("leaf.pem", "key.pem"), nil),
            (sample("pkcs1.pem", "leaf.pem"), nil),
            (sample("ca.pem", "leaf.pem", "key.pem"), nil), (sample("ca.pem", "key.pem", "leaf.pem"), nil),
            (sample("key.pem", "leaf.pem"), "not needed"), (sample("pkcs1-encrypted.pem", "leaf.pem"), password),
            (sample("leaf.pem", "pkcs8-encrypted.pem"), password), (sample("aes.pfx"), password),
            (sample("open.pfx"), nil),
            (sample("des.pfx"), password),
            (
                sample(
                    "CRLF",
                    Array(keys.text("leaf.pem").replacingOccurrences(of: "\n", with: "\r\n").utf8) + keys["key.pem"]),
                nil
            ),
            (sample("bag", Array("Bag Attributes\n  friendlyName: x\n".utf8) + keys["key.pem", "leaf.pem"]), nil),
            (sample("byte order mark", [0xEF, 0xBB, 0xBF] + keys["key.pem", "leaf.pem"]), nil),
            (sample("indented", indented(keys["key.pem", "leaf.pem"], by: "    ")), nil),
            (sample("indented by a tab", indented(keys["leaf.pem", "key.pem"], by: "\t")), nil),
            (sample("indented, encrypted", indented(keys["pkcs1-encrypted.pem", "leaf.pem"], by: "  ")), password),
            (sample("base64", base64(keys["open.pfx"])), nil), (sample("base64", base64(keys["aes.pfx"])), password),
            (sample("base64, byte order mark", [0xEF, 0xBB, 0xBF] + base64(keys["open.pfx"]) + [0x0D, 0x0A]), nil),
            (
                sample(
                    "base64 in lines",
                    Array(Data(keys["open.pfx"]).base64EncodedString(options: .lineLength76Characters).utf8)), nil
            ),
        ] as [(Sample, String?)])
    func `is read in every usual form`(_ sample: Sample, password: String?) throws {
        let identity = try SigningIdentity(sample.contents, password: password)
        #expect(identity.leaf.der == Self.keys["leaf.der"])
        #expect(identity.others.allSatisfy { $0.der == Self.keys["ca.der"] })
        let signature = try identity.key.signature(of: Array("message".utf8), .rs256)
        #expect(Self.keys.verifies(signature, of: "message", []))
    }

    @Test(
        arguments: [
            (sample("key.pem"), nil, .noCertificate), (sample("leaf.pem"), nil, .noKey),
            (sample("nothing", []), nil, .unknownFormat),
            (sample("text", Array("hello".utf8)), nil, .unknownFormat),
            (sample("base64", base64(keys["leaf.der"])), nil, .unknownFormat),
            (sample("base64", base64(keys["aes.pfx"])), "wrong", .passwordWrong),
            (sample("leaf.der"), nil, .unknownFormat),
            (sample("key.pem", "other.key", "leaf.pem"), nil, .severalKeys(2)),
            (sample("other.key", "leaf.pem", "ca.pem"), nil, .noMatchingCertificate),
            (sample("ec.key", "ec.pem"), nil, .notRSA), (sample("ec.pfx"), password, .notRSA),
            (sample("pkcs8-encrypted.pem", "leaf.pem"), nil, .passwordMissing),
            (sample("pkcs8-encrypted.pem", "leaf.pem"), "wrong", .passwordWrong),
            (sample("pkcs8-encrypted.pem", "leaf.pem"), String(repeating: "x", count: 5000), .passwordWrong),
            (sample("pkcs1-encrypted.pem", "leaf.pem"), nil, .passwordMissing),
            (sample("pkcs1-encrypted.pem", "leaf.pem"), "wrong", .passwordWrong),
            (sample("aes.pfx"), nil, .passwordMissing), (sample("aes.pfx"), "wrong", .passwordWrong),
            (sample("rc2.pfx"), password, .outdatedEncryption), (sample("rc2.pfx"), "wrong", .passwordWrong),
            (sample("keyless.pfx"), password, .noKey),
            (
                sample(
                    "broken certificate",
                    keys["key.pem"] + Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)),
                nil,
                .malformedCertificate
            ),
            (
                sample(
                    "broken key",
                    keys["leaf.pem"] + Array("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".utf8)),
                nil,
                .malformed
            ),
        ] as [(Sample, String?, KeyDefect)])
    func `that cannot serve is named for what is wrong`(_ sample: Sample, password: String?, defect: KeyDefect) {
        let error = #expect(throws: KeyDefect.self) { try SigningIdentity(sample.contents, password: password) }
        #expect(error == defect)
    }

    @Test(arguments: [
        KeyDefect.unknownFormat, .malformed, .malformedCertificate, .noKey, .severalKeys(2), .noCertificate,
        .noMatchingCertificate, .notRSA, .passwordMissing, .passwordWrong, .passwordMissingOrOutdated,
        .outdatedEncryption, .cannotSign,
    ])
    func `is named in every error`(_ defect: KeyDefect) throws {
        let diagnosis = try #require(defect.error(in: "/c.pem", passwordName: "THE_PASSWORD").diagnosis)
        #expect(diagnosis.problem.contains("/c.pem"))
        #expect(diagnosis.kind == .misconfigured)
        #expect(diagnosis.remedy?.hasSuffix(".") == true)
        if defect == .outdatedEncryption { #expect(diagnosis.remedy?.contains("openssl pkcs12 -legacy") == true) }
        if defect == .passwordWrong { #expect(diagnosis.remedy?.contains("THE_PASSWORD") == true) }
    }

    @Test func `survives being cut anywhere`() {
        for contents in [Self.keys["leaf.pem", "key.pem"], Self.keys["aes.pfx"]] {
            for length in stride(from: 0, to: contents.count, by: 37) {
                #expect(throws: KeyDefect.self) {
                    try SigningIdentity(Array(contents[..<length]), password: Self.password)
                }
            }
        }
    }

    @Test func `shows nothing of the key`() throws {
        let identity = try SigningIdentity(Self.keys["leaf.pem", "key.pem"], password: nil)
        let shown = everythingShown(of: identity.key)
        #expect(shown.contains("<redacted>"))
        #expect(!shown.contains("0x"))
    }
}

@Suite struct `A certificate` {
    /// Made once, so that its thumbprints are known for good.
    static let known = """
        MIIBdzCCAR2gAwIBAgIUN+xYyH0Vfa3B5eXfhpbtzqWXwUswCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFa25vd24wIBcNMjYxMTIx
        MDczNTQwWhgPMjEyNjEwMjgwNzM1NDBaMBAxDjAMBgNVBAMMBWtub3duMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIoCK9dm2
        A6ERPd6L21iS039YSgWYI5vFkNSeuJDr8XzEKp1bdJduYTHqYP89m6VeqRkY1JdAW5lpgd73o5P8xaNTMFEwHQYDVR0OBBYEFHOf
        JPyMnLyVXoRoR/7AkHBaW2LjMB8GA1UdIwQYMBaAFHOfJPyMnLyVXoRoR/7AkHBaW2LjMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
        zj0EAwIDSAAwRQIgWk6l7kayJ8Fsy5Q6oZWG8OcAAhg7dfqDRNOJUWaFtSICIQCU9tYaytg1Tj5F3PxGTY2YmqRuxv1bQPzCfaJ5
        ktCosg==
        """

    @Test func `has the thumbprints another program computed`() throws {
        let der = try #require(Data(base64Encoded: Self.known, options: .ignoreUnknownCharacters))
        let certificate = try #require(Certificate(der: Array(der)))
        #expect(Data(certificate.sha256).base64URL == "LYWHPde7tsHMFVVyXz0FvUK6lsjB0XmilFh9SyEvlZE")
        #expect(certificate.thumbprint == "1745C19EF03367C97B9B7932714116D5D7A0B92D")
    }

    @Test func `agrees with the openssl program on a fresh one`() throws {
        let certificate = try #require(Certificate(der: KeyFiles.shared["leaf.der"]))
        let hex = certificate.sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        #expect(hex + "\n" == KeyFiles.shared.text("sha256"))
        #expect(certificate.thumbprint + "\n" == KeyFiles.shared.text("sha1"))
        #expect(abs(certificate.notAfter.timeIntervalSince(certificate.notBefore) - 20 * 86_400) < 2)
        #expect(abs(certificate.notBefore.timeIntervalSinceNow) < 3600)
    }

    @Test(arguments: [[], [0x30], [0x30, 0x80], Array("hello".utf8), Array(KeyFiles.shared["leaf.der"].dropLast())])
    func `is not read from anything else`(_ bytes: [UInt8]) {
        #expect(Certificate(der: bytes) == nil)
    }
}
