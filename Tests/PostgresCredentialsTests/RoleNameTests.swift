import Foundation
import Testing
import TokenCredentials

@testable import PostgresCredentials

@Suite struct `The role of a token` {
    static let identity =
        "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
    static let machine = "/subscriptions/s/resourcegroups/g/providers/Microsoft.Compute/virtualMachines/vm1"

    static let named: [(String, String, String)] = [
        (#"{"upn":"a@t.example"}"#, "a@t.example", "upn"),
        (#"{"preferred_username":"a@t"}"#, "a@t", "preferred_username"),
        (#"{"unique_name":"a@t"}"#, "a@t", "unique_name"),
        (#"{"upn":"a","preferred_username":"b","unique_name":"c"}"#, "a", "upn"),
        (#"{"preferred_username":"b","unique_name":"c"}"#, "b", "preferred_username"),
        (#"{"xms_mirid":"\#(identity)app"}"#, "app", "xms_mirid"),
        (#"{"xms_mirid":"\#(identity)App One","upn":"a"}"#, "App One", "xms_mirid"),
        (#"{"xms_mirid":"\#(identity.lowercased())App"}"#, "App", "xms_mirid"),
        (#"{"xms_mirid":"\#(identity.uppercased())App"}"#, "App", "xms_mirid"),
        (#"{"xms_mirid":"\#(machine)","upn":"a"}"#, "a", "upn"), (#"{"xms_mirid":"","upn":"a"}"#, "a", "upn"),
        (#"{"xms_mirid":"\#(identity)","upn":"a"}"#, "a", "upn"), (#"{"xms_mirid":7,"upn":"a"}"#, "a", "upn"),
        (#"{"xms_mirid":null,"unique_name":"c"}"#, "c", "unique_name"),
        (#"{"xms_mirid":["\#(identity)x"],"upn":"a"}"#, "a", "upn"),
        (#"{"xms_mirid":"\#(identity)x/y","upn":"a"}"#, "a", "upn"), (#"{"xms_mirid":"x","upn":"a"}"#, "a", "upn"),
        (#"{"xms_mirid":"providers/Microsoft.ManagedIdentity/userAssignedIdentities/n"}"#, "n", "xms_mirid"),
        (#"{"upn":"","preferred_username":"b"}"#, "b", "preferred_username"),
        (#"{"upn":null,"unique_name":"c"}"#, "c", "unique_name"),
        (#"{"upn":5,"preferred_username":true,"unique_name":"c"}"#, "c", "unique_name"),
        (#"{"upn":"bob_home.example#EXT#@t.onmicrosoft.com"}"#, "bob_home.example#EXT#@t.onmicrosoft.com", "upn"),
        (#"{"unique_name":"live.com#a@b","upn":"a_b#EXT#@t"}"#, "a_b#EXT#@t", "upn"),
        (#"{"unique_name":"a@t","idp":"https://sts.windows.net/T1/","tid":"t1"}"#, "a@t", "unique_name"),
        (#"{"unique_name":"a@t","idp":"https://i/","iss":"https://i/"}"#, "a@t", "unique_name"),
        (#"{"upn":"a@t","idp":"https://sts.windows.net/t2/","tid":"t1"}"#, "a@t", "upn"),
        (#"{"upn":"Prod DB Readonly "}"#, "Prod DB Readonly ", "upn"), (#"{"upn":"日本"}"#, "日本", "upn"),
        (#"{"upn":"A@T"}"#, "A@T", "upn"),
        (#"{"upn":"x\u0000y","unique_name":"c"}"#, "c", "unique_name"),
    ]

    @Test(arguments: named)
    func `is the first claim that names one`(_ claims: String, _ name: String, _ claim: String) throws {
        let role = try RoleName(for: token(claims))
        #expect(role.name == name)
        #expect(role.source == .claim(claim))
        #expect(role.reason.contains(claim))
    }

    @Test(arguments: [
        (#"{"xms_mirid":"\#(machine)"}"#, "vm1"), (#"{"xms_mirid":"\#(machine)","appid":"1","upn":""}"#, "vm1"),
        (#"{"xms_mirid":"\#(machine.uppercased())"}"#, "VM1"),
        (#"{"xms_mirid":"/subscriptions/s/providers/Microsoft.Example/kinds/a b"}"#, "a b"),
        (#"{"xms_mirid":"\#(machine)","unique_name":"live.com#a@b"}"#, "vm1"),
    ])
    func `is guessed from the resource of a system-assigned identity, last of all`(
        _ claims: String, _ name: String
    ) throws {
        let role = try RoleName(for: token(claims))
        #expect(role.name == name)
        #expect(role.reason.contains("guess"), "\(role.reason)")
        #expect(role.warnings.contains { $0.contains("guess") && $0.contains("object id") }, "\(role.warnings)")
        #expect(try RoleName(said: name, for: token(claims)).warnings == [])
    }

    @Test(arguments: [
        "\(machine)/", "\(machine)/extensions/x", "/subscriptions/s/resourcegroups/g/providers/Microsoft.Compute/vm1",
        "/subscriptions/s/providers/P/T/N/providers/P/T/N", "\(identity)", "\(identity)x/y", "a/b/c", "/P/T/N",
        "/subscriptions/s/providers//T/N",
    ])
    func `is not guessed from another path`(_ path: String) {
        #expect(throws: RoleNameError.self) { try RoleName(for: token(#"{"xms_mirid":"\#(path)"}"#)) }
    }

    @Test(
        arguments: [
            (#"{}"#, [], nil), (#"{"appid":"1","oid":"2","sub":"3"}"#, ["appid", "oid", "sub"], "application"),
            (#"{"idtyp":"app","oid":"2"}"#, ["idtyp", "oid"], "application"), (#"{"azp":"1"}"#, ["azp"], "application"),
            (#"{"xms_mirid":"\#(machine)/extensions/x","appid":"1"}"#, ["appid", "xms_mirid"], "system-assigned"),
            (#"{"unique_name":"live.com#a@b"}"#, ["unique_name"], "guest"),
            (#"{"unique_name":"Live.com#a@b"}"#, ["unique_name"], "guest"),
            (
                #"{"unique_name":"a@b","idp":"https://sts.windows.net/t2/","tid":"t1"}"#,
                ["idp", "tid", "unique_name"], "guest"
            ),
            (#"{"unique_name":"a@b","idp":"google.com","tid":"t1"}"#, ["idp", "tid", "unique_name"], "guest"),
            (#"{"unique_name":"a@b","idp":"mail"}"#, ["idp", "unique_name"], "guest"), (#"{"upn":""}"#, ["upn"], nil),
            (#"{"name":"A B","groups":["g"]}"#, ["groups", "name"], nil), (#"{"a\nb":1,"":2,"ok":3}"#, ["ok"], nil),
        ] as [(String, [String], String?)])
    func `is not guessed, and what was there is listed`(_ claims: String, _ names: [String], _ hint: String?) throws {
        let error = #expect(throws: RoleNameError.self) { try RoleName(for: token(claims)) }
        #expect(error?.claims == names)
        #expect((error?.hint == nil) == (hint == nil))
        if let hint { #expect(error?.hint?.contains(hint) == true) }
        for name in names { #expect(error?.description.contains(name) == true) }
    }

    @Test(arguments: ["ya29.opaque", "a.b", "", "a.b.c", "....", "eyJ.%%.c"])
    func `is not in a token without claims`(_ secret: String) {
        let error = #expect(throws: RoleNameError.self) {
            try RoleName(for: AccessToken(secret: secret, expiresAt: .now))
        }
        #expect(error?.claims == nil)
        if !secret.isEmpty { #expect(!shown(error as Any).contains(secret)) }
    }

    @Test func `is the one said, then the one the credential names`() throws {
        let claims = token(#"{"upn":"claimed"}"#)
        let named = AccessToken(secret: claims.secret, expiresAt: .now, user: "named")
        #expect(try RoleName(said: "said", for: named) == RoleName(said: "said", for: claims))
        #expect(try RoleName(said: "said", for: named).source == .explicit)
        #expect(try RoleName(for: named).name == "named")
        #expect(try RoleName(for: named).source == .credential)
        #expect(try RoleName(said: "", for: claims).name == "claimed")
        #expect(throws: RoleNameError.self) { try RoleName(said: "a\0b", for: claims) }
    }

    @Test(arguments: [
        ("short", 0), (String(repeating: "x", count: 63), 0), (String(repeating: "x", count: 64), 1),
        (String(repeating: "日", count: 22), 1), ("6f1e2d3c-0000-4abc-9DEF-0123456789ab", 1),
        ("6f1e2d3c-0000-4abc-9def-0123456789ag", 0),
        ("6f1e2d3c00004abc9def0123456789ab", 0),
    ])
    func `comes with a warning where it will not do`(_ name: String, _ count: Int) throws {
        #expect(try RoleName(said: name, for: token("{}")).warnings.count == count)
    }
}

/// A token with these claims and no signature to speak of.
func token(_ claims: String) -> AccessToken {
    let secret = "eyJhbGciOiJSUzI1NiJ9.\(Data(claims.utf8).base64URL).c2lnbmF0dXJl"
    return AccessToken(secret: secret, expiresAt: Date(timeIntervalSince1970: 2_000_000_000))
}
