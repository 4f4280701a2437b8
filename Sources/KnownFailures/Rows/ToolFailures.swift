extension FailureTable {
    /// What the Azure CLI says.
    static let tools: [Failure] = [
        Failure(
            "C01", "The Azure CLI's cache is locked",
            seenAs: ["msal_token_cache…lockfile", "portalocker.exceptions.LockException"],
            cause: "Several az ran at once, or one ran as root, and the lock of its token cache is another's.",
            remedy: "Give ~/.azure back to its owner, and let one process ask for all: passgres keep.",
            checks: [.credential]),
        Failure(
            "C02", "The Azure CLI's cache is torn",
            seenAs: ["JSONDecodeError: Extra data"],
            cause: "A file of the token cache was written by two az at once.",
            remedy: "Run az account clear and az login.", checks: [.credential]),
        Failure(
            "C03", "The Azure CLI is slow",
            seenAs: ["az account get-access-token…timed out", "AzureCliCredential…timed out", "az took longer"],
            cause: "az can take 10 seconds and more to start.",
            remedy: "Give it longer with --timeout, or sign in once with passgres login.",
            checks: [.credential]),
        Failure(
            "C04", "Cloud Shell is not signed in", seenAs: ["localhost:50342/oauth2/token"],
            cause: "The endpoint of Cloud Shell does not serve this resource.", remedy: "Run az login there.",
            checks: [.credential]),
        Failure(
            "C05", "Nobody is signed in to the Azure CLI",
            seenAs: [
                "Please run 'az login'", "Please run \"az login\"", "az login to setup account",
                "nobody is signed in to az",
            ],
            cause: "az is there, and nobody has signed in.", remedy: "Run az login, or passgres login.",
            checks: [.credential]),
        Failure(
            "C06", "The Azure CLI is not there",
            seenAs: ["az: command not found", "Azure CLI not found on path", "az: not found"],
            cause: "No az is on PATH.", remedy: "Install it, or sign in without it: passgres login.",
            checks: [.credential]),
        Failure(
            "C07", "The subscription is of another account",
            seenAs: ["The subscription of{subject} doesn't exist", "doesn't exist in cloud"],
            cause: "az was told a subscription that the account signed in does not have.",
            remedy: "Run az account list, and az account set; passgres asks for a tenant, never for a subscription.",
            checks: [.credential]),
    ]
}
