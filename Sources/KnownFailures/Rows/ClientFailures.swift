extension FailureTable {
    /// What libpq says, and what is wrong with the files and variables it reads.
    static let clients: [Failure] = [
        Failure(
            "L01", "Others may read the password file",
            seenAs: ["password file{file} has group or world access"],
            cause: "libpq ignores a password file that anybody but its owner may read.",
            remedy: "Run chmod 600 {file}.", checks: [.passwordFile]),
        Failure(
            "L02", "The password file is no plain file", seenAs: ["password file{file} is not a plain file"],
            cause: "libpq reads passwords from regular files only, not from pipes, devices or directories.",
            remedy: "Remove it, and let passgres pgpass --passfile {file} write a file in its place.",
            checks: [.passwordFile]),
        Failure(
            "L03", "No password was found",
            seenAs: [
                "fe_sendauth: no password supplied", "no password supplied", "no password was provided",
                "No password has been provided", "client password must be a string",
            ],
            cause: """
                Neither the connection, PGPASSWORD nor a line of the password file holds a password for exactly this \
                host, port, database and user.
                """,
            remedy: "Write the line, passgres pgpass with the same connection, or connect with passgres psql.",
            checks: [.passwordFile]),
        Failure(
            "L04", "The password file is not written in plain text",
            seenAs: ["No Matches in Pgpass", "Get password from Pgpass File"],
            cause:
                "A byte order mark, UTF-16 or carriage returns keep every line from matching, or the line is for another host.",
            remedy: "Write it anew with passgres pgpass; save it as UTF-8 without a byte order mark.",
            checks: [.passwordFile]),
        Failure(
            "L05", "The password came from a file", seenAs: ["password retrieved from file{file}"],
            weight: .consequence,
            cause: "The password in {file} was sent, and the server refused it.",
            aside: "The password that was refused is the one in {file}: the line that matches first counts.",
            remedy: "Renew the line: passgres pgpass with the same connection.", checks: [.passwordFile]),
        Failure(
            "L06", "A lost session was not made again",
            seenAs: ["Attempting reset: Failed", "No database connection exists to re-use parameters from"],
            cause: "psql tries again with the password it began with, which has expired.",
            remedy: "Type \\c with a whole connection string, or start passgres psql anew."),
        Failure(
            "L07", "An old libpq cuts long passwords",
            cause:
                "libpq before 13 may read 319 bytes of a password file's line and send what it read, without a word.",
            remedy: "Use libpq 13 or later (libpq5 of your distribution).", checks: [.libpq]),
        Failure(
            "L08", "The program cuts or refuses long passwords",
            seenAs: ["password has exceeded", "password is too long", "maximum length for password"],
            cause: "A token has 1,500 to 7,000 bytes, and the program's password field holds fewer.",
            remedy: "Let the program read a password file (passgres pgpass) or run a command (passgres token)."),
        Failure(
            "L09", "PGPASSWORD is set",
            cause: "PGPASSWORD beats every password file and does not renew itself.",
            remedy: "Run unset PGPASSWORD, and connect with passgres psql.", checks: [.environment]),
        Failure(
            "L10", "PGHOSTADDR is set",
            cause: "PGHOSTADDR decides where the connection goes, whatever the host's name says.",
            remedy: "Run unset PGHOSTADDR, unless it is meant.", checks: [.environment]),
        Failure(
            "L11", "The connection allows no clear-text password",
            seenAs: ["authentication method requirement{mode} failed", "authentication method requirement"],
            cause: "require_auth or PGREQUIREAUTH does not allow what a token needs: the method password.",
            remedy: "Run unset PGREQUIREAUTH, or set require_auth=password with sslmode=verify-full.",
            checks: [.environment]),
        Failure(
            "L12", "The connection demands channel binding",
            seenAs: ["channel binding required", "channel binding is required"],
            cause:
                "channel_binding=require works with SCRAM alone; a token is sent as a clear-text password within TLS.",
            remedy: "Leave channel_binding out, and run unset PGCHANNELBINDING.", checks: [.environment]),
        Failure(
            "L13", "An earlier line of the password file counts",
            cause: "libpq takes the first line that matches; a line above, or one with *, hides the one that is meant.",
            remedy: "Remove the earlier line of {file}: passgres pgpass puts its own first.", checks: [.passwordFile]),
        Failure(
            "L14", "No line of the password file matches",
            cause: "Host, port, database and user are compared byte for byte; one of them differs.",
            remedy: "Write the line with passgres pgpass and the same connection.", checks: [.passwordFile]),
        Failure(
            "L15", "There is no such service",
            seenAs: [
                "definition of service{setting} not found", "service file{file} not found", "no service file defines",
            ],
            cause: "PGSERVICE or service= names a section that no service file has.",
            remedy: "Run unset PGSERVICE, or add the section to ~/.pg_service.conf.", checks: [.serviceFile]),
        Failure(
            "L16", "A line of the service file cannot be read",
            seenAs: [
                "too long in service file{file}", "syntax error in service file{file}",
                "nested service specifications not supported", "is longer than the 1021 bytes",
            ],
            cause: "A line holds 1,021 bytes at most (253 before libpq 14), no blanks around =, and never a token.",
            remedy: "Put passfile= into the section in the place of password=: passgres conninfo --format service.",
            checks: [.serviceFile]),
        Failure(
            "L17", "The connection string cannot be read",
            seenAs: [
                "in connection info string", "invalid connection option{setting}", "invalid URI query parameter",
                "invalid integer value{port}", "invalid port number", "could not match…host names to…hostaddr values",
                "could not match…port numbers to", "unterminated quoted string in connection info",
            ],
            cause:
                "A value is misspelled, or one with blanks, quotes or an at sign is not escaped for where it stands.",
            remedy: """
                In key=value put the value in single quotes; in a URI write @ as %40, # as %23 and a blank as %20: \
                passgres conninfo --format uri --password none writes it.
                """,
            checks: [.connection]),
        Failure(
            "L18", "The parameter is unknown to this libpq",
            seenAs: [
                "invalid connection option \"require_auth\"", "invalid connection option \"sslnegotiation\"",
                "invalid connection option \"gssencmode\"", "invalid connection option \"channel_binding\"",
                "invalid connection option \"oauth_issuer\"", "invalid connection option \"oauth_client_id\"",
            ],
            cause: "The connection names a parameter that came with a later libpq than the program's.",
            remedy: "Leave it out, or use a newer libpq.", checks: [.libpq]),
        Failure(
            "L19", "The password line is for a name that is not used",
            seenAs: ["could not translate host name \"passwd\"", "invalid port number: \"eyJ"],
            cause: "The token landed in the host or port: a URI's user holds an @ that is not escaped.",
            remedy: "Write @ as %40: passgres conninfo --format uri --password none writes it.", checks: [.connection]),
        Failure(
            "L20", "The server asks for nothing",
            seenAs: ["server did not complete authentication", "server did not request"],
            cause: "The server let the connection in without a password: it is not one that checks tokens.",
            remedy: "Check host and port, and the server's authentication settings.", checks: [.login]),
        Failure(
            "L21", "psql is not there", seenAs: ["psql: command not found", "psql: not found"],
            cause: "No psql is on PATH.", remedy: "Install it: apt install postgresql-client.", checks: [.libpq]),
        Failure(
            "L22", "PGSERVICE decides the connection",
            cause: "PGSERVICE names a service, whose settings fill in what the connection does not say.",
            remedy: "Run unset PGSERVICE, unless it is meant.", checks: [.environment]),
        Failure(
            "L23", "The program wants another form of connection string",
            seenAs: [
                "claims to not accept jdbcUrl", "No suitable driver found for", "Unable to parse URL jdbc:",
                "JDBC URL invalid port number", "URL must start with 'jdbc'", "Could not parse SQLAlchemy URL",
                "Could not parse rfc1738 URL", "Can't load plugin: sqlalchemy.dialects:postgres",
                "Format of the initialization string does not conform", "Keyword not supported:",
                "P1013: The provided database string is invalid", "Error parsing connection string:",
                "the URL must start with the protocol", "invalid port number in database URL",
                "invalid domain character in database URL", "empty host in database URL", "net/url: invalid userinfo",
                "failed to parse as URL", "failed to parse as keyword/value",
            ],
            cause: """
                JDBC (jdbc:postgresql://), SQLAlchemy (postgresql+DRIVER://), Npgsql (Host=; Username=) and Prisma \
                (postgresql://) want a form each of its own, or a character in it is not escaped.
                """,
            remedy: """
                Take the parts from passgres conninfo --format uri --password none, which writes @ as %40, / as %2F and # \
                as %23, and put them into the program's own form.
                """,
            checks: [.connection]),
    ]
}
