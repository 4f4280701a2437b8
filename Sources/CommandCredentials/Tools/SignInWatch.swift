package import TokenCredentials

/// Keeps a tool's tokens until they near their end, or until somebody signs in to the tool anew.
///
/// A tool speaks for whoever is signed in to it now; that is why others keep none of its tokens and start it each time,
/// a second or more. Whoever signs in, signs out or changes the account writes the tool's files, so a look at them is
/// enough to know that the token is still that person's.
package final class SignInWatch: TokenKeeping, CredentialWrapper {
    private typealias Stamps = [TokenRequest: [SignInFiles.Stamp]]

    /// Asks the tool, and remembers the state in which its files were.
    private final class Stamping: CredentialWrapper {
        let base: any TokenCredential
        let files: SignInFiles
        let stamps = Guarded<Stamps>([:])

        init(_ base: any TokenCredential, _ files: SignInFiles) {
            self.base = base
            self.files = files
        }

        func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
            let settings = files.settingsStamp
            let token = try await base.token(for: request)
            let key = request.withoutWishes
            // The tool may have written its own tokens; a sign-in meanwhile shows in the settings, taken before.
            let stamp = [settings, files.tokensStamp]
            stamps.withLock { $0[key] = stamp }
            return token
        }
    }

    private let stamping: Stamping
    private let cache: CachedCredential

    /// Wraps the credential that runs the tool.
    package init(_ base: any TokenCredential, watching files: SignInFiles, clock: any WallClock) {
        stamping = Stamping(base, files)
        // The tools keep tokens too and hand out a new one in the last five minutes of the old: asking earlier is vain.
        let policy = RenewalPolicy(ahead: .seconds(270), longLife: .seconds(172_800), jitter: 0)
        cache = CachedCredential(stamping, renewing: policy, clock: clock)
    }

    /// The files that are watched.
    package var files: SignInFiles { stamping.files }
    package var base: any TokenCredential { cache }
    package var keepsTokens: Bool { true }

    package func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
        guard request.claims == nil else { return try await cache.token(for: request) }
        forgetIfSignInChanged(request)
        let token = try await cache.token(for: request)
        // A run that somebody else had begun before the sign-in may have answered.
        guard forgetIfSignInChanged(request) else { return token }
        return try await cache.token(for: request)
    }

    /// Forgets the token if it may be somebody else's, and says whether it was so.
    @discardableResult
    private func forgetIfSignInChanged(_ request: TokenRequest) -> Bool {
        let key = request.withoutWishes
        let stamp = [stamping.files.settingsStamp, stamping.files.tokensStamp]
        return stamping.stamps.withLock { [cache] stamps in
            guard let kept = stamps[key], kept != stamp else { return false }
            stamps[key] = nil
            // Under the lock, so that nobody forgets the token of a later run.
            cache.drop(key)
            return true
        }
    }
}

extension TokenRequest {
    /// The request by which its token is kept.
    fileprivate var withoutWishes: TokenRequest {
        var request = self
        request.minimumValidity = nil
        request.claims = nil
        return request
    }
}
