public import TokenCredentials

/// The database role a token is for, and how that is known.
///
/// Taken from claims nobody checked, which is good enough: a wrong name only means that the server refuses.
public struct RoleName: Hashable, Sendable {
    /// How the name is known.
    @nonexhaustive
    public enum Source: Hashable, Sendable {
        /// Somebody said it.
        case explicit
        /// The source of the token said it.
        case credential
        /// A claim of the token says it.
        case claim(String)
        /// A claim of the token names a resource, whose system-assigned identity usually has a role of that name: a guess.
        case resource(String)
    }

    /// The name, case and blanks as they are.
    public let name: String
    /// How the name is known.
    public let source: Source

    /// Finds the role for a token: the one said, the one the token's source names, or the one its claims name.
    ///
    /// The claims are looked at in this order: `xms_mirid` (the name of a user-assigned identity), `upn`,
    /// `preferred_username`, `unique_name`. A `unique_name` of an account that lives elsewhere is passed over, since
    /// the role of a guest has another name. Last of all, and as a guess, comes the name of the resource that a
    /// system-assigned identity belongs to (`xms_mirid` again): the server goes by the object id, and the role may have
    /// been given any name. Throws ``RoleNameError`` if none names a role.
    public init(said: String? = nil, for token: AccessToken) throws(RoleNameError) {
        if let said, !said.isEmpty {
            self.init(name: said, source: .explicit)
        } else if let user = token.user, !user.isEmpty {
            self.init(name: user, source: .credential)
        } else {
            guard let claims = token.claims else { throw RoleNameError(claims: nil, hint: nil) }
            try self.init(claims: claims)
        }
        if name.utf8.contains(0) { throw RoleNameError(claims: [], hint: "The name holds a zero byte.") }
    }

    init(claims: TokenClaims) throws(RoleNameError) {
        for claim in ["xms_mirid", "upn", "preferred_username", "unique_name"] {
            guard let text = claims[claim] else { continue }
            let name: String? =
                switch claim {
                case "xms_mirid": Self.userAssignedName(in: text)
                case "unique_name": Self.isForeign(text, claims) ? nil : text
                default: text
                }
            guard let name, !name.utf8.contains(0) else { continue }
            self.init(name: name, source: .claim(claim))
            return
        }
        guard let name = claims["xms_mirid"].flatMap(Self.resourceName), !name.utf8.contains(0) else {
            throw RoleNameError(claims)
        }
        self.init(name: name, source: .resource("xms_mirid"))
    }

    private init(name: String, source: Source) {
        self.name = name
        self.source = source
    }

    /// The name as Single Server wants it: with `@` and the first label of the server's name, unless it has that already.
    ///
    /// A socket or an address has no such label, and changes nothing.
    func onSingleServer(host: String?) -> RoleName {
        guard let label = Self.serverLabel(ofHost: host), !name.lowercased().hasSuffix("@" + label.lowercased())
        else { return self }
        return RoleName(name: "\(name)@\(label)", source: source)
    }

    /// The first label of a host's name; `nil` for a socket or an address.
    package static func serverLabel(ofHost host: String?) -> String? {
        guard let label = host?.split(separator: ".", omittingEmptySubsequences: false).first, !label.isEmpty,
            !label.contains(where: { $0 == "/" || $0 == ":" || $0 == "@" }), !label.allSatisfy(\.isWholeNumber)
        else { return nil }
        return String(label)
    }

    /// How the name is known, in words.
    public var reason: String {
        switch source {
        case .explicit: "it was said"
        case .credential: "the credential names it"
        case .claim(let claim): "the token's claim \(claim) names it"
        case .resource(let claim): "the token's claim \(claim) names the resource that it belongs to, which is a guess"
        }
    }

    /// What may go wrong with this name, each a sentence.
    public var warnings: [String] { (guess.map { [$0] } ?? []) + Self.warnings(for: name) }

    /// Says that the name is a guess; `nil` where it is none.
    package var guess: String? {
        guard case .resource = source else { return nil }
        return
            "the user \(quoted(name)) is a guess by the name of the resource that the identity belongs to; the server"
            + " goes by the object id, so name the user if the role has another name"
    }

