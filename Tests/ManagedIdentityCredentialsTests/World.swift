import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import TokenCredentials

@testable import ManagedIdentityCredentials

/// What the tests of this target have in common: invented names, replies, and a credential with a world of its own.
enum World {
    static let resource = "https://ossrdbms-aad.database.windows.net"
    static let escaped = "https%3A%2F%2Fossrdbms-aad.database.windows.net"
    static let request = TokenRequest(resource + "/.default")
    static let client = "11111111-2222-3333-4444-555555555555"
    static let resourceID =
        "/subscriptions/s/resourceGroups/g (1)/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u"
    static let escapedResourceID =
        "%2Fsubscriptions%2Fs%2FresourceGroups%2Fg%20%281%29%2Fproviders%2FMicrosoft.ManagedIdentity"
        + "%2FuserAssignedIdentities%2Fu"
    static let secret = "header.secret-0f9c"
    static let token = "eyJ0.invented-token.sig"
    static let start = Date(timeIntervalSince1970: 1_700_000_000)
    static let imds = "http://127.0.0.1:9/metadata/identity/oauth2/token"
    static let imdsEnvironment: ProcessEnvironment = ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9"]
    static let reply = HTTPResponse.text(
        #"{"access_token":"\#(token)","expires_on":"1700003600","token_type":"Bearer"}"#)
    /// By which IMDS tells itself from whatever else may answer at its address.
    static let header = (name: "Server", value: "IMDS/150.870.65.1324")
    static let present = HTTPResponse.text("", status: 400, headers: [header])

    static func credential(
        _ identity: ManagedIdentity? = nil, _ environment: ProcessEnvironment, http: any HTTPTransport,
        files: MemoryFiles = MemoryFiles(), clock: any WallClock = ManualClock(),
        patience: ManagedIdentityCredential.Patience = .probing(.seconds(1)), keys: any KeyDirectory = MemoryKeys()
    ) -> ManagedIdentityCredential {
        ManagedIdentityCredential(
            identity, environment: environment, files: files, http: http, clock: clock, patience: patience, keys: keys)
    }
}

extension TokenCredential {
    func outcome(for request: TokenRequest = World.request) async -> Result<AccessToken, CredentialError> {
        do throws(CredentialError) {
            return .success(try await token(for: request))
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Success == AccessToken, Failure == CredentialError {
    /// The class of the outcome in a word, as tables of tests have it.
    var word: String {
        switch self {
        case .success: "token"
        case .failure(.unavailable): "unavailable"
        case .failure(.failed): "failed"
        case .failure(.cancelled): "cancelled"
        }
    }

    var diagnosis: Diagnosis? {
        if case .failure(let error) = self { error.diagnosis } else { nil }
    }

    /// Everything that printing, reflecting and dumping shows.
    var shown: String {
        var text = "\(self) " + String(reflecting: self)
        dump(self, to: &text)
        if case .failure(let error) = self {
            text += "\(error) " + String(reflecting: error)
            dump(error, to: &text)
            if let diagnosis = error.diagnosis { text += "\(diagnosis)" + String(reflecting: diagnosis) }
        }
        return text
    }
}

/// Keys in memory, and one answer for all others.
struct MemoryKeys: KeyDirectory {
    var keys: [String: String] = [:]
    var otherwise = KeyFileError.absent
    let path = ArcChallenge.directory

    func key(named name: String) throws(KeyFileError) -> [UInt8] {
        guard let key = keys[name] else { throw otherwise }
        return Array(key.utf8)
    }
}
