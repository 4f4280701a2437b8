import TokenCredentials

extension TokenClaims {
    /// What a token says of the groups its owner is in.
    enum Groups: Equatable {
        case none
        /// Their object ids.
        case listed([String])
        /// So many that the token only says where to ask for them (the "groups overage claim" of Entra's documentation).
        case tooMany
    }

    /// Whether the token is a service's, an application's or a managed identity's, and not a person's.
    ///
    /// `idtyp` is an optional claim; without it a person shows by a principal name or by the scopes consented to.
    var isOfService: Bool {
        if let kind = self["idtyp"] { return kind == "app" }
        return self["upn"] == nil && self["scp"] == nil && (self["appid"] ?? self["azp"]) != nil
    }

    /// The groups of the token's owner.
    var groups: Groups {
        if case .array(let ids)? = values["groups"], !ids.isEmpty {
            return .listed(
                ids.compactMap { id in
                    guard case .string(let text) = id else { return nil }
                    return text
                })
        }
        if case .object(let names)? = values["_claim_names"], names["groups"] != nil { return .tooMany }
        return switch values["hasgroups"] {
        case .bool(true)?, .string("true")?: .tooMany
        default: .none
        }
    }
}
