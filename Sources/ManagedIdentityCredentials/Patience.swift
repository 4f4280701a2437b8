extension ManagedIdentityCredential {
    /// How long to wait for the instance metadata service (IMDS) to appear.
    ///
    /// Of no account on a host that names its endpoint in a variable.
    @nonexhaustive
    public enum Patience: Hashable, Sendable {
        /// Asks once whether anybody is there and waits that long for the whole answer; for one credential among several.
        ///
        /// Does not ask at all on a machine that says that it is not one of Azure's. Once somebody has answered, a
        /// request for a token is repeated as with ``persistent``.
        case probing(Duration)
        /// Asks for a token at 0, 2, 6, 14 and 30 seconds, and while the service is being updated for 70; for the only
        /// credential of a program, which may start before its identity is there: where the service says that there is no
        /// such identity, it is asked until 14 seconds are over.
        case persistent
    }
}
