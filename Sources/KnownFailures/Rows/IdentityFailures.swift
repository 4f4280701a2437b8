extension FailureTable {
    /// What the endpoints of managed identities say.
    static let identities: [Failure] = [
        Failure(
            "I01", "The identity is not assigned",
            seenAs: [
                "Identity not found", "no identity is assigned", "no default identity is assigned",
                "has no identity assigned",
            ],
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
            seenAs: ["identity…HTTP status: 410", "IMDS…410 Gone", "410 (Gone)", "Managed Identity…upgrading"],
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
                "no managed identity endpoint",
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
            seenAs: [
                "/var/opt/azcmagent/tokens…Permission denied", "Permission denied…/var/opt/azcmagent/tokens",
                "/var/opt/azcmagent/tokens may not be read", "usermod -aG himds",
            ],
            cause: "On a machine of Azure Arc only members of the group himds may read the key.",
            remedy: "Run usermod -aG himds with the user's name, and sign in to the machine again.",
            checks: [.credential]),
        Failure(
            "I10", "The Arc agent's key file is not there",
            seenAs: [
                "/var/opt/azcmagent/tokens is not there", "/var/opt/azcmagent/tokens is empty",
                "/var/opt/azcmagent/tokens could not be read", "/var/opt/azcmagent/tokens…No such file",
            ],
            cause: "The agent names a key file that it has not written, or not whole.",
            remedy: "Try again; if it stays so, restart the agent: systemctl restart himds.", checks: [.credential]),
        Failure(
            "I11", "The Arc agent's key file is somebody else's",
            seenAs: [
                "/var/opt/azcmagent/tokens is a symbolic link", "/var/opt/azcmagent/tokens is not a regular file",
                "/var/opt/azcmagent/tokens is longer than", "/var/opt/azcmagent/tokens belongs to neither",
            ],
            cause:
                "What lies where the agent's key should is none that the agent writes: somebody may have put it there.",
            remedy: "Find out who did, before you trust this machine's agent.", checks: [.credential]),
        Failure(
            "I12", "What answers in the Arc agent's place is not the agent",
            seenAs: [
                "Arc agent answered 401 without", "Arc agent answered with a challenge of another kind",
                "Arc agent answered without its challenge", "Arc agent names a key file",
                "WWW-Authenticate header in the response from Azure Arc",
            ],
            cause: "The address of the agent is answered by something that does not prove itself as the agent does.",
            remedy: "Update the agent, and check that it listens at the address in IDENTITY_ENDPOINT: azcmagent show.",
            checks: [.credential]),
        Failure(
            "I13", "The Arc agent does not know which identity is meant",
            seenAs: ["Arc agent does not say that its token is that of", "Arc agent gave a token of another identity"],
            cause: "An agent of old gives out the machine's own token, whichever identity is asked for.",
            remedy: "Update the agent to one that knows user-assigned identities, or name none.",
            checks: [.credential]),
        Failure(
            "I14", "The machine is not connected to Azure Arc",
            seenAs: ["with azcmagent show that the machine is connected", "azcmagent…Disconnected"],
            weight: .symptom,
            cause: "The agent runs and gives no token: the machine is not connected, or has no such identity.",
            remedy: "Run azcmagent show, and azcmagent connect if it says Disconnected.", checks: [.credential]),
    ]
}