    package static func warnings(for name: String) -> [String] {
        var warnings: [String] = []
        if name.utf8.count > 63 {
            warnings.append("the user name is \(name.utf8.count) bytes long; PostgreSQL cuts it at 63")
        }
        if isGUID(name) {
            warnings.append("the user name looks like an object or client id; roles are usually named in words")
        }
        if let role = unescaped(name) {
            warnings.append(
                "the user name has a backslash before a blank, which is a shell's or a connection string's; the role is"
                    + " \(quoted(role))")
        }
        return warnings
    }

    /// The name without the backslashes that stand before its blanks, as pages write it for a shell; `nil` if it has none.
    package static func unescaped(_ name: String) -> String? {
        let role = name.replacing("\\ ", with: " ")
        return role == name ? nil : role
    }

    /// The name at the end of a user-assigned identity's resource id; `nil` for any other id.
    static func userAssignedName(in resource: String) -> String? {
        let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
        let kind = ["providers", "microsoft.managedidentity", "userassignedidentities"]
        guard parts.count > kind.count, let name = parts.last, !name.isEmpty,
            parts.dropLast().suffix(kind.count).map({ $0.lowercased() }) == kind
        else { return nil }
        return String(name)
    }

    /// The name at the end of the id of a resource that may have a system-assigned identity: `providers`, the provider, one
    /// kind and one name, and nothing after it; `nil` for any other id.
    static func resourceName(in resource: String) -> String? {
        let parts = resource.split(separator: "/", omittingEmptySubsequences: false)
        let isProviders = { (part: Substring) in part.lowercased() == "providers" }
        guard parts.first?.isEmpty == true, parts.count(where: isProviders) == 1, parts.count > 5,
            isProviders(parts[parts.count - 4]), parts.dropFirst().allSatisfy({ !$0.isEmpty }), let name = parts.last
        else { return nil }
        return String(name)
    }

    /// Whether an account has its home in another directory than the one the token is of.
    private static func isForeign(_ name: String, _ claims: TokenClaims) -> Bool {
        if name.lowercased().hasPrefix("live.com#") { return true }
        guard let provider = claims["idp"] else { return false }
        if let issuer = claims["iss"], issuer == provider { return false }
        guard let tenant = claims["tid"] else { return true }
        return !provider.lowercased().contains(tenant.lowercased())
    }

    private static func isGUID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && text.utf8.allSatisfy { "0123456789abcdefABCDEF-".utf8.contains($0) }
    }
}

/// Why no database role could be told from a token.
public struct RoleNameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The names of the claims the token has, sorted; `nil` if it is not a JSON Web Token.
    public let claims: [String]?
    /// One sentence that may help to name the role, where there is one.
    public let hint: String?

    init(claims: [String]?, hint: String?) {
        self.claims = claims
        self.hint = hint
    }

    init(_ claims: TokenClaims) {
        // Claims are from outside: only names that can stand in a line of text are repeated.
        self.claims = claims.values.keys.filter { name in
            !name.isEmpty && name.utf8.count <= 40 && name.utf8.allSatisfy { (33...126).contains($0) }
        }.sorted()
        if claims["xms_mirid"] != nil {
            hint = "The role of a system-assigned identity usually has the name of its resource."
        } else if claims["unique_name"] != nil {
            hint = "The role of a guest is usually named name_home.example#EXT#@tenant.onmicrosoft.com."
        } else if claims["idtyp"] == "app" || claims["appid"] != nil || claims["azp"] != nil {
            hint = "The role of an application usually has its display name, which is not in the token."
        } else {
            hint = nil
        }
    }

    /// One sentence with what was there.
    public var description: String {
        switch claims {
        case nil: "no user was named, and the token is of a kind that does not name one"
        case let claims?:
            "no user was named, and none of the token's claims names one; it has "
                + (claims.isEmpty ? "none" : claims.joined(separator: ", "))
        }
    }
}
