import ArgumentParser
import PostgresCredentials

/// Which principal a role belongs to.
struct PrincipalOptions: ParsableArguments {
    @Option(help: "The principal: user, group or service.")
    var type: PrincipalType?

    @Option(help: "The principal's object id (Single Server: the client id of a service).")
    var objectId: String?

    @Flag(help: "Make it an administrator of the server.")
    var admin = false

    func validate() throws {
        if (type == nil) != (objectId == nil) {
            throw ValidationError("--type and --object-id belong together.")
        }
    }

    /// The principal, if one is named.
    var principal: RoleDefinition.Principal? {
        guard let type, let objectId else { return nil }
        return .init(type.kind, objectID: objectId)
    }
}

/// The kinds of principals, as words of the command line.
enum PrincipalType: String, ExpressibleByArgument, CaseIterable {
    case user, group, service

    var kind: RoleDefinition.PrincipalKind {
        switch self {
        case .user: .user
        case .group: .group
        case .service: .service
        }
    }
}
