extension KnownVariable {
    /// Every variable, in the order of the page.
    package static let all: [KnownVariable] = [
        KnownVariable(
            "PASSGRES_CREDENTIALS", .choice,
            "Comma-separated names of credentials, tried in this order. A name that is not built in is a program `passgres-credential-NAME`."
        ),
        KnownVariable(
            "AZURE_TOKEN_CREDENTIALS", .choice,
            "Without the above: `dev`, `prod` or one credential's name, as other Azure libraries read it."),
        KnownVariable(
            "PASSGRES_CREDENTIAL_COMMAND", .choice,
            "The program of the credential `command`: an absolute path, or a name on the `PATH`."),
        KnownVariable(
            "PASSGRES_CACHE", .choice,
            "`off`: ask the identity service even if a stored token is good."),
        KnownVariable(
            "PASSGRES_SECRET_STORE", .choice,
            "Where secrets are kept: `secret-service`, `file` or `memory`; without it the secret service, if there is one."
        ),
        KnownVariable(
            "PASSGRES_LOG_LEVEL", .choice,
            "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`."),
        KnownVariable(
            "PATH", .choice,
            "Where programs are looked for. Relative entries are passed over, and what another user could have put there or change."
        ),
        KnownVariable(
            "NO_COLOR", .choice,
            "Set to anything: no colour and no moving text on a terminal."),
        KnownVariable(
            "LANG", .choice,
            "Whether a terminal shows UTF-8, as a QR code needs; `LC_ALL` and `LC_CTYPE` go before it."),
        KnownVariable(
            "TERM", .choice,
            "`dumb`: a terminal on which nothing moves."),
        KnownVariable(
            "AZURE_TENANT_ID", .identity,
            "The directory to ask."),
        KnownVariable(
            "AZURE_CLIENT_ID", .identity,
            "The application, or the user-assigned managed identity by its client or resource id. `login` does not look at it."
        ),
        KnownVariable(
            "AZURE_AUTHORITY_HOST", .identity,
            "The authority; default `https://login.microsoftonline.com`, or that of the cloud the server is in."),
        KnownVariable(
            "AZURE_ADDITIONALLY_ALLOWED_TENANTS", .identity,
            "Tenants besides its own that a credential may ask, with semicolons between them; `*` for all."),
        KnownVariable(
            "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH", .identity,
            "`true`: never ask another tenant than the one configured."),
        KnownVariable(
            "AZURE_CLIENT_SECRET", .environment,
            "The application's secret."),
        KnownVariable(
            "PASSGRES_CLIENT_SECRET_NAME", .environment,
            "In its place: the name under which that secret is kept (`passgres secret store NAME`)."),
        KnownVariable(
            "PASSGRES_CLIENT_SECRET_FILE", .environment,
            "In its place: a file that holds that secret and nothing else, read anew for every token."),
        KnownVariable(
            "AZURE_CLIENT_CERTIFICATE_PATH", .environment,
            "A PEM or PFX file with the application's certificate and key."),
        KnownVariable(
            "AZURE_CLIENT_CERTIFICATE_PASSWORD", .environment,
            "The password of that file."),
        KnownVariable(
            "PASSGRES_CLIENT_CERTIFICATE_PASSWORD_NAME", .environment,
            "In its place: the name under which that password is kept."),
        KnownVariable(
            "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", .environment,
            "`true`: send the certificate along (subject name and issuer authentication)."),
        KnownVariable(
            "AZURE_USERNAME", .environment,
            "A person's name; deprecated by Entra."),
        KnownVariable(
            "AZURE_PASSWORD", .environment,
            "That person's password; deprecated by Entra."),
        KnownVariable(
            "AZURE_FEDERATED_TOKEN_FILE", .workload,
            "The file with the cluster's token; AKS sets it."),
        KnownVariable(
            "AZURE_KUBERNETES_TOKEN_PROXY", .workload,
            "The address of a proxy in the cluster that exchanges the token."),
        KnownVariable(
            "AZURE_KUBERNETES_CA_FILE", .workload,
            "The authorities of that proxy's certificate, as a file."),
        KnownVariable(
            "AZURE_KUBERNETES_CA_DATA", .workload,
            "The same as PEM text; one of the two, not both."),
        KnownVariable(
            "AZURE_KUBERNETES_SNI_NAME", .workload,
            "The server name to ask that proxy for."),
        KnownVariable(
            "PASSGRES_MANAGED_IDENTITY", .managed,
            "The user-assigned identity: its client id, `object:` and its object id, or its resource id; goes before `AZURE_CLIENT_ID`."
        ),
        KnownVariable(
            "IDENTITY_ENDPOINT", .managed,
            "The endpoint of App Service, Azure Arc, Service Fabric or Azure ML; the host sets it."),
        KnownVariable(
            "IDENTITY_HEADER", .managed,
            "What that endpoint wants to see; the host sets it."),
        KnownVariable(
            "IDENTITY_SERVER_THUMBPRINT", .managed,
            "The thumbprint of Service Fabric's certificate; the host sets it."),
        KnownVariable(
            "IMDS_ENDPOINT", .managed,
            "Azure Arc's endpoint; the host sets it."),
        KnownVariable(
            "MSI_ENDPOINT", .managed,
            "The endpoint of Cloud Shell and of Azure ML; the host sets it."),
        KnownVariable(
            "MSI_SECRET", .managed,
            "What Azure ML's endpoint wants to see; the host sets it."),
        KnownVariable(
            "DEFAULT_IDENTITY_CLIENT_ID", .managed,
            "The identity that Azure ML uses where none is named; the host sets it."),
        KnownVariable(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST", .managed,
            "The base URL of the metadata endpoint in place of the link-local address."),
        KnownVariable(
            "SYSTEM_OIDCREQUESTURI", .pipelines,
            "Where the job asks for its token; the agent sets it."),
        KnownVariable(
            "SYSTEM_ACCESSTOKEN", .pipelines,
            "The job's own token; map it into the step."),
        KnownVariable(
            "AZURESUBSCRIPTION_CLIENT_ID", .pipelines,
            "The service connection's application; the agent sets it."),
        KnownVariable(
            "AZURESUBSCRIPTION_TENANT_ID", .pipelines,
            "The service connection's directory; the agent sets it."),
        KnownVariable(
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", .pipelines,
            "The service connection; the agent sets it."),
        KnownVariable(
            "ACTIONS_ID_TOKEN_REQUEST_URL", .pipelines,
            "Where a GitHub job asks for its token; set with `id-token: write`."),
        KnownVariable(
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN", .pipelines,
            "What that address wants to see; set with `id-token: write`."),
        KnownVariable(
            "AZURE_CONFIG_DIR", .tools,
            "Where the Azure CLI keeps its sign-in."),
        KnownVariable(
            "AZD_CONFIG_DIR", .tools,
            "Where the Azure Developer CLI keeps its sign-in."),
        KnownVariable(
            "KUBERNETES_EXEC_INFO", .tools,
            "Passed on to credential programs; set for them where it is not."),
        KnownVariable(
            "HOME", .tools,
            "The home directory."),
        KnownVariable(
            "XDG_RUNTIME_DIR", .tools,
            "Where `exec` keeps its private files, and where tokens are that several processes share."),
        KnownVariable(
            "TMPDIR", .tools,
            "The same without `XDG_RUNTIME_DIR`; without both it is `/tmp`."),
        KnownVariable(
            "XDG_STATE_HOME", .tools,
            "Where the file with secrets is, if somebody asked for one; default `~/.local/state`."),
        KnownVariable(
            "DISPLAY", .tools,
            "If this or `WAYLAND_DISPLAY` is set, `login` opens a browser."),
        KnownVariable(
            "NOTIFY_SOCKET", .tools,
            "Where `keep` tells systemd how it fares; `WATCHDOG_PID` and `WATCHDOG_USEC` say how often. systemd sets them."
        ),
        KnownVariable(
            "HTTPS_PROXY", .network,
            "The proxy for `https`; also in lower case."),
        KnownVariable(
            "http_proxy", .network,
            "The proxy for `http`; in lower case only."),
        KnownVariable(
            "ALL_PROXY", .network,
            "The proxy for both; also in lower case."),
        KnownVariable(
            "NO_PROXY", .network,
            "Hosts to reach without a proxy; also in lower case."),
        KnownVariable(
            "SSL_CERT_FILE", .network,
            "A PEM file of authorities to trust in place of the system's."),
        KnownVariable(
            "SSL_CERT_DIR", .network,
            "A directory of authorities to trust."),
        KnownVariable(
            "PGHOST", .postgres,
            "The server, where the connection names none. This and every other `PG…` variable of libpq means what it means to libpq."
        ),
        KnownVariable(
            "PGPASSFILE", .postgres,
            "The password file."),
        KnownVariable(
            "PGSERVICE", .postgres,
            "The section of a service file to take settings from."),
        KnownVariable(
            "PGSERVICEFILE", .postgres,
            "The service file."),
        KnownVariable(
            "PGSYSCONFDIR", .postgres,
            "Where the system's service file is."),
        KnownVariable(
            "PGPASSWORD", .postgres,
            "A password; passed on to no credential program."),
    ]
}
