import EntraCredentials
import Logging
import PostgresCredentials
import ServerParts
import ServiceLifecycle

// What connects to PostgreSQL in this process, or beside it, finds its password in the password file.
let environment = ProcessEnvironment.current
let connection = try ConnectionInfo("").resolved(in: environment)
guard let file = PasswordFile.defaultPath(in: environment), let user = connection.user else {
    throw CredentialError.failed("PGUSER and HOME, or PGPASSFILE, have to be set")
}
let login = Login(
    host: connection.host ?? "localhost", port: connection.port ?? "5432", database: connection.database ?? user,
    user: user)

let group = ServiceGroup(
    configuration: .init(
        services: [
            .init(
                service: PasswordService(
                    try DefaultCredential(environment: environment), for: login,
                    storingIn: PasswordFileDestination(path: file)))
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "server")))
try await group.run()
