/// Reports as people paste them, each with the code that has to come first; the words around the short texts are ours.
enum Samples {
    static let reports: [(code: String, text: String)] = [
        (
            "T01",
            "psql: error: connection to server at \"db1.postgres.database.azure.com\" (10.0.0.4), port 5432 failed: FATAL:  The access token has expired. Please acquire a new token and retry."
        ),
        ("T01", "FATAL: The access token has expired. Acquire a new token and try again."),
        ("T02", "pool: FATAL: The access token has invalid format. Please ensure it is right"),
        (
            "T03",
            "FATAL: The access token does not have a valid audience claim. Please acquire a new token for the resource \"https://ossrdbms-aad.database.windows.net\"."
        ),
        ("T04", "FATAL: The access token doesn't have a valid oid claim. Acquire a new token"),
        ("T05", "Error: pq: An error occurred while validating the access token. Please acquire"),
        ("T06", "FATAL: Service Principals cannot generate AAD_AUTH_TOKENTYPE_APP_USER tokens for role[orders_app]"),
        ("T06", "28000: Service principals cannot generate AAD_AUTH_TOKENTYPE_APP_USER tokens for role \"orders_app\""),
        (
            "T07",
            "FATAL:  Azure AD user token for role[Ada@contoso.example] is neither an AAD_AUTH_TOKENTYPE_APP_USER or an other token."
        ),
        (
            "T07",
            "FATAL:  Microsoft Entra user token for role \"ada@contoso.example\" is neither an AAD_AUTH_TOKENTYPE_APP_USER"
        ),
        (
            "T08",
            "FATAL:  Azure AD access token not valid for role Readers (does not contain group ID 7e57ab1e-0000-4000-8000-0000000000a1)\nHINT:  Did you specify the right user?"
        ),
        ("T09", "FATAL: Service Principal oid mismatch for role[orders-api]"),
        ("T10", "server says: token is not valid yet"),
        ("T11", "the access token has no fit: invalid issuer in the access token"),
        ("R01", "psql: error: FATAL:  password authentication failed for user \"ada\""),
        ("R01", "FATAL:  LDAP authentication failed for user \"ada@contoso.example\""),
        ("R01", "ошибка 28P01: пользователь не прошёл проверку"),
        ("R02", "FATAL:  role \"ada@contoso.example\" does not exist"),
        (
            "R04",
            "FATAL: Invalid Username specified. Please check the Username and retry. The Username should be in <username@hostname> format."
        ),
        ("R05", "NOTICE:  identifier \"a_very_long_name\" will be truncated to \"a_very\""),
        ("R07", "called pgaadauth_sync_roles_for_group_members and it still fails"),
        (
            "R08",
            "FATAL:  no pg_hba.conf entry for host \"203.0.113.9\", user \"ada\", database \"orders\", no encryption"
        ),
        ("R08", "FATAL:  no pg_hba.conf entry for host \"203.0.113.9\", user \"ada\", database \"orders\", SSL off"),
        (
            "R09",
            "FATAL:  no pg_hba.conf entry for host \"203.0.113.9\", user \"ada\", database \"orders\", SSL encryption"
        ),
        (
            "R09",
            "FATAL:  pg_hba.conf rejects connection for host \"203.0.113.9\", user \"ada\", database \"orders\", SSL on"
        ),
        ("R10", "FATAL:  database \"ada\" does not exist"),
        ("R11", "FATAL:  sorry, too many clients already"),
        ("R11", "FATAL:  remaining connection slots are reserved for roles with privileges"),
        ("R12", "FATAL:  the database system is starting up"),
        ("R13", "FATAL:  role \"Order Readers\" is not permitted to log in"),
        ("R14", "FATAL:  permission denied for database \"orders\"\nDETAIL:  User does not have CONNECT privilege."),
        ("R15", "ERROR:  permission denied for table invoices"),
        ("R17", "FATAL:  no PostgreSQL user name specified in startup packet"),
        ("R18", "FATAL:  terminating connection due to idle-session timeout"),
        ("P01", "ERROR 08P01: client sent partial pkt in startup phase"),
        ("P02", "WARNING password too long in auth file, line 3"),
        ("P03", "FATAL: 08P01: password authentication failed"),
        ("P03", "FATAL: password authentication failed (08P01)"),
        ("P04", "WARNING S: login failed: FATAL: password authentication failed for user \"svc\""),
        ("P11", "FATAL: server login has been failing, try again later (server_login_retry)"),
        ("P06", "FATAL: no such user: ada"),
        ("P07", "FATAL: no such database: orders"),
        ("P08", "FATAL: unsupported startup parameter: extra_float_digits"),
        ("P09", "FATAL: query_wait_timeout"),
        (
            "P10",
            "psql: error: connection to server at \"db1\" (10.0.0.4), port 6432 failed: server does not support SSL, but SSL was required"
        ),
        (
            "L01",
            "WARNING: password file \"/home/ada/.pgpass\" has group or world access; permissions should be u=rw (0600) or less"
        ),
        ("L02", "WARNING: password file \"/dev/fd/63\" is not a plain file"),
        ("L03", "psql: error: connection failed: fe_sendauth: no password supplied"),
        ("L04", "Couldn't Get password from Pgpass File. No Matches in Pgpass"),
        ("L05", "password retrieved from file \"/home/ada/.pgpass\""),
        ("L06", "The connection to the server was lost. Attempting reset: Failed."),
        ("L08", "The password has exceeded 512 bytes"),
        ("L11", "authentication method requirement \"scram-sha-256\" failed: server requested a cleartext password"),
        ("L12", "channel binding required but not supported by server's authentication request"),
        ("L15", "definition of service \"orders\" not found"),
        ("L16", "line 3 too long in service file \"/home/ada/.pg_service.conf\""),
        ("L17", "missing \"=\" after \"orders\" in connection info string"),
        ("L18", "invalid connection option \"require_auth\""),
        ("L19", "invalid port number: \"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\""),
        ("L20", "server did not complete authentication"),
        ("L21", "bash: psql: command not found"),
        ("N01", "could not connect to server: Connection timed out"),
        ("N02", "SSL SYSCALL error: Connection reset by peer"),
        ("N03", "sslmode value \"require\" invalid when SSL support is not compiled in"),
        ("N04", "curl: (6) Could not resolve host: login.microsoftonline.com"),
        ("N05", "connection to server at \"localhost\" (127.0.0.1), port 5433 failed: Connection refused"),
        (
            "N06",
            "could not translate host name \"db1.postgres.database.azure.com\" to address: Name or service not known"
        ),
        ("N07", "root certificate file \"/root/.postgresql/root.crt\" does not exist"),
        ("N08", "SSL error: certificate verify failed"),
        ("N09", "server certificate for \"*.example\" does not match host name \"db1\""),
        ("N10", "server does not support SSL, but SSL was required"),
        ("N11", "invalid sslmode value: \"verify-all\""),
        ("N12", "server closed the connection unexpectedly"),
        ("N13", "connection to server failed: Network is unreachable"),
        ("N14", "SSL error: certificate has expired"),
        ("N15", "rejected because of clock skew"),
        ("N16", "SSL error: tlsv1 alert protocol version"),
        (
            "N17",
            "passgres: failed: sslmode=prefer may send the token without TLS to a server that is not on this machine"
        ),
        (
            "N19",
            "connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: No such file or directory"
        ),
        ("E01", "AADSTS70021: No matching federated identity record found for presented assertion."),
        (
            "E02",
            "AADSTS700211: No matching federated identity record found for presented assertion issuer 'https://issuer.example/'."
        ),
        (
            "E03",
            "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso/orders:ref:refs/heads/main'."
        ),
        ("E04", "AADSTS700024: Client assertion is not within its valid time range."),
        (
            "E05",
            "AADSTS500011: The resource principal named https://db1.example was not found in the tenant named contoso."
        ),
        ("E06", "AADSTS70011: The provided value for scope is not valid."),
        ("E07", "AADSTS700016: Application with identifier '7e57ab1e-0000-4000-8000-0000000000c1' was not found"),
        ("E13", "failed (entra error: invalid_client, AADSTS7000215)"),
        ("E30", "AADSTS7000222: The keys are expired."),
        ("E09", "error 70007: unsupported mode"),
        ("E10", "the token for role ada has a missing mfa claim"),
        ("E11", "AADSTS700027: Client assertion failed signature validation."),
        ("E12", "AADSTS50126: Error validating credentials."),
        ("E08", "AADSTS50034: The account does not exist here."),
        ("E14", "AADSTS65001: no consent"),
        ("E15", "AADSTS50076: you must use multi-factor authentication"),
        ("E16", "AADSTS53003: blocked"),
        ("E17", "AADSTS700082: The refresh token is too old."),
        ("E18", "AADSTS90002: Tenant 'contoso' not found."),
        ("E19", "AADSTS900382: wrong cloud"),
        ("E20", "AADSTS90055: throttled"),
        ("E21", "AADSTS90033: a transient error"),
        ("E22", "AADSTS70019: the code has expired"),
        ("E23", "AADSTS7000218: the request body must contain a secret"),
        ("E24", "AADSTS50057: the account is disabled"),
        ("E25", "AZURE_CLIENT_SECRET is set, and AZURE_TENANT_ID is not"),
        ("E26", "passgres: not available here: none of the 3 credentials applies here"),
        ("E27", "no credential is named \"azur-cli\""),
        ("E28", "login.example answered with a redirect (302), which is not followed"),
        ("E29", "AADSTS12345678: something new"),
        ("E31", "curl: (28) Failed to connect to login.microsoftonline.com port 443: Connection timed out"),
        ("I01", "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}"),
        ("I02", "Multiple user assigned identities exist, please specify one"),
        ("I03", "The request was throttled locally; wait"),
        ("I04", "managed identity endpoint: HTTP status: 410"),
        ("I05", "GET http://169.254.169.254/metadata failed: 504 Gateway Timeout"),
        ("I06", "parameter resource cannot be empty"),
        ("I07", "ManagedIdentityCredential authentication unavailable. No endpoint."),
        ("I08", "bad_request_102: Required metadata header not specified"),
        ("I09", "open /var/opt/azcmagent/tokens/a.key: Permission denied"),
        ("C01", "[Errno 13] Permission denied: '/home/ada/.azure/msal_token_cache.bin.lockfile'"),
        ("C02", "json.decoder.JSONDecodeError: Extra data: line 1"),
        ("C03", "az account get-access-token timed out after 10 s"),
        ("C04", "400 Client Error: Bad Request for url: http://localhost:50342/oauth2/token"),
        ("C05", "ERROR: Please run 'az login' to setup account."),
        ("C06", "sh: 1: az: not found"),
        ("C07", "The subscription of 'Orders' doesn't exist in cloud 'AzureCloud'."),
        ("K01", "Cannot autolaunch D-Bus without X11 $DISPLAY"),
        ("K02", "The name org.freedesktop.secrets was not provided by any .service files"),
        ("K03", "Persistence check failed. Data was written but could not be read."),
        ("K04", "Cannot create an item in a locked collection"),
        (
            "A01",
            "ERROR:  Could not validate AAD user <ada@contoso.example> because its name is not found in the tenant."
        ),
        ("A02", "ERROR: Cannot validate Microsoft Entra ID user \"ada\" because its name isn't unique in the tenant."),
        ("A03", "ERROR:  function pgaadauth_create_principal(unknown, boolean, boolean) does not exist"),
        ("A04", "ERROR: An unexpected error occurred while trying to validate user."),
        ("A05", "ERROR:  role \"azure_ad_user\" does not exist"),
        ("A06", "LOG:  Microsoft Entra ID connection authorized: user=ada"),
        ("A07", "ERROR:  permission denied for function pgaadauth_create_principal"),
        ("A08", "ERROR:  role \"orders-api\" already exists"),
        ("A09", "ERROR:  security label provider \"pgaadauth\" is not loaded"),
        ("X01", "FATAL: PAM authentication failed for user \"ada\""),
        ("X02", "FATAL: User does not have a valid SCRAM secret"),
        ("X03", "could not initiate GSSAPI security context: no credentials"),
        ("X04", "MD5 authentication is not supported"),
    ]
}
