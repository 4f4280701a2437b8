import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// How the members of the chain share their tokens between processes.
struct SharedMembers: Sendable {
    let environment: ProcessEnvironment
    /// Told why tokens cannot be shared.
    let reporting: @Sendable (Diagnosis) -> Void

    /// A credential that shares its tokens if it says whose they are; otherwise itself: whoever types a new secret wants it
    /// tried.
    ///
    /// - Parameter wrapped: The same credential in whatever goes round it.
    func sharing(_ credential: any TokenCredential, as wrapped: any TokenCredential) -> any TokenCredential {
        let directory = SharedTokenDirectory.standard(environment: environment)
        if let signIns = credential as? SecretStoreCredential {
            return SharedSignIn(
                base: wrapped, signIns: signIns, directory: directory, environment: environment, reporting: reporting)
        }
        guard let owned = credential as? any SharableCredential else { return wrapped }
        let authority = environment["AZURE_AUTHORITY_HOST"]
        return SharedTokenCredential(
            wrapped, ownedBy: { owned.tokenOwner.map { SharedTokenIdentity($0, authority: authority) } },
            in: directory, reporting: reporting)
    }
}
