public import TokenCredentials

extension SharedToken {
    /// The tokens that a secret store keeps and that have not ended, without the tokens themselves, sorted by credential and
    /// end.
    ///
    /// Throws ``SecretStoreError`` where the store does not serve.
    public static func kept(
        in store: any SecretListing, clock: any WallClock = SystemClock()
    ) async throws(SecretStoreError) -> [SharedToken] {
        let now = clock.now
        var tokens: [SharedToken] = []
        for profile in try await store.profiles(ofKind: EntryKey.kind) {
            let key = SecretKey(kind: EntryKey.kind, profile: profile)
            guard let text = try await store.secret(for: key), let entry = TokenEntry(text, now: now),
                entry.key.secretKey == key, entry.expiresAt > now
            else { continue }
            tokens.append(SharedToken(entry))
        }
        return tokens.sorted { ($0.credential, $0.expiresAt) < ($1.credential, $1.expiresAt) }
    }

    /// Forgets every token that a secret store keeps, damaged ones too.
    ///
    /// Returns how many there were.
    ///
    /// Throws ``SecretStoreError`` where the store does not serve.
    @discardableResult
    public static func forgetAll(in store: any SecretListing) async throws(SecretStoreError) -> Int {
        let profiles = try await store.profiles(ofKind: EntryKey.kind)
        for profile in profiles {
            try await store.set(nil, for: SecretKey(kind: EntryKey.kind, profile: profile))
        }
        return profiles.count
    }
}
