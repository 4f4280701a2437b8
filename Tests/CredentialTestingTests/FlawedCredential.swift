import CredentialHTTP
import CredentialTesting
import FoundationEssentials
import TokenCredentials

/// What an author may get wrong.
enum Flaw: CaseIterable {
    case none, shoutedName, changingName, failsWhereNothingIsSet, tokenWhereNothingIsSet, saysNothing, noToken
    case staleToken, endedToken, brokenToken, deafToCancellation, otherErrorWhenCancelled, oneCallOnly
    case secretInError, secretInDescription, hangs

    var rules: Set<ConformanceViolation.Rule> {
        switch self {
        case .none: []
        case .shoutedName, .changingName: [.name]
        case .failsWhereNothingIsSet, .tokenWhereNothingIsSet, .saysNothing: [.absence]
        case .noToken: [.token, .cancellation, .concurrency]
        case .staleToken, .endedToken: [.expiry]
        case .brokenToken: [.token]
        case .deafToCancellation, .otherErrorWhenCancelled: [.cancellation]
        case .oneCallOnly: [.concurrency, .cancellation]
        case .secretInError, .secretInDescription: [.secrecy]
        case .hangs: [.deadline, .cancellation, .concurrency]
        }
    }
}

/// A credential with one flaw.
final class FlawedCredential: TokenCredential {
    private let flaw: Flaw
    private let situation: CredentialConformance.Situation
    private let secret: String?
    private let calls = Guarded(0)
    private let names = Guarded(0)

    init(_ flaw: Flaw, _ situation: CredentialConformance.Situation, _ environment: ProcessEnvironment) {
        self.flaw = flaw
        self.situation = situation
        secret = environment["VAULT_TOKEN"]
    }

    var name: String {
        switch flaw {
        case .shoutedName: "My Vault"
        case .changingName: "vault-\(Self.next(names))"
        default: "vault"
        }
    }

    private static func next(_ count: borrowing Guarded<Int>) -> Int {
        count.withLock { number in
            number += 1
            return number
        }
    }

    func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard let secret else { return try absence() }
        let number = Self.next(calls)
        switch flaw {
        case .hangs: await Self.hang()
        case .noToken: throw .failed("the vault is sealed")
        case .oneCallOnly where number > 1: throw .failed("the vault answers once")
        default: break
        }
        if situation == .silent { return try await silence() }
        let ends: TimeInterval = situation == .stale || flaw == .endedToken ? -60 : 600
        if situation == .stale, flaw != .staleToken {
            throw .failed(Diagnosis("the vault gave an old token\(flaw == .secretInError ? " for \(secret)" : "")"))
        }
        return AccessToken(
            secret: flaw == .brokenToken ? "a\0b" : "vault-token", expiresAt: Date.now.addingTimeInterval(ends))
    }

    private func absence() throws(CredentialError) -> AccessToken {
        switch flaw {
        case .failsWhereNothingIsSet: throw .failed("VAULT_TOKEN is not set")
        case .tokenWhereNothingIsSet: return AccessToken(secret: "anybody", expiresAt: .distantFuture)
        case .saysNothing: throw .unavailable("")
        default: throw .unavailable("VAULT_TOKEN is not set")
        }
    }

    private func silence() async throws(CredentialError) -> AccessToken {
        if flaw == .deafToCancellation { await Self.hang() }
        do {
            _ = try await StubTransport.silent.send(HTTPRequest(.get, "http://127.0.0.1"))
        } catch {}
        throw flaw == .otherErrorWhenCancelled ? .failed("the vault did not answer") : .cancelled
    }

    /// Waits for longer than anybody, whatever happens to the task.
    private static func hang() async {
        await withCheckedContinuation { continuation in
            Task.detached {
                try? await Task.sleep(for: .seconds(60))
                continuation.resume()
            }
        }
    }
}

extension FlawedCredential: CustomStringConvertible, CustomReflectable {
    var description: String { flaw == .secretInDescription ? "vault with \(secret ?? "nothing")" : "vault" }
    var customMirror: Mirror { Mirror(self, children: ["credential": description]) }
}
