import Foundation
import TokenCredentials

/// A token that nobody signed, with these claims besides those every token has.
func sampleToken(_ claims: [String: JSONValue?] = [:], from now: Date = sampleTime) -> AccessToken {
    var all: [String: JSONValue] = [
        "aud": .string("https://ossrdbms-aad.database.windows.net"),
        "oid": .string("7e57ab1e-0000-4000-8000-0000000000b2"),
        "tid": .string("7e57ab1e-0000-4000-8000-000000000001"),
        "appid": .string("7e57ab1e-0000-4000-8000-0000000000b1"),
        "exp": .number(now.timeIntervalSince1970 + 3_600), "nbf": .number(now.timeIntervalSince1970),
    ]
    for (name, value) in claims { all[name] = value }
    let payload = (try? JSONEncoder().encode(JSONValue.object(all))) ?? Data()
    let secret = "\(Data("{\"alg\":\"none\"}".utf8).base64URL).\(payload.base64URL).c2lnbmF0dXJl"
    return AccessToken(secret: secret, expiresAt: now.addingTimeInterval(3_600))
}

let sampleTime = Date(timeIntervalSince1970: 1_800_000_000)
let sampleService: [String: JSONValue?] = [
    "idtyp": .string("app"),
    "xms_mirid": .string(
        "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders-api"),
]
let samplePerson: [String: JSONValue?] = ["idtyp": .string("user"), "upn": .string("ada@contoso.example")]
