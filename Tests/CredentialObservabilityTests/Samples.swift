import CredentialTesting
import FoundationEssentials
import TokenCredentials

let sampleTime = Date(timeIntervalSince1970: 1_800_000_000)
let sampleRequest = TokenRequest("https://db.example/.default")
let secret = "eyJ-a-secret-token"

/// A credential of every outcome, with the word for it.
let outcomes: [(credential: StubCredential, outcome: String)] = [
    (
        StubCredential("stub", .success(AccessToken(secret: secret, expiresAt: sampleTime.addingTimeInterval(3600)))),
        "token"
    ),
    (StubCredential("stub", .failure(.unavailable(Diagnosis("there is none here")))), "unavailable"),
    (StubCredential("stub", .failure(.failed(Diagnosis("the secret is wrong", remedy: "Set another.")))), "failed"),
    (StubCredential("stub", .failure(.cancelled)), "cancelled"),
]
