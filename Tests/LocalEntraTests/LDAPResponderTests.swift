import CredentialTesting
import FoundationEssentials
import Testing
import TokenCredentials

@testable import LocalEntra

@Suite struct `The LDAP responder` {
    @Test(arguments: [
        ("orders-api", Principal.managedIdentity(clientID: nil)),
        ("Order Readers", .managedIdentity(clientID: nil)),
        ("Order Readers", .user(principalName: "ada@contoso.example")),
        ("ada@contoso.example", .user(principalName: "ada@contoso.example")),
    ])
    func `lets a principal in under its own role`(_ role: String, _ principal: Principal) async throws {
        try await Sample.withCloud { cloud, _, _ in
            let token = Array(try cloud.issueToken(for: principal).utf8)
            let answer = try await LDAPClient(port: cloud.ldapPort).exchange(LDAPClient.bind("role=\(role)", token))
            #expect(answer == [0x30, 12, 2, 1, 1, 0x61, 7, 0x0A, 1, 0, 4, 0, 4, 0])
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: String
        var role = "orders-api"
        var principal = Principal.managedIdentity(clientID: nil)
        var variation = TokenVariation.none
        var change: @Sendable (String) -> String = { $0 }
    }

    static let refusals = [
        Case(
            testDescription: "expired", reason: "the access token has expired",
            variation: TokenVariation(lifetime: .seconds(0))),
        Case(
            testDescription: "not yet valid", reason: "the access token is not valid yet",
            variation: TokenVariation(notBefore: Date(timeIntervalSince1970: 1_700_000_001))),
        Case(
            testDescription: "no expiry", reason: "the access token has expired",
            variation: TokenVariation(claims: ["exp": .null])),
        Case(
            testDescription: "expiry as a text", reason: "the access token has expired",
            variation: TokenVariation(claims: ["exp": .string("1900000000")])),
        Case(
            testDescription: "start as a text", reason: "the access token is not valid yet",
            variation: TokenVariation(claims: ["nbf": .string("0")])),
        Case(
            testDescription: "other audience", reason: "the access token is for another audience",
            variation: TokenVariation(audience: "https://vault.azure.net")),
        Case(
            testDescription: "no audience", reason: "the access token is for another audience",
            variation: TokenVariation(claims: ["aud": .null])),
        Case(
            testDescription: "other tenant", reason: "the access token is of another tenant",
            variation: TokenVariation(claims: ["tid": .string("7e57ab1e-0000-4000-8000-000000000009")])),
        Case(
            testDescription: "other issuer", reason: "the access token is of another tenant",
            variation: TokenVariation(claims: ["iss": .string("https://sts.windows.net/other/")])),
        Case(
            testDescription: "other principal", reason: "the access token is another principal's",
            principal: .application(clientID: Sample.application.clientID)),
        Case(
            testDescription: "not a member", reason: "the access token's principal is not a member of the role's group",
            role: "Order Readers", principal: .user(principalName: "bob@contoso.example")),
        Case(
            testDescription: "service for a user's role", reason: "the access token is of another kind of principal",
            role: "wrong kind"),
        Case(testDescription: "other case", reason: "the role belongs to no principal", role: "Orders-API"),
        Case(testDescription: "no mapping", reason: "the role belongs to no principal", role: "nobody"),
        Case(testDescription: "empty role", reason: "the role belongs to no principal", role: ""),
        Case(
            testDescription: "changed signature", reason: "the access token's signature is not valid",
            change: { String($0.dropLast(10)) + ($0.suffix(10).first == "A" ? "B" : "A") + $0.suffix(9) }),
        Case(
            testDescription: "changed claims", reason: "the access token's signature is not valid",
            change: { token in
                let parts = token.split(separator: ".")
                return "\(parts[0]).\(parts[1].dropLast(4))AAAA.\(parts[2])"
            }),
        Case(
            testDescription: "no signature", reason: "the access token is not signed by RS256",
            change: { token in
                let header = Data(#"{"alg":"none"}"#.utf8).base64URL
                return "\(header).\(token.split(separator: ".")[1])."
            }),
        Case(
            testDescription: "cut", reason: "the access token's signature is not valid",
            change: { String($0.dropLast(2)) }),
        Case(
            testDescription: "trailing newline", reason: "the password is not an access token", change: { $0 + "\n" }),
        Case(testDescription: "empty", reason: "the password is empty", change: { _ in "" }),
        Case(testDescription: "a plain password", reason: "the password is not an access token", change: { _ in "pw" }),
    ]

    @Test(arguments: refusals)
    func `refuses, and says why`(_ refusal: Case) async throws {
        try await Sample.withCloud { cloud, _, _ in
            let token = refusal.change(try cloud.issueToken(for: refusal.principal, refusal.variation))
            let bind = LDAPClient.bind("role=\(refusal.role)", Array(token.utf8))
            let answer = try await LDAPClient(port: cloud.ldapPort).exchange(bind)
            #expect(LDAPClient.code(answer) == 49)
            #expect(LDAPClient.reason(answer) == refusal.reason)
        }
    }

    @Test func `follows the clock it was given`() async throws {
        try await Sample.withCloud { cloud, _, clock in
            let client = LDAPClient(port: cloud.ldapPort)
            let bind = LDAPClient.bind(
                "role=orders-api", Array(try cloud.issueToken(for: .managedIdentity(clientID: nil)).utf8))
            clock.advance(by: .seconds(3599))
            let answer4 = try await client.exchange(bind)
            #expect(LDAPClient.code(answer4) == 0)
            clock.advance(by: .seconds(1))
            let answer5 = try await client.exchange(bind)
            #expect(LDAPClient.code(answer5) == 49)
        }
    }

    @Test(arguments: [100, 2_000, 8_192, 65_000])
    func `takes tokens of any length that PostgreSQL sends`(_ length: Int) async throws {
        try await Sample.withCloud { cloud, _, _ in
            let token = try cloud.issueToken(for: .managedIdentity(clientID: nil), TokenVariation(length: length))
            #expect(token.utf8.count >= length)
            let bind = LDAPClient.bind("role=orders-api", Array(token.utf8))
            let answer6 = try await LDAPClient(port: cloud.ldapPort).exchange(bind)
            #expect(LDAPClient.code(answer6) == 0)
        }
    }

    @Test(arguments: [2, 3, 4])
    func `takes lengths in more bytes than they need`(_ width: Int) async throws {
        try await Sample.withCloud { cloud, _, _ in
            let token = Array(try cloud.issueToken(for: .managedIdentity(clientID: nil)).utf8)
            let bind =
                LDAPClient.element(0x02, [3], lengthBytes: width)
                + LDAPClient.element(0x04, Array("role=orders-api".utf8), lengthBytes: width)
                + LDAPClient.element(0x80, token, lengthBytes: width)
            let message = LDAPClient.element(
                0x30, [2, 1, 5] + LDAPClient.element(0x60, bind, lengthBytes: width), lengthBytes: width)
            let answer = try await LDAPClient(port: cloud.ldapPort).exchange(message)
            #expect(LDAPClient.code(answer) == 0)
            #expect(answer[4] == 5)
        }
    }

    @Test func `refuses other versions and other ways to bind, each with its code`() async throws {
        try await Sample.withCloud { cloud, _, _ in
            let client = LDAPClient(port: cloud.ldapPort)
            let version2 = try await client.exchange(LDAPClient.bind("role=orders-api", [65], version: 2))
            #expect(LDAPClient.code(version2) == 2)
            let sasl = [0x02, 1, 3, 0x04, 0] + LDAPClient.element(0xA3, LDAPClient.element(0x04, Array("PLAIN".utf8)))
            let other = try await client.exchange(
                LDAPClient.element(0x30, [0x02, 1, 1] + LDAPClient.element(0x60, sasl)))
            #expect(LDAPClient.code(other) == 7)
        }
    }

    @Test(
        arguments: [
            [0x42, 0x00], [0x30, 0x05, 0x02, 0x01, 0x01, 0x42, 0x00], [0x30, 0x80, 0x00], [0x30, 0x00],
            [0x30, 0x85, 0, 0, 0, 0, 1, 0], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 0x83, 0x02, 0x00, 0x01],
            [0x30, 0x03, 0x02, 0x01, 0x01], [0x30, 0x05, 0x02, 0x01, 0x01, 0x60, 0x7F],
            Array("GET / HTTP/1.1\r\n\r\n".utf8),
            [0x30, 0x08, 0x02, 0x01, 0x01, 0x77, 0x03, 0x80, 0x01, 0x41],
        ] as [[UInt8]])
    func `closes the connection on an unbind and on what it does not understand`(_ bytes: [UInt8]) async throws {
        try await Sample.withCloud { cloud, _, _ in
            let reply7 = try await LDAPClient(port: cloud.ldapPort).exchange(bytes)
            #expect(reply7.isEmpty)
            // It still serves others.
            let answer = try await LDAPClient(port: cloud.ldapPort).exchange(LDAPClient.bind("role=x", [65]))
            #expect(LDAPClient.code(answer) == 49)
        }
    }

    @Test func `survives every prefix and every changed byte of a request`() {
        let sample = LDAPClient.bind("role=orders-api", Array("token".utf8))
        #expect(
            LDAPRequest(sample[...])
                == .bind(messageID: 1, version: 3, name: Array("role=orders-api".utf8), password: Array("token".utf8)))
        for end in sample.indices { #expect(LDAPRequest(sample[..<end]) == nil) }
        for index in sample.indices {
            for value in UInt8.min...UInt8.max where value != sample[index] {
                var changed = sample
                changed[index] = value
                if case .bind(_, _, let name, let password)? = LDAPRequest(changed[...]) {
                    #expect(name.count + password.count <= sample.count)
                }
            }
        }
        #expect(LDAPRequest((sample + [0])[...]) == nil)
        #expect(LDAPRequest([]) == nil)
    }

    @Test func `answers with lengths and numbers in their shortest form`() {
        let long = LDAPReply(
            messageID: 128, code: .invalidCredentials, reason: String(repeating: "x", count: 200))
        let result = [0x0A, 1, 49, 4, 0, 4, 0x81, 200] + [UInt8](repeating: UInt8(ascii: "x"), count: 200)
        #expect(long.bytes == [0x30, 0x81, 215, 2, 2, 0, 128, 0x61, 0x81, 208] + result)
        #expect(LDAPReply(messageID: 0, code: .success, reason: "").bytes.prefix(5) == [0x30, 12, 2, 1, 0])
        #expect(LDAPReply(messageID: .max, code: .success, reason: "").bytes[2...7] == [2, 4, 127, 255, 255, 255])
    }
}
