import EntraCredentials
import Logging
import PostgresCredentials
import ServerParts
import ServiceLifecycle

let environment = ProcessEnvironment.current
let connection = try ConnectionInfo("").resolved(in: environment)
guard let file = PasswordFile.defaultPath(in: environment) else {
    throw CredentialError.failed("HOME or PGPASSFILE has to be set")
}
let services = try orderServerServices(
    connection, try DefaultCredential(environment: environment), in: PasswordFileDestination(path: file))

let group = ServiceGroup(
    configuration: .init(
        services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "server")))
try await group.run()
