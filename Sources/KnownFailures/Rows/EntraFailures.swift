extension FailureTable {
    /// What Entra says, by the numbers of its own reference, and what is wrong before it is asked.
    static let entra: [Failure] = [
        Failure(
            "E01", "No federated credential matches",
            seenAs: ["AADSTS70021…Issuer{issuer}…Subject{subject}…Audience{audience}", "AADSTS70021"],
            cause:
                "Issuer {issuer}, subject {subject} and audience {audience} are not registered together, or not for long enough to be known everywhere.",
            remedy: "Register exactly these three as a federated credential of {client}, and wait a minute.",
            checks: [.credential]),
        Failure(
            "E02", "No federated credential has this issuer",
            seenAs: ["AADSTS700211…presented assertion issuer{issuer}", "AADSTS700211"],
            cause:
                "The federated token comes from {issuer}, which {client} does not trust: the cluster was made anew, or a slash at the end differs.",
            remedy: "Correct the issuer of the federated credential to the letter.", checks: [.credential]),
        Failure(
            "E03", "No federated credential has this subject",
            seenAs: ["AADSTS700213…presented assertion subject{subject}", "AADSTS700213", "AADSTS700212"],
            cause:
                "The federated token is of {subject}, which {client} does not trust: another namespace, service account, branch or audience.",
            remedy: "Correct subject and audience of the federated credential to the letter.", checks: [.credential]),
        Failure(
            "E04", "The assertion is out of its time", seenAs: ["AADSTS700024", "AADSTS500133"],
            cause: "The federated token was read once and kept beyond its end, or the clock is wrong.",
            remedy: "Read the file anew for each request, check that it is renewed, and check the clock.",
            checks: [.clock, .credential]),
        Failure(
            "E05", "The tenant does not know the resource",
            seenAs: [
                "AADSTS500011…resource principal named{resource}…tenant named{tenant}", "AADSTS500011", "AADSTS50001",
            ],
            cause:
                "A token was asked for {resource}, which the directory does not know: a server's name, or another cloud's audience.",
            remedy: "Leave --scope out; check --cloud and --tenant.", checks: [.credential, .token]),
        Failure(
            "E06", "The scope is not one",
            seenAs: ["AADSTS70011", "AADSTS28002", "AADSTS1002012", "AADSTS700022"], vaguelyAs: ["invalid_scope"],
            cause: "A scope has to be the resource and /.default at its end.",
            remedy: "Leave --scope out, or append /.default to the resource.", checks: [.credential]),
        Failure(
            "E07", "The application is not in the tenant",
            seenAs: [
                "AADSTS700016…application with identifier{client}…in the directory{tenant}",
                "AADSTS700016…application with identifier{client}", "AADSTS700016", "AADSTS7000112", "AADSTS700011",
                "AADSTS70001",
            ],
            cause: "The directory {tenant} has no application {client}, or has it disabled.",
            remedy: "Check AZURE_CLIENT_ID and AZURE_TENANT_ID against each other, and --cloud.", checks: [.credential]),
        Failure(
            "E08", "The account is not in the directory",
            seenAs: [
                "AADSTS50034", "AADSTS90072", "AADSTS50020", "AADSTS51004", "AADSTS50014", "AADSTS16000",
            ],
            cause: "The account belongs to another directory and is no guest of {tenant}.",
            remedy:
                "Sign in with an account of the server's directory: passgres login --tenant {tenant}, or be invited.",
            checks: [.credential]),
        Failure(
            "E09", "The application's device sign-in is defective",
            seenAs: ["AADSTS70007", "unsupported mode"],
            cause: "The program asks for a sign-in in a way that Entra does not offer.",
            remedy: "Sign in with az login or passgres login, and let the program use that.", checks: [.credential]),
        Failure(
            "E10", "The role wants multi-factor authentication",
            seenAs: ["missing mfa claim", "does not contain mfa", "token…mfa claim"],
            cause: "The role was made with isMfa, and the token does not say that its owner proved who it is twice.",
            remedy: "Sign in again with multi-factor authentication: passgres login.", checks: [.token]),
        Failure(
            "E11", "The certificate is not registered",
            seenAs: ["AADSTS700027", "AADSTS700030", "AADSTS50012"],
            cause: "The assertion was signed with a certificate that {client} does not have.",
            remedy: "Upload the certificate to the app registration, or use the one that is there.",
            checks: [.credential]),
        Failure(
            "E12", "User or password is wrong",
            seenAs: ["AADSTS50126", "AADSTS50056", "AADSTS50064", "AADSTS50055", "AADSTS50144"],
            cause: "The user's name or password is wrong, expired, or belongs to a federated domain.",
            remedy: "Sign in with passgres login; passwords of people do not belong into programs.",
            checks: [.credential]),
        Failure(
            "E13", "The client secret is wrong",
            // The second number was the secret's too before it got one of its own.
            seenAs: ["AADSTS7000215", "AADSTS50012: Invalid client secret"],
            vaguelyAs: ["AADSTS70002", "invalid_client"],
            cause:
                "The secret of {client} is not the one registered; often its id was copied in the place of its value.",
            remedy: "Make a new secret and put its value into AZURE_CLIENT_SECRET.", checks: [.credential]),
        Failure(
            "E14", "Consent is missing",
            seenAs: ["AADSTS65001", "AADSTS65004", "AADSTS90094", "AADSTS90095"], vaguelyAs: ["consent_required"],
            cause: "Nobody has allowed {client} to ask for tokens for databases.",
            remedy: "Sign in and consent, or have an administrator consent.", checks: [.credential]),
        Failure(
            "E15", "A second proof is needed",
            seenAs: [
                "AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50072", "AADSTS50074", "AADSTS50158",
                "AADSTS700020",
            ],
            vaguelyAs: ["interaction_required", "login_required"],
            cause: "The directory demands multi-factor authentication, and nobody is there to answer.",
            remedy: "Sign in again: passgres login --browser.", checks: [.credential]),
        Failure(
            "E16", "A policy of the directory says no",
            seenAs: [
                "AADSTS53003", "AADSTS50131", "AADSTS530032", "AADSTS530035", "AADSTS530034",
            ],
            cause: "Conditional Access blocks this sign-in: from here, by this application, or in this way.",
            remedy: """
                Sign in from where the policy allows it, or ask an administrator; where it asks for a device, only the \
                broker of an enrolled one proves that.
                """,
            checks: [.credential]),
        Failure(
            "E17", "The sign-in has ended",
            seenAs: [
                "AADSTS700082", "AADSTS70043", "AADSTS70008", "AADSTS50173", "AADSTS50133", "AADSTS50132",
                "AADSTS50089", "AADSTS50085", "AADSTS700084", "AADSTS50058",
            ],
            vaguelyAs: ["AADSTS70000", "invalid_grant"],
            cause: "The kept sign-in is too old or was withdrawn, for example by a new password.",
            remedy: "Sign in again: passgres login, or az login.", checks: [.credential]),
        Failure(
            "E18", "There is no such tenant",
            seenAs: [
                "AADSTS90002…Tenant{tenant} not found", "AADSTS90002", "AADSTS900023", "AADSTS90023", "AADSTS50059",
                "AADSTS50128", "AADSTS90019", "AADSTS90124", "AADSTS90130",
            ],
            cause: "The directory {tenant} does not exist in this cloud, or none is named.",
            remedy: "Give its id: --tenant, or AZURE_TENANT_ID; check --cloud.", checks: [.credential]),
        Failure(
            "E19", "Another cloud", seenAs: ["AADSTS90038", "AADSTS900382", "AADSTS900432", "AADSTS50049"],
            cause: "Application or directory belong to another national cloud than the one asked.",
            remedy: "Set --cloud usgov or china, or AZURE_AUTHORITY_HOST.", checks: [.credential]),
        Failure(
            "E20", "Too many requests", seenAs: ["AADSTS90055", "AADSTS50196"], vaguelyAs: ["temporarily_unavailable"],
            cause: "Tokens were asked for too often; every process asks for one of its own.",
            remedy: "Wait, keep the tokens, and let one process serve the others: passgres keep.", checks: [.credential]
        ),
        Failure(
            "E21", "Entra had trouble of its own",
            seenAs: [
                "AADSTS90033", "AADSTS90024", "AADSTS90006", "AADSTS90012", "AADSTS50033", "AADSTS50087", "AADSTS90090",
            ],
            cause: "The identity service could not answer.", remedy: "Try again in a minute.", checks: [.credential]),
        Failure(
            "E22", "The device code is of no use any more",
            seenAs: [
                "AADSTS70019", "AADSTS70018", "AADSTS70020", "AADSTS50134", "AADSTS54005", "AADSTS90119", "AADSTS90120",
            ],
            vaguelyAs: ["expired_token", "bad_verification_code", "authorization_declined"],
            cause: "The code was not entered in time, was mistyped or used already, or the sign-in was declined.",
            remedy: "Begin again: passgres login --device-code.", checks: [.credential]),
        Failure(
            "E23", "The application may not do this",
            seenAs: [
                "AADSTS7000218", "AADSTS700025", "AADSTS50011", "AADSTS50194", "AADSTS9001023", "AADSTS650056",
                "AADSTS650057", "AADSTS65002", "AADSTS7000114",
            ],
            vaguelyAs: ["unauthorized_client"],
            cause: "The app registration of {client} does not allow this way of signing in.",
            remedy: "Allow public client flows and http://localhost as a redirect address, or use another client id.",
            checks: [.credential]),
        Failure(
            "E24", "The account is blocked", seenAs: ["AADSTS50053", "AADSTS50057", "AADSTS50105", "AADSTS53011"],
            cause: "The account is locked, disabled, or not assigned to the application.",
            remedy: "Ask an administrator of the directory.", checks: [.credential]),
        Failure(
            "E25", "A credential is set up by half",
            seenAs: [
                "AZURE_FEDERATED_TOKEN_FILE is set", "and AZURE_TENANT_ID is not set", "and AZURE_CLIENT_ID is not set",
                "are set, and AZURE", "is set, and AZURE", "AZURE_CLIENT_ID is missing", "AZURE_TENANT_ID is missing",
            ],
            cause:
                "Some of the variables of a credential are set and {variable} is not, or names a file that is not there.",
            remedy: "Set {variable}, or unset the others.", checks: [.environment, .credential]),
        Failure(
            "E26", "No credential applies here",
            seenAs: [
                "credentials applies here", "credential asked does not apply here",
                "DefaultAzureCredential failed to retrieve", "AzureCredential: failed to acquire a token",
                "ChainedTokenCredential: failed to acquire a token", "failed to acquire a token",
            ],
            weight: .symptom,
            cause: "Nothing is configured on this machine from which a token could come.",
            remedy: "Sign in with passgres login, or see what each credential needs: passgres explain.",
            checks: [.credential]),
        Failure(
            "E27", "A name in the list of credentials is unknown",
            seenAs: ["no credential is named", "is not the name of a credential", "AZURE_TOKEN_CREDENTIALS…invalid"],
            cause:
                "--credentials, PASSGRES_CREDENTIALS or AZURE_TOKEN_CREDENTIALS names a credential that does not exist.",
            remedy: "See the names with passgres credentials.", checks: [.credential]),
        Failure(
            "E28", "Something else answers in Entra's place",
            seenAs: [
                "answered with a redirect", "with a web page", "which Entra does not do", "proxy that wants a sign-in",
            ],
            cause: "A proxy, a firewall or a sign-in page of the network answered, and not the identity service.",
            remedy: "Check HTTPS_PROXY and NO_PROXY, and the authority.", checks: [.credential]),
        Failure(
            "E29", "Entra names another error", seenAs: ["AADSTS"], weight: .symptom,
            cause: "Entra refused the request for the reason that its number stands for.",
            remedy:
                "Look the number up at https://login.microsoftonline.com/error, and ask passgres explain who was asked.",
            checks: [.credential]),
        Failure(
            "E30", "The client secret has expired", seenAs: ["AADSTS7000222"],
            cause: "The secret of {client} is past its end.",
            remedy: "Make a new secret, or use a managed or workload identity, which has none.", checks: [.credential]),
        Failure(
            "E31", "Entra is not reached",
            cause: """
                Nothing that this machine sends to the identity service arrives: a firewall drops or refuses it, or a \
                proxy has to be asked.
                """,
            remedy: "Let this machine reach login.microsoftonline.com at port 443, or set HTTPS_PROXY.",
            checks: [.credential]),
        Failure(
            "E32", "The certificate's chain is not accepted", seenAs: ["AADSTS7000213", "AADSTS50017"],
            cause: """
                {client} trusts certificates by their issuer, and the chain that was sent does not lead to an issuer it \
                trusts; one that signed itself has no such chain.
                """,
            remedy: """
                Set AZURE_CLIENT_SEND_CERTIFICATE_CHAIN=true and put the whole chain into the file; or upload the \
                certificate itself to the app registration.
                """,
            checks: [.credential]),
        Failure(
            "E33", "The certificate has expired or was revoked", seenAs: ["AADSTS7000214", "AADSTS1000502"],
            cause: "The certificate that {client} proves itself with is out of its time, or its issuer took it back.",
            remedy: "Upload a new certificate to the app registration, and name it: AZURE_CLIENT_CERTIFICATE_PATH.",
            checks: [.clock, .credential]),
        Failure(
            "E34", "The assertion is none that Entra can check", seenAs: ["AADSTS50013", "AADSTS50027"],
            cause: "The assertion is torn, or its signature is not of the issuer that it names.",
            remedy: """
                Take a fresh one and send it as it was issued; on behalf of a person, that person's token has to be for \
                {client}.
                """,
            checks: [.credential]),
        Failure(
            "E35", "The assertion is for another application or audience", seenAs: ["AADSTS700021", "AADSTS700023"],
            cause: """
                The assertion names another application than {client}, or another audience than this tenant's; the \
                second number is also given for a scope without a resource.
                """,
            remedy: "Check client id, tenant and assertion against each other, and leave --scope out.",
            checks: [.credential]),
        Failure(
            "E36", "Entra cannot get the issuer's keys",
            seenAs: ["AADSTS50166", "AADSTS90061", "AADSTS7000272", "Request to External OIDC endpoint failed"],
            cause: """
                Entra does not reach the issuer of the federated token, or finds no key of its there that signed the \
                token.
                """,
            remedy: """
                Let anybody read the issuer's /.well-known/openid-configuration and the keys it names; then try again, \
                since names and keys take a while to spread.
                """,
            checks: [.credential]),
        Failure(
            "E37", "Such a token is not taken as a federated one",
            seenAs: ["AADSTS700229", "AADSTS700222", "AADSTS700236", "AADSTS700238"],
            cause: """
                A token of Entra's own counts as a federated one only if it is a managed identity's of the same \
                directory and cloud.
                """,
            remedy: "Use a managed identity of {tenant}, or a token of the workload's own issuer.",
            checks: [.credential]),
        Failure(
            "E38", "A policy asks for a managed device",
            seenAs: [
                "AADSTS53000", "AADSTS53001", "AADSTS53002", "AADSTS530003", "AADSTS50097", "AADSTS50005",
                "AADSTS50129", "AADSTS50187",
            ],
            cause: """
                The directory lets in only devices that the organisation manages, and neither a browser nor a device \
                code proves that this is one.
                """,
            remedy: """
                Enrol this device, and sign in through its broker (on Linux Microsoft's identity broker, which az login \
                of 2026 uses); else ask an administrator for another way.
                """,
            checks: [.credential]),
        Failure(
            "E39", "The federated token's file may not be read",
            seenAs: [
                "permission denied…azure-identity-token", "azure-identity-token…permission denied",
                "AccessDeniedException: /var/run/secrets", "permission denied…/var/run/secrets/azure/tokens",
                "/var/run/secrets/azure/tokens…permission denied", "federated token cannot be read",
            ],
            cause: "Kubernetes gives the token's file to root alone where the pod names no group for its volumes.",
            remedy: "Set securityContext.fsGroup in the pod, to a group that its processes are in.",
            checks: [.credential]),
        Failure(
            "E40", "Entra's certificate is not trusted",
            cause: """
                Something that looks into TLS, a proxy or a firewall, answers in the identity service's place with a \
                certificate of its own, whose authority is not trusted here.
                """,
            remedy: """
                Add that authority to the system's, or name its file: SSL_CERT_FILE (az and other Python programs: \
                REQUESTS_CA_BUNDLE).
                """,
            checks: [.credential]),
        Failure(
            "E41", "The network lets no such tenant be used", seenAs: ["AADSTS500021", "AADSTS500022", "AADSTS50002"],
            cause: "A proxy of this network names the directories that may be used, and {tenant} is none of them.",
            remedy: "Ask the network's administrator, or sign in from another network.", checks: [.credential]),
        Failure(
            "E42", "A regional endpoint was asked", seenAs: ["AADSTS100007"],
            cause: "The authority is one region's, which does not serve {client}.",
            remedy: "Set AZURE_AUTHORITY_HOST to the cloud's authority, such as login.microsoftonline.com.",
            checks: [.credential]),
        Failure(
            "E43", "The sign-in is not completed yet", seenAs: ["AADSTS70016"], vaguelyAs: ["authorization_pending"],
            weight: .symptom,
            cause: "The program waits for somebody to enter the code on the page it showed.",
            remedy: "Enter the code, before it ends after 15 minutes.", checks: [.credential]),
        Failure(
            "E44", "The request is malformed", seenAs: ["AADSTS900144", "AADSTS9002313", "AADSTS90014"],
            cause:
                "A field of the request is missing or cannot be read; often an id or a scope holds a foreign character.",
            remedy: "Check {client}, {tenant} and --scope for blanks and quotes.", checks: [.credential]),
    ]
}
