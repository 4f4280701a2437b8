package import TokenCredentials

/// The place where a profile's sign-in is kept.
///
/// Trouble with the store is reported and never thrown: it must not cost anybody the token at hand.
package struct KeptSignIn: Sendable {
    /// What was found in the store.
    package enum Finding: Sendable {
        /// Nothing is stored.
        case nothing
        /// A sign-in.
        case signIn(SignIn)
        /// Something that is not believed.
        case unusable(SignIn.Defect)
        /// The store did not serve.
        case unreachable(SecretStoreError)
    }

    private let store: any SecretStore
    private let key: SecretKey
    private let reporting: @Sendable (Diagnosis) -> Void

    /// Names the place; without a store it is this value and its copies, for as long as they live.
    package init(
        in store: (any SecretStore)?, profile: String, reporting: @escaping @Sendable (Diagnosis) -> Void = { _ in }
    ) {
        self.store = store ?? OwnMemory()
        self.key = SignIn.key(profile: profile)
        self.reporting = reporting
    }

    /// Looks without changing or reporting anything.
    package func find() async -> Finding {
        do throws(SecretStoreError) {
            guard let text = try await store.secret(for: key) else { return .nothing }
            do throws(SignIn.Defect) {
                return .signIn(try SignIn(document: text))
            } catch {
                return .unusable(error)
            }
        } catch {
            return .unreachable(error)
        }
    }

    /// Returns the sign-in, if there is one to be had.
    ///
    /// What is damaged is removed; what a later version wrote is left.
    ///
    /// Throws ``CredentialError/cancelled`` and nothing else.
    package func read() async throws(CredentialError) -> SignIn? {
        switch await find() {
        case .nothing: return nil
        case .signIn(let signIn): return signIn
        case .unusable(let defect):
            var problem = "the sign-in kept for profile \(quoted(key.profile)) \(defect)"
            if defect != .otherVersion {
                problem += ", and was removed"
                await write(nil)
            }
            reporting(Diagnosis(problem, remedy: .signInAgain, kind: .signInNeeded))
            return nil
        case .unreachable(.cancelled): throw .cancelled
        case .unreachable(let error):
            reporting(
                Diagnosis(
                    "the kept sign-in cannot be read: \(error.words)", remedy: error.remedy, kind: .misconfigured,
                    cause: error))
            return nil
        }
    }

    /// Keeps a new sign-in in place of any other.
    ///
    /// One that could not be read again is reported, and what is there stays.
    package func keep(_ signIn: SignIn) async {
        let document = signIn.document
        do throws(SignIn.Defect) {
            _ = try SignIn(document: document)
        } catch {
            let length = document.utf8.count
            let words =
                length > SignIn.limit
                ? "it is \(length) bytes long, and no more than \(SignIn.limit) are kept"
                : "what is to be kept \(error)"
            reporting(Diagnosis("the sign-in could not be kept: \(words)", remedy: Self.unkept, kind: .misconfigured))
            return
        }
        await write(document)
    }

    /// Puts what Entra sent in place of the sign-in it was sent for.
    ///
    /// Leaves alone what somebody else has stored meanwhile, and does not bring back what somebody has forgotten.
    package func replace(_ old: SignIn, with new: SignIn) async {
        switch await find() {
        case .signIn(let stored) where stored.refreshToken == old.refreshToken: await keep(new)
        case .unreachable(let error): reportUnkept(error)
        default: break
        }
    }

    /// Forgets a sign-in, unless another has taken its place.
    package func forget(_ refused: SignIn) async {
        if case .signIn(let stored) = await find(), stored.refreshToken == refused.refreshToken { await write(nil) }
    }

    /// Writes in a task of its own: whoever gives up waiting for a token must not undo a person's sign-in.
    private func write(_ text: String?) async {
        let (store, key) = (store, key)
        let error = await Task { () -> SecretStoreError? in
            do throws(SecretStoreError) {
                try await store.set(text, for: key)
                return nil
            } catch {
                return error
            }
        }.value
        if let error { reportUnkept(error) }
    }

    private static let unkept = "The token at hand is good; a later one may need a person to sign in again."

    private func reportUnkept(_ error: SecretStoreError) {
        reporting(
            Diagnosis(
                "the sign-in could not be kept: \(error.words)",
                remedy: Self.unkept,
                kind: .misconfigured, cause: error))
    }
}

extension SecretStoreError {
    /// Half a sentence.
    var words: String {
        switch self {
        case .absent(let text): "there is no secret store (\(text))"
        case .locked(let text), .hidden(let text): "the secret store is locked (\(text))"
        case .failed(let text): "the secret store did not serve (\(text))"
        case .cancelled: "the store was not waited for"
        @unknown default: "the secret store did not serve"
        }
    }

    var remedy: String {
        switch self {
        case .locked, .hidden: "Unlock the secret store, or sign in for this once."
        default: .signInAgain
        }
    }
}

extension String {
    /// What a person is told whose sign-in has come to its end.
    package static let signInAgain = "Sign in again: passgres login."
}
