extension FailureTable {
    /// What goes wrong on the way to a server, and while TLS begins.
    static let networks: [Failure] = [
        Failure(
            "N01", "Nothing answers",
            seenAs: [
                "Connection timed out", "timeout expired", "Operation timed out", "connect timed out",
                "connect ETIMEDOUT", "dial tcp…i/o timeout", "Timeout during connection attempt",
                "connection to server at{host}…port{port} failed: Connection timed out",
                "connection to server at{host}…port{port} failed: timeout expired",
                "ConnectionPool(host={host}, port={port})…timed out",
                "ConnectionPool(host={host}…Max retries exceeded",
            ],
            at: [.entra: "E31", .identityEndpoint: "I07"], weight: .attempt,
            cause:
                "No answer comes from {host}: a firewall drops the packets, or the address is a private one of another network.",
            remedy: """
                Allow this address in the server's firewall, or connect from its virtual network; passgres doctor says \
                whether the address is private.
                """,
            checks: [.name, .reach]),
        Failure(
            "N02", "The connection was cut",
            seenAs: [
                "SSL SYSCALL error: Connection reset by peer", "Connection reset by peer",
                "SSL SYSCALL error: EOF detected",
                "ConnectionPool(host={host}, port={port})…Connection reset by peer",
            ],
            at: [.entra: "E31"], weight: .breakdown,
            cause:
                "Something in between, such as a firewall that inspects TLS, or the server's gateway cut the connection.",
            remedy:
                "Look at who issued the certificate (passgres doctor); let the server's port pass without inspection.",
            checks: [.reach, .tls]),
        Failure(
            "N03", "This libpq has no TLS",
            seenAs: ["invalid when SSL support is not compiled in", "invalid when SSL support isn't compiled in"],
            cause: "The client's libpq was built without TLS.", remedy: "Use the libpq of your distribution.",
            checks: [.libpq]),
        Failure(
            "N04", "Entra's name does not resolve",
            cause: "A DNS server of your own, or none, answers for the identity service.",
            remedy:
                "Let login.microsoftonline.com and graph.microsoft.com resolve, also from the server's own network.",
            checks: [.credential]),
        Failure(
            "N05", "Nothing listens at the port",
            seenAs: [
                "Connection refused", "connect ECONNREFUSED", "refused. Check that the hostname and port",
                "connection to server at{host}…port{port} failed: Connection refused",
                "ConnectionPool(host={host}, port={port})…Connection refused",
            ],
            at: [.entra: "E31", .identityEndpoint: "I07"], weight: .attempt,
            cause: "{host} is there and refuses port {port}: the wrong port, or a server that is stopped.",
            remedy: "Check the port (5432, or 6432 for the built-in pooler) and that the server runs.", checks: [.reach]
        ),
        Failure(
            "N06", "The host's name does not resolve",
            seenAs: [
                "could not translate host name{host}", "Name or service not known",
                "Temporary failure in name resolution",
                "nodename nor servname", "getaddrinfo ENOTFOUND{host}", "getaddrinfo EAI_AGAIN{host}",
                "No such host is known", "lookup{host}…no such host", "UnknownHostException{host}",
                "Could not resolve host{host}", "Failed to resolve{host}",
                "ConnectionPool(host={host}, port={port})…Failed to resolve",
                "ConnectionPool(host={host}, port={port})…Name or service not known",
                "ConnectionPool(host={host}, port={port})…Temporary failure in name resolution",
            ],
            at: [.entra: "N04"], weight: .attempt,
            cause:
                "No DNS server knows {host}: it is misspelled, or lives in a private DNS zone that is not linked here.",
            remedy: "Check the spelling; link the private DNS zone to this network, or use its resolver.",
            checks: [.name]),
        Failure(
            "N07", "The file of trusted authorities is not there",
            seenAs: [
                "root certificate file{file} does not exist", "could not read root certificate file{file}",
                "holds no certificate authority",
            ],
            cause:
                "sslrootcert names {file}, and libpq finds none there; before libpq 16 the word system is a file's name too.",
            remedy: "Set sslrootcert=/etc/ssl/certs/ca-certificates.crt (package ca-certificates).",
            checks: [.tls, .libpq]),
        Failure(
            "N08", "The server's certificate is not trusted",
            seenAs: [
                "certificate verify failed", "self-signed certificate", "self signed certificate",
                "unable to get local issuer certificate", "certificate signed by unknown authority",
                "PKIX path building failed", "The remote certificate is invalid",
                "ConnectionPool(host={host}, port={port})…certificate verify failed",
            ],
            at: [.entra: "E40"],
            cause: """
                No authority that is trusted here signed the server's certificate: the file of authorities is old or \
                another's, or something in between answers in the server's place.
                """,
            remedy:
                "Check sslrootcert and who issued the certificate; do not lower sslmode, which would show the token.",
            checks: [.tls]),
        Failure(
            "N09", "The certificate is for another name",
            seenAs: [
                "server certificate for{issuer} does not match host name{host}", "does not match host name{host}",
                "hostname mismatch", "host name must be specified for a verified SSL connection",
                "x509: certificate is valid for…, not{host}", "does not match certificate's altnames",
            ],
            at: [.entra: "E40"],
            cause:
                "The server's certificate does not name {host}: an address or an alias was given in the place of its name.",
            remedy: "Give the server's full name as host; to choose the address, add hostaddr.", checks: [.tls]),
        Failure(
            "N10", "The server speaks no TLS",
            seenAs: ["server does not support SSL, but SSL was required", "server does not support SSL"],
            cause:
                "What answers at {host}:{port} refuses TLS: another server, a tunnel, or a pooler without a certificate.",
            remedy: "Check host and port; a token is not sent without TLS.", checks: [.tls]),
        Failure(
            "N11", "There is no such sslmode",
            seenAs: [
                "invalid sslmode value:{mode}", "invalid sslmode value", "weak sslmode{mode}",
                "the sslmode is none that libpq knows",
            ],
            cause: "libpq knows disable, allow, prefer, require, verify-ca and verify-full; verify-all does not exist.",
            remedy: "Set sslmode=verify-full.", checks: [.connection, .tls]),
        Failure(
            "N12", "The server closed the connection",
            seenAs: ["server closed the connection unexpectedly", "server terminated abnormally"], weight: .breakdown,
            cause:
                "The server, its gateway or a firewall hung up: a restart, an idle limit, or a port that is not PostgreSQL's.",
            remedy: "Try again; if it repeats, run passgres doctor with the same connection.",
            checks: [.reach, .tls, .login]),
        Failure(
            "N13", "There is no way to the network",
            seenAs: [
                "Network is unreachable", "No route to host", "Host is unreachable",
                "connection to server at{host}…port{port} failed: Network is unreachable",
                "connection to server at{host}…port{port} failed: No route to host",
                "ConnectionPool(host={host}, port={port})…Network is unreachable",
                "ConnectionPool(host={host}, port={port})…No route to host",
            ],
            at: [.entra: "E31", .identityEndpoint: "I07"], weight: .attempt,
            cause: "This machine has no route to {host}; often its name resolves to IPv6, and there is none here.",
            remedy: "Bring up the network or the VPN; where IPv6 is the trouble, give hostaddr with the IPv4 address.",
            checks: [.name, .reach]),
        Failure(
            "N14", "The server's certificate has expired",
            seenAs: ["certificate has expired", "certificate is not yet valid"],
            cause: "The certificate is past its end, or the clock of this machine is wrong.",
            remedy: "Check the clock first (timedatectl), then ask the server's owner for a new certificate.",
            checks: [.clock, .tls]),
        Failure(
            "N15", "The clock is wrong",
            seenAs: ["clock skew", "Client assertion is not within…clock", "ID token already expires"],
            cause: "This machine's clock differs from the identity service's by more than a token's tolerance.",
            remedy: "Set the clock: timedatectl set-ntp true.", checks: [.clock]),
        Failure(
            "N16", "The TLS versions do not meet",
            seenAs: [
                "tlsv1 alert protocol version", "SSL error: unsupported protocol", "SSL routines…unsupported protocol",
                "no protocols available",
                "wrong version number",
            ],
            cause: "Client and server have no TLS version in common, or what answers does not speak TLS at all.",
            remedy: """
                Check host and port, and leave ssl_min_protocol_version and ssl_max_protocol_version out; Azure takes \
                TLS 1.2 and 1.3.
                """,
            checks: [.tls]),
        Failure(
            "N17", "The connection may show the token",
            seenAs: ["may send the token without TLS", "verifies nothing with libpq 15"],
            cause: "With sslmode disable, allow or prefer a token goes in clear to whoever answers without TLS.",
            remedy: "Set sslmode=verify-full, or leave it out.", checks: [.connection, .tls]),
        Failure(
            "N18", "The server answered too late, or not as PostgreSQL does",
            cause: """
                The port is open, and nothing comes from it, or something else than PostgreSQL's protocol: a firewall in \
                between, or something that is no PostgreSQL server.
                """,
            remedy: "Check host and port, and the firewall in between.", checks: [.reach, .tls, .login]),
        Failure(
            "N19", "There is no such socket",
            seenAs: [
                "No such file or directory…Is the server running locally",
                "connection to server on socket{file} failed",
            ],
            weight: .symptom,
            cause: "No host is named, so libpq looks for a server on this machine.",
            remedy: "Name the server: host=NAME.postgres.database.azure.com, or PGHOST.", checks: [.connection, .reach]),
    ]
}
