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
/// The system-assigned identity of a virtual machine.
let sampleMachine: [String: JSONValue?] = [
    "idtyp": .string("app"),
    "xms_mirid": .string("/subscriptions/s/resourcegroups/g/providers/Microsoft.Compute/virtualMachines/vm-1"),
]
/// An application, whose token says by what name people see it.
let sampleApplication: [String: JSONValue?] = ["idtyp": .string("app"), "app_displayname": .string("Orders App")]
let samplePerson: [String: JSONValue?] = [
    "idtyp": .string("user"), "upn": .string("ada@contoso.example"), "name": .string("Ada Lovelace"),
]
let sampleGuest: [String: JSONValue?] = [
    "idtyp": .string("user"), "upn": .string("bob_home.example#EXT#@contoso.example"),
    "unique_name": .string("bob@home.example"),
]
/// A person who is in a group.
let sampleMember = samplePerson.merging(["groups": .array([.string("7e57ab1e-0000-4000-8000-0000000000fe")])]) { $1 }
/// Persons in too many groups to list, in the two ways that tokens say so.
let sampleBusyPerson = samplePerson.merging(["hasgroups": .bool(true)]) { $1 }
let sampleVeryBusyPerson = samplePerson.merging([
    "_claim_names": .object(["groups": .string("src1")]), "_claim_sources": .object([:]),
]) { $1 }
