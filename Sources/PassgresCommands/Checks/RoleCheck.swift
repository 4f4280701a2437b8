import FoundationEssentials
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Compares the role as an administrator sees it with the token that would be sent.
struct RoleCheck {
    let catalogue: RoleCatalogue
    let user: String
    let token: TokenClaims?

    func findings() -> [CheckFinding] {
        let values: [Placeholder: String] = [.user: user, .role: user]
        guard let role = catalogue.roles.first(where: { $0.name == user }) else {
            guard let other = catalogue.roles.first else {
                return [.fail(.role, "R02", "the server has no role \(quoted(user))", values)]
            }
            return [
                .fail(
                    .role, "R03", "the server has no role \(quoted(user)), and has \(quoted(other.name))",
                    [.user: user, .role: other.name])
            ]
        }
        guard role.mayLogIn else {
            return [.fail(.role, "R13", "the role \(quoted(user)) may not log in", values)] + synchronisation()
        }
        guard catalogue.hasMappings else {
            return [.skip(.role, "the role is there; its mapping shows in database postgres of a Flexible Server only")]
        }
        guard let mapping = catalogue.mappings.first(where: { $0.role == user }) else {
            return [
                .fail(
                    .role, "T09", "the role \(quoted(user)) is mapped to no principal of Entra's", values,
                    remedy: bindingRemedy.filled(values))
            ]
        }
        return mappingFindings(mapping, values) + synchronisation()
    }

    private func mappingFindings(
        _ mapping: RoleCatalogue.Mapping, _ values: [Placeholder: String]
    ) -> [CheckFinding] {
        let mapped = "the role \(quoted(user)) is mapped to the \(mapping.kind) \(mapping.objectID)"
        guard let token, let objectID = token["oid"] else { return [.ok(.role, mapped)] }
        if mapping.kind == "group" {
            switch token.groups {
            case .listed(let groups) where groups.contains { $0.lowercased() == mapping.objectID.lowercased() }:
                return [.ok(.role, mapped + ", which the token lists")]
            case .listed: return [.fail(.role, "T08", "\(mapped), which the token does not list", values)]
            case .tooMany:
                let text = "\(mapped), and the token's owner is in too many groups for it to list them"
                return [.warn(.role, "T08", text, values).doubting(.principal)]
            case .none:
                let text = "\(mapped), and the token lists no groups"
                return [.warn(.role, "T08", text, values).doubting(.principal)]
            }
        }
        let isService = token.isOfService
        if mapping.kind == "service", !isService {
            return [.fail(.role, "T06", "\(mapped), and the token is a person's", values)]
        }
        if mapping.kind == "user", isService {
            return [.fail(.role, "T07", "\(mapped), and the token is a service's", values)]
        }
        guard mapping.objectID.lowercased() == objectID.lowercased() else {
            // The same name with another object: deleted and made again, or simply somebody else.
            let isSameName = [token["upn"], token["unique_name"], token["app_displayname"]].contains(user)
            return [
                .fail(.role, isSameName ? "R06" : "T09", "\(mapped), and the token belongs to \(objectID)", values)
            ]
        }
        return [.ok(.role, mapped + ", as the token is")]
    }

    private var bindingRemedy: FailureTemplate {
        let kind = token.map { $0.isOfService ? "service" : "user" } ?? "TYPE"
        return FailureTemplate(
            stringLiteral:
                "Bind it, as an Entra administrator: passgres role map {role} --type \(kind) --object-id OID.")
    }

    private func synchronisation() -> [CheckFinding] {
        guard catalogue.synchronisesGroups else { return [] }
        return [.warn(.role, "R07", "group synchronisation is on: members of a group log in under their own names")]
    }
}
