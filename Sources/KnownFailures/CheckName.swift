/// A check of `passgres doctor`, by the name that reports use.
package enum CheckName: String, CaseIterable, Sendable {
    case connection
    case environment
    case serviceFile = "service-file"
    case passwordFile = "password-file"
    case libpq
    case clock
    case name
    case reach
    case tls
    case credential
    case token
    case length
    case login
    case role

    /// What it looks at, in a few words.
    package var subject: String {
        switch self {
        case .connection: "the connection's parameters"
        case .environment: "variables that override the connection or the password"
        case .serviceFile: "the connection service file"
        case .passwordFile: "the password file, and the line that counts"
        case .libpq: "the version of libpq and its limits"
        case .clock: "this machine's clock against the identity service's"
        case .name: "the addresses behind the host's name"
        case .reach: "whether something answers at the server's port"
        case .tls: "the TLS handshake and the server's certificate"
        case .credential: "where the token comes from"
        case .token: "the token's claims against server, user and time"
        case .length: "the token's length against what is in between"
        case .login: "one real login"
        case .role: "the role and its mapping, as an administrator sees them"
        }
    }
}
