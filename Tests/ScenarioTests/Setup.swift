import FoundationEssentials
import TokenCredentials

/// What is particular about a scenario beside variables, files, requests and programs: `setup.json`.
struct Setup: Decodable {
    /// Whether the credential's name is the only one in the list.
    var alone: Bool?
    /// The time at the start, in seconds since 1970.
    var now: Double?
    /// The tenant that the request names.
    var tenant: String?
    /// The claims that the request demands.
    var claims: String?
    /// The object or resource id of a managed identity that the caller names; its kind is told by its form.
    var identity: String?
    /// Files that cannot be read, by path, and why: a word or an error number.
    var faults: [String: String]?
    /// Whether a person sits there to whom a code can be shown.
    var person: Bool?
    /// Why the secret store does not serve: `absent`, `locked` or `failed`.
    var store: String?
    /// A sign-in that an earlier run has kept.
    var kept: JSONValue?

    var request: TokenRequest {
        TokenRequest(AzureCloud.public.postgresScope, tenant: tenant, claims: claims)
    }

    var start: Date { Date(timeIntervalSince1970: now ?? 1_700_000_000) }

    /// Why the secret store cannot be read.
    var storeFault: SecretStoreError? {
        switch store {
        case nil: nil
        case "absent": .absent("no secret service is on the bus")
        case "locked": .locked("the collection is locked")
        default: .failed("it did not answer")
        }
    }

    /// Why a file cannot be read.
    func fault(at path: String) -> FileError.Reason? {
        switch faults?[path] {
        case nil: nil
        case "tooLarge": .tooLarge(limit: 65_536)
        case "notARegularFile": .notARegularFile
        case let number?: .system(errno: Int32(number) ?? 5)
        }
    }
}
