import Testing

@testable import KnownFailures

@Suite struct `A text as programs print it` {
    private static let host = "db1.postgres.database.azure.com"
    private static let expired = "The access token has expired. Acquire a new token and try again."
    private static let refused = "password authentication failed for user \"ada\""

    @Test(arguments: [
        ("T01", "\u{1b}[31mERROR\u{1b}[0m FATAL: The access \u{1b}[1mtoken\u{1b}[22m has expired"),
        ("R01", "\u{1b}[38;5;196mFATAL:  password authentication failed for user \"\u{1b}[1mada\u{1b}[0m\"\u{1b}[0m"),
        ("T03", "FATAL: The access token does not have a valid audience\r\n        claim. Please acquire a new one"),
        ("T01", "FATAL:\tThe  access   token\thas\n  expired"),
        ("T01", "F\0A\0T\0A\0L\0:\0 \0a\0c\0c\0e\0s\0s\0 \0t\0o\0k\0e\0n\0 \0h\0a\0s\0 \0e\0x\0p\0i\0r\0e\0d\0"),
        ("T01", "pgx: \(host): server error: FATAL: \(expired) (SQLSTATE 28000)"),
        ("T01", "asyncpg.exceptions.InvalidAuthorizationSpecificationError: \(expired)"),
        ("R01", "asyncpg.exceptions.InvalidPasswordError: \(refused)"),
        ("T01", "org.postgresql.util.PSQLException: FATAL: \(expired)\n\tat org.postgresql.core"),
        ("R01", "Npgsql.PostgresException (0x80004005): 28P01: \(refused)"),
        ("T01", "psql: erreur : la connexion au serveur sur « db1 », port 5432 a échoué : FATAL:  \(expired)"),
        ("R01", "psql: Fehler: Verbindung zum Server auf »db1«, Port 5432 fehlgeschlagen: FATAL:  \(refused)"),
        ("R11", "FATAL:  too many connections for database \"orders\""),
        ("L03", "PSQLException: The server requested SCRAM-based authentication, but no password was provided."),
        ("L03", "Npgsql: No password has been provided but the backend requires one (in cleartext)"),
        ("L03", "Error: SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
        ("P03", "connection to server at \"db1\", port 6432 failed: FATAL:  password authentication failed"),
        ("P03", "C-0x55d0: orders/ada@10.0.0.9:40412 pooler error: password authentication failed"),
        ("P03", "asyncpg.exceptions.ProtocolViolationError: password authentication failed"),
        ("P03", "server error: FATAL: password authentication failed (SQLSTATE 08P01)"),
        ("R08", "connection to server at \"db1\", port 6432 failed: FATAL:  SSL required"),
        ("N07", "/tmp/ca.pem holds no certificate authority"),
        ("P04", "FATAL: server login failed: FATAL \(refused)"),
        ("P04", "ERROR S: login failed: FATAL: password authentication failed"),
        ("P04", "FATAL: server login failed: FATAL: password authentication failed"),
        ("P04", "WARNING S: login failed: FATAL: \(refused)"),
        ("N01", "Error: connect ETIMEDOUT 203.0.113.4:5432"),
        ("N01", "dial tcp 203.0.113.4:5432: i/o timeout"),
        ("I07", "Get \"http://169.254.169.254/metadata/identity\": dial tcp 169.254.169.254:80: i/o timeout"),
        ("E31", "Post \"https://login.microsoftonline.com/x/oauth2/v2.0/token\": dial tcp 192.0.2.1:443: i/o timeout"),
        ("N01", "System.TimeoutException: Timeout during connection attempt"),
        ("N05", "Error: connect ECONNREFUSED 127.0.0.1:5432"),
        ("N05", "Connection to db1:5432 refused. Check that the hostname and port are correct"),
        ("N06", "dial tcp: lookup db1.example on 192.0.2.1:53: no such host"),
        ("N06", "Error: getaddrinfo EAI_AGAIN db1.example"),
        ("N06", "Caused by: java.net.UnknownHostException: db1.example"),
        ("N04", "dial tcp: lookup login.microsoftonline.com on 192.0.2.1:53: no such host"),
        ("N04", "java.net.UnknownHostException: login.microsoftonline.com"),
        ("N04", "dial tcp: lookup login.partner.microsoftonline.cn on 192.0.2.1:53: no such host"),
        ("N04", "java.net.UnknownHostException: login.microsoftonline.us"),
        ("N04", "java.net.UnknownHostException: login.partner.microsoftonline.cn"),
        ("N04", "Error: getaddrinfo ENOTFOUND login.microsoftonline.us"),
        ("N08", "tls: failed to verify certificate: x509: certificate signed by unknown authority"),
        ("N08", "SSLHandshakeException: PKIX path building failed: unable to find a path"),
        ("N08", "AuthenticationException: The remote certificate is invalid because of errors in the chain"),
        ("N09", "x509: certificate is valid for *.postgres.database.azure.com, not db1.example"),
        ("N09", "x509: certificate is valid for notary.corp, not db1.example"),
        ("N09", "Hostname/IP does not match certificate's altnames: Host: db1."),
    ])
    func `is known`(_ sample: (code: String, text: String)) {
        let codes = FailureTable.matches(in: sample.text).map(\.failure.code)
        #expect(codes == [sample.code], "\(codes) for \(sample.text)")
    }

    @Test(arguments: [
        "psycopg2.OperationalError: FATAL:  \(refused)", "Npgsql.PostgresException (0x80004005): 28P01: \(refused)",
        "asyncpg.exceptions.InvalidPasswordError: \(refused)",
    ])
    func `keeps the user that a server refused`(_ text: String) {
        #expect(FailureTable.matches(in: text).map(\.values) == [[.user: "ada"]])
    }

    @Test(arguments: [
        "ERROR:  deadlock detected\nDETAIL:  Process 1 waits for ShareLock on transaction 2",
        "ERROR:  could not extend file \"base/1/2\": No space left on device\nHINT:  Check free disk space.",
        "ERROR:  syntax error at or near \"selct\"\nLINE 1: selct 1;",
        "ERROR:  relation \"orders\" does not exist", "ERROR:  column \"role\" does not exist",
        "ERROR:  function foo(integer) does not exist", "ERROR:  out of memory",
        "ERROR:  duplicate key value violates unique constraint \"users_pkey\"",
        "ERROR:  could not serialize access due to concurrent update",
        "ERROR:  canceling statement due to statement timeout",
        "ERROR:  cannot execute INSERT in a read-only transaction",
        "ERROR: deadlock detected while refreshing the table access_tokens",
        "FATAL:  unsupported frontend protocol 1234.5680: server supports 2.0 to 3.0",
        "sshd: password authentication failed for root", "mysql: password authentication failed",
        "nginx: upstream: i/o timeout", "AuthenticationError: jwt expired",
        "Get \"db1:8080\": unsupported protocol scheme \"db1\"",
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "the chart of azcmagent and himds was drawn", "GET /x HTTP/1.1 410 Gone", "packet header bad",
        "/var/run/secrets/other: permission denied", "parse: URL with a port in database 5",
    ])
    func `is left alone if it is about something else`(_ text: String) {
        #expect(FailureTable.matches(in: text).map(\.failure.code) == [])
    }

    @Test(arguments: [
        (["R01", "N05"], "\"localhost\" (::1), port 5432 failed: Connection refused\n\tIs it running?", refused),
        (["T01", "N13"], "\"db1\" (2001:db8::1), port 5432 failed: Network is unreachable", expired),
        (["R10", "N01"], "\"db1\" (203.0.113.4) failed: Connection timed out", "database \"x\" does not exist"),
        (["T01", "N05"], "redis: dial tcp 127.0.0.1:6379: connect: connection refused", expired),
    ])
    func `names what the server that answered says before an address that did not`(
        _ codes: [String], _ first: String, _ second: String
    ) {
        let text = "psql: error: connection to server at \(first)\nconnection to db1 failed: FATAL:  \(second)"
        #expect(FailureTable.matches(in: text).map(\.failure.code) == codes)
    }

    @Test(arguments: [("R01", refused), ("P03", "password authentication failed")])
    func `names what a pooler says before that it wants TLS for libpq's second try`(_ code: String, _ words: String) {
        let matches = FailureTable.matches(
            in: "port 6432 failed: FATAL:  \(words)\nport 6432 failed: FATAL:  SSL required")
        #expect(matches.map(\.failure.code) == [code, "R08"])
        #expect(matches.last?.cause().hasPrefix("Misleading") == true)
    }

    @Test(arguments: [
        ("invalid_client", "AADSTS7000213", "E32"), ("invalid_client", "AADSTS700024", "E04"),
        ("invalid_client", "AADSTS700023", "E35"), ("invalid_client", "AADSTS50013", "E34"),
        ("invalid_client", "AADSTS70023", "E29"), ("invalid_client", "AADSTS392700", "E29"),
        ("invalid_grant", "AADSTS50126", "E12"), ("invalid_grant", "AADSTS65001", "E14"),
        ("invalid_grant", "AADSTS500133", "E04"), ("invalid_grant", "AADSTS50076", "E15"),
        ("unauthorized_client", "AADSTS700016", "E07"), ("invalid_scope", "AADSTS500011", "E05"),
        ("interaction_required", "AADSTS53003", "E16"), ("invalid_grant", "AADSTS12345678", "E29"),
    ])
    func `is told by its number, and not by the word before or behind it`(
        _ word: String, _ number: String, _ code: String
    ) {
        for text in [
            "{\"error\":\"\(word)\",\"error_description\":\"\(number): no. Trace ID: 1\"}",
            "{\n  \"error\": \"\(word)\",\n  \"error_description\": \"\(number): no.\"\n}",
            "\(number): no. (\(word))", "\(word) (\(number))",
        ] {
            let codes = FailureTable.matches(in: text).map(\.failure.code)
            #expect(codes == [code], "\(codes) for \(text)")
        }
    }

    @Test(arguments: [
        ("AADSTS50012: Client assertion contains an invalid signature.", "E11"),
        ("AADSTS50012: Invalid client secret is provided.", "E13"), ("AADSTS50126: Invalid username.", "E12"),
        ("AADSTS70008: The refresh token has expired.", "E17"), ("AADSTS65001: no consent", "E14"),
    ])
    func `is told by the inner number where one is put round it`(_ inner: String, _ code: String) {
        for outer in ["AADSTS70002: Error validating credentials.", "AADSTS70000: The grant is not valid."] {
            let codes = FailureTable.matches(in: "invalid_grant: \(outer) \(inner)").map(\.failure.code)
            #expect(codes == [code], "\(codes)")
        }
    }

    @Test(arguments: [
        (["E31"], "Post \"https://login.microsoftonline.com/x\": dial tcp 192.0.2.1:443: connect: connection refused"),
        (["E31", "N05"], "login.microsoftonline.com: Connection refused\nconnect ECONNREFUSED 203.0.113.4:5432"),
        (
            ["N05"],
            "the token of login.microsoftonline.com is there; connection to db1.postgres.x.com:5432 refused: Connection refused"
        ),
        (["I07"], "GET http://169.254.169.254/metadata/identity: connect: no route to host"),
        (
            ["E40"],
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed at https://login.microsoftonline.com"
        ),
        (["N08"], "connection to server at \"db1.postgres.database.azure.com\" failed: certificate verify failed"),
        (["E31"], "No route to host (login.partner.microsoftonline.cn:443)"),
    ])
    func `is about the host that it names`(_ codes: [String], _ text: String) {
        let found = FailureTable.matches(in: text).map(\.failure.code)
        #expect(found == codes, "\(found) for \(text)")
    }

    @Test func `names the host and the port of the text, and not those of the circumstances`() throws {
        for (text, host, port) in [
            (
                "connection to server at \"db7\" (10.0.0.4), port 5433 failed: Connection refused\n\tIs it?", "db7",
                "5433"
            ),
            (
                "HTTPConnectionPool(host='own.example', port=81): Max retries exceeded (NewConnectionError: Connection refused",
                "own.example", "81"
            ),
        ] {
            let match = try #require(FailureTable.matches(in: text).first)
            let cause = match.cause(in: [.host: "db1", .port: "5432"])
            #expect(match.failure.code == "N05")
            #expect(cause.hasPrefix("\(host) is there and refuses port \(port)"), "\(cause)")
        }
    }

    @Test func `says that TLS is wanted where a connection broke before that`() {
        let matches = FailureTable.matches(
            in: """
                psql: error: connection to server at "db1" (10.0.0.4), port 5432 failed: server closed the connection unexpectedly
                \tThis probably means the server terminated abnormally
                connection to server at "db1" (10.0.0.4), port 5432 failed: FATAL:  SSL connection is required. Please specify SSL options and retry.
                """)
        #expect(matches.map(\.failure.code) == ["R08", "N12"])
        #expect(matches.first?.cause() == "The connection came without TLS, and the server wants TLS.")
    }

    @Test func `names a line of success last`() {
        let log = "LOG:  connection authorized: user=ada database=x\ndial: Connection refused"
        #expect(FailureTable.matches(in: log).map(\.failure.code) == ["N05", "A06"])
    }

    @Test func `gives the values where they stand`() throws {
        let group = try #require(
            FailureTable.matches(
                in: "Azure AD access token not valid for role Readers (does not contain group ID 7e57ab1e-00a1)"
            ).first)
        #expect(group.values[.group] == "7e57ab1e-00a1")
        let federation = try #require(
            FailureTable.matches(
                in: """
                    AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: \
                    'https://issuer.example/abc/'. Assertion Subject: 'system:serviceaccount:shop:orders'. Assertion \
                    Audience: 'api://AzureADTokenExchange'. Trace ID: 1
                    """
            ).first)
        #expect(
            federation.values == [
                .issuer: "https://issuer.example/abc/", .subject: "system:serviceaccount:shop:orders",
                .audience: "api://AzureADTokenExchange",
            ])
        let application = try #require(
            FailureTable.matches(
                in: "AADSTS700016: Application with identifier '7e57' was not found in the directory 'Contoso'."
            ).first)
        #expect(application.values == [.client: "7e57", .tenant: "Contoso"])
    }

    @Test func `may be UTF-16 with letters of any language`() throws {
        let text = "FATAL:  Rolle: role \"Jürgen.Müller@contoso.example\" does not exist\r\n"
        for (mark, isLittle) in [([UInt8]([0xFF, 0xFE]), true), ([0xFE, 0xFF], false)] {
            let bytes = text.utf16.flatMap { unit -> [UInt8] in
                let pair = [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
                return isLittle ? pair : pair.reversed()
            }
            let match = try #require(FailureTable.matches(in: mark + bytes).first)
            #expect(match.values[.user] == "Jürgen.Müller@contoso.example")
        }
    }

    @Test func `gets statements with the names in them`() throws {
        let noLogin = try #require(
            FailureTable.matches(in: "FATAL:  role \"Order Readers\" is not permitted to log in").first)
        #expect(noLogin.remedy().contains(#"ALTER ROLE "Order Readers" LOGIN"#))
        let noConnect = try #require(
            FailureTable.matches(in: "FATAL:  permission denied for database \"orders\"").first)
        #expect(noConnect.remedy(in: [.user: #"a"da"#]).contains(#"GRANT CONNECT ON DATABASE "orders" TO "a""da""#))
    }
}
