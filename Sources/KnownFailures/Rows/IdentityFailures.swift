extension FailureTable {
    /// What the endpoints of managed identities say.
    static let identities: [Failure] = [
        Failure(
            "I01", "The identity is not assigned",
            seenAs: ["Identity not found", "no identity is assigned", "has no identity assigned"],
            cause: "No such managed identity is assigned to this machine, or not for long enough to be known.",
            remedy: "Assign it, and wait a minute; if it is user-assigned, check --client-id {client}.",
            checks: [.credential]),
        Failure(
            "I02", "Several identities are assigned",
            seenAs: ["Multiple user assigned identities exist"],
            cause: "The machine has several user-assigned identities, and the request names none.",
            remedy: "Name one: --client-id ID, or AZURE_CLIENT_ID.", checks: [.credential]),
        Failure(
            "I03", "The identity endpoint is asked too often",
            seenAs: [
                "request was throttled locally", "Too Many Requests…identity", "identity…HTTP status: 429",
                "too many requests (429)",
            ],
            cause: "Many processes of this machine ask for tokens at once.",
            remedy: "Wait as long as it says, and let one process keep the password for the others: passgres keep.",
            checks: [.credential]),
        Failure(
            "I04", "The identity endpoint is being updated",
            seenAs: ["identity…HTTP status: 410", "IMDS…410 Gone", "Managed Identity…upgrading"],
            cause: "The platform updates the endpoint; that takes up to 70 seconds.", remedy: "Try again in a minute.",
            checks: [.credential]),
        Failure(
            "I05", "A proxy stands before the identity endpoint",
            seenAs: [
                "169.254.169.254…502 Bad Gateway", "169.254.169.254…504 Gateway", "proxy says that",
                "Unable to connect to proxy…169.254.169.254",
            ],
            cause: "The program sends requests for the link-local address through HTTP_PROXY.",
            remedy: "Add 169.254.169.254 to NO_PROXY; passgres never asks a proxy for it.", checks: [.credential]),
        Failure(
            "I06", "The endpoint was asked without a resource",
            seenAs: ["parameter resource cannot be empty"],
            cause: "A program probes the endpoint in a way that a pod identity proxy does not take.",
            remedy: "Use a newer version of that program; passgres names the resource.", checks: [.credential]),
        Failure(
            "I07", "There is no identity endpoint here",
            seenAs: [
                "ManagedIdentityCredential authentication unavailable", "No Managed Identity endpoint found",
                "no managed identity endpoint", "169.254.169.254…i/o timeout",
            ],
            cause: "This machine is not on Azure, or the pod started before its identity was ready.",
            remedy: "Elsewhere than on Azure use another credential: passgres login; in a pod try again.",
            checks: [.credential]),
        Failure(
            "I08", "The metadata header is missing",
            seenAs: ["bad_request_102", "Required metadata header not specified"],
            cause: "A request without Metadata: true came to the endpoint, as a proxy or a forgery would send it.",
            remedy: "Ask the endpoint directly, with the header.", checks: [.credential]),
        Failure(
            "I09", "The endpoint's key cannot be read",
            seenAs: ["/var/opt/azcmagent/tokens…Permission denied", "azcmagent", "himds"],
            cause: "On a machine of Azure Arc only members of the group himds may read the key.",
            remedy: "Run usermod -aG himds with the user's name, and sign in to the machine again.",
            checks: [.credential]),
    ]
}
