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
    }

    /// The name, case and blanks as they are.
    public let name: String
    /// How the name is known.
    public let source: Source

    /// Finds the role for a token: the one said, the one the token's source names, or the one its claims name.
    ///
    /// The claims are looked at in this order: `xms_mirid` (the name of a user-assigned identity), `upn`,
    /// `preferred_username`, `unique_name`. A `unique_name` of an account that lives elsewhere is passed over, since
    /// the role of a guest has another name. Throws ``RoleNameError`` if none names a role.
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
        throw RoleNameError(claims)
    }

    private init(name: String, source: Source) {
        self.name = name
        self.source = source
    }

    /// The name as Single Server wants it: with `@` and the first label of the server's name, unless it has that already.
    ///
    /// A socket or an address has no such label, and changes nothing.
    func onSingleServer(host: String?) -> RoleName {
        guard let label = host?.split(separator: ".", omittingEmptySubsequences: false).first, !label.isEmpty,
            !label.contains(where: { $0 == "/" || $0 == ":" || $0 == "@" }), !label.allSatisfy(\.isWholeNumber),
            !name.lowercased().hasSuffix("@" + label.lowercased())
        else { return self }
        return RoleName(name: "\(name)@\(label)", source: source)
    }

    /// How the name is known, in words.
    public var reason: String {
        switch source {
        case .explicit: "it was said"
        case .credential: "the credential names it"
        case .claim(let claim): "the token's claim \(claim) names it"
        }
    }

    /// What may go wrong with this name, each a sentence.
    public var warnings: [String] { Self.warnings(for: name) }

    package static func warnings(for name: String) -> [String] {
        var warnings: [String] = []
        if name.utf8.count > 63 {
            warnings.append("the user name is \(name.utf8.count) bytes long; PostgreSQL cuts it at 63")
        }
        if isGUID(name) {
            warnings.append("the user name looks like an object or client id; roles are usually named in words")
        }
        return warnings
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
