public import PasswordKeeping
public import PostgresCredentials
public import ServiceLifecycle
public import TokenCredentials

/// What a server consists of, as services of one group: here the one that keeps its password file fresh.
///
/// Whatever connects to PostgreSQL in this process, or beside it, finds its password there, hours later too.
public func orderServerServices(
    _ connection: ConnectionInfo, _ credential: any TokenCredential, in destination: any PasswordDestination,
    health: [HealthAddress] = []
) throws -> [any Service] {
    let assignment = PasswordAssignment(
        TokenSource(credential), logins: [try KeptLogin(connection)], storingIn: [destination])
    return [PasswordKeeperService(PasswordKeeper([assignment]), answeringHealthChecksAt: health)]
}
