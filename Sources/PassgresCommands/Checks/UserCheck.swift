import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Compares the user that a connection names with what a token says of its owner.
///
/// A guess all of it: the server goes by object ids, and a role may have any name. So nothing here is a fault before the
/// server has refused the user, and no remedy takes anything away.
struct UserCheck {
    let connection: ConnectionInfo
    let user: String
    let token: AccessToken
    let claims: TokenClaims
    /// Where the token is from, in a few words.
    let place: String

    /// The role that the token names.
    private var name: String? { (try? connection.roleNamed(by: token))?.name }
    /// The owner's names in the token; for a service the one that people see is among them.
    private var names: [String] {
        let claimed = claims.isOfService ? ["app_displayname"] : ["unique_name", "preferred_username", "email", "name"]
        return [name].compactMap { $0 } + claimed.compactMap { claims[$0] }
    }
    private var owner: String { names.first.map { " of \(quoted($0))" } ?? "" }

    func findings() -> [CheckFinding] {
        let isOwners = user == name || claims.isOfService && user == claims["app_displayname"]
        return (isOwners ? [] : [mismatch]) + length
    }

    private var length: [CheckFinding] {
        guard user.utf8.count > 63 else { return [] }
        let text = "the user's name has \(user.utf8.count) bytes, and PostgreSQL keeps 63"
        return [.warn(.token, "R05", text, [.role: user]).doubting(.principal)]
    }

    private var mismatch: CheckFinding {
        if [claims["appid"], claims["azp"], claims["oid"]].contains(where: { $0?.lowercased() == user.lowercased() }) {
            return warning(
                .spelling, "R16", "the user \(quoted(user)) is the id of the token's owner, and not a role's name")
        }
        if connection.serverKind == .single, let name, name.hasPrefix(user + "@"),
            !name.dropFirst(user.count + 1).contains("@")
        {
            return warning(.spelling, "R04", "the user is \(quoted(user)), and a Single Server wants \(quoted(name))")
        }
        return misspelling ?? stranger
    }

    /// What is said of a name that is likely to be meant for another; `nil` for any other name.
    private var misspelling: CheckFinding? {
        if let role = RoleName.unescaped(user) {
            return spelling(
                role, "the backslash is a shell's or a connection string's, and no part of the role \(quoted(role))")
        }
        if connection.serverKind == .flexible, let bare = withoutServer {
            return spelling(bare, "only a Single Server takes its own name behind that of the role \(quoted(bare))")
        }
        let isAlike = { (other: String) in other.trimmed.lowercased() == user.trimmed.lowercased() }
        let isBeginning = name.map { isAlike(String($0.prefix { $0 != "@" })) } ?? false
        guard let role = name ?? names.first, isBeginning || names.contains(where: isAlike) else { return nil }
        return warning(
            .spelling, "R03", "the user is spelled \(quoted(user)), and the token says \(quoted(role))", role: role)
    }

    private func spelling(_ role: String, _ reason: String) -> CheckFinding {
        warning(
            .spelling, "R03", "the user is spelled \(quoted(user)): \(reason)", role: role,
            remedy: "Connect with user={role}.")
    }

    /// The user without `@` and the first label of the host, if it ends so.
    private var withoutServer: String? {
        let labels = ((try? connection.servers()) ?? []).compactMap { RoleName.serverLabel(ofHost: $0.name) }
        guard let label = labels.first(where: { user.lowercased().hasSuffix("@" + $0.lowercased()) }),
            user.count > label.count + 1
        else { return nil }
        return String(user.dropLast(label.count + 1))
    }

    /// What is said of a name that is not the owner's.
    private var stranger: CheckFinding {
        let shown = quoted(user)
        let own: FailureTemplate? = name == nil ? nil : "Connect with user={role}, or take a token of the user's own."
        switch (user.contains("@"), claims.isOfService) {
        case (true, true):
            return warning(
                .principal, "T07", "the user \(shown) is a person's, and the token from \(place) a service's\(owner)")
        case (true, false):
            return warning(
                .principal, "T09", "the user is \(shown), and the token from \(place) is another person's\(owner)",
                role: name, remedy: own ?? "Take a token of the user's own.")
        case (false, true):
            return warning(
                .principal, "T09",
                "the token from \(place) is a service's\(owner), and fits the role \(shown) only if that was made for it, "
                    + "or for a group that it is in",
                remedy: """
                    If there is no such role, make it: passgres role create {role} --type service --object-id OID, OID being \
                    the token's oid. If it is there without a principal, passgres role map with the same binds it.
                    """)
        case (false, false): return group
        }
    }

    /// What is said of a name without an `@` beside a person's token: it is likely to be a group's.
    ///
    /// A token lists groups by their ids. A server that knows the role says so itself where the token lacks its group; one
    /// that refuses without a word knows no such role, so that with groups in the token the name is what is wrong.
    private var group: CheckFinding {
        let role = "the role \(quoted(user))"
        let person = "the token from \(place) is a person's\(owner)"
        switch claims.groups {
        case .listed(let ids):
            let groups = ids.count == 1 ? "one group" : "\(ids.count) groups"
            return warning(
                .principal, "R03",
                "\(person), and lists \(groups) by id: \(role) has to belong to one of them, and to be spelled as it was made",
                remedy: """
                    Spell the group's name as the role was made (an administrator sees it with passgres role list), or \
                    connect under your own name.
                    """)
        case .tooMany:
            return warning(
                .principal, "T08",
                "\(person) in so many groups that it lists none: \(role) takes it only if it is that person's own",
                remedy: "Have a role of your own made, or sign in as somebody who is in fewer groups.")
        case .none:
            return warning(
                .principal, "T08", "\(person), and lists no group: \(role) takes it only if it is that person's own",
                remedy: """
                    Become a member of the group, sign in again and take a new token with passgres psql --no-cache, or \
                    connect under your own name.
                    """)
        }
    }

    private func warning(
        _ doubt: CheckFinding.Doubt, _ code: String, _ text: String, role: String? = nil,
        remedy: FailureTemplate? = nil
    ) -> CheckFinding {
        let values: [Placeholder: String] = [.role: role ?? user, .user: user]
        return .warn(.token, code, text, values, remedy: remedy?.filled(values)).doubting(doubt)
    }
}
