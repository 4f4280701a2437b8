extension FailureTable {
    /// What stands between a program and the desktop's secret store.
    static let keyrings: [Failure] = [
        Failure(
            "K01", "There is no session bus",
            seenAs: ["Cannot autolaunch D-Bus", "Cannot spawn a message bus", "DBUS_SESSION_BUS_ADDRESS"],
            cause: "Over SSH, in a container and in cron there is no session bus, so there is no secret store.",
            remedy: """
                Keep the sign-in in a file, passgres login --keep-in file, or use a credential that keeps nothing: \
                environment, managed-identity or azure-cli.
                """,
            checks: [.credential]),
        Failure(
            "K02", "No keyring answers",
            seenAs: ["org.freedesktop.secrets was not provided", "secret service is not available"],
            cause: "The session bus is there, and no program offers a secret store.",
            remedy: "Start one (gnome-keyring, KWallet), or keep the sign-in in a file: passgres login --keep-in file.",
            checks: [.credential]),
        Failure(
            "K03", "The keyring does not keep",
            seenAs: ["Persistence check failed", "LibSecret is installed but D-Bus"],
            cause: "What was written to the secret store cannot be read back: it is locked, or there is none.",
            remedy: "Unlock it, or use another credential.", checks: [.credential]),
        Failure(
            "K04", "The keyring is locked",
            seenAs: [
                "Cannot create an item in a locked collection", "collection is locked", "keyring is locked",
                "prompt was dismissed", "Secret.Error.IsLocked", "failed to unlock correct collection",
                "Failed to unlock the collection", "Failed to unlock the item",
            ],
            cause: "The secret store is locked, and nobody unlocked it.",
            remedy: "Unlock it, by signing in at the desktop.",
            checks: [.credential]),
    ]
}
