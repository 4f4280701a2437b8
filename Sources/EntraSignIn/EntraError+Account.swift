import EntraTokenEndpoint

/// Refusals of an exchange that say nothing against the refresh token, although the word is `invalid_grant`.
extension EntraError {
    /// Whether the tenant that was asked does not know the account; its own directory still does.
    var knowsNoAccount: Bool { code.map { [16000, 50014, 50020, 50034, 51004, 90072].contains($0) } ?? false }

    /// Whether a second factor is demanded, for what was asked this time.
    var demandsFactor: Bool { code.map { [50072, 50074, 50076, 50078, 50079, 50158].contains($0) } ?? false }
}
