import TokenCredentials

/// An identity that somebody named, and by what.
struct NamedIdentity: Sendable {
    static let variable = "PASSGRES_MANAGED_IDENTITY"
    static let sharedVariable = "AZURE_CLIENT_ID"

    let identity: ManagedIdentity
    /// What named it, such as an option or a variable.
    let origin: String
    /// Whether this identity and no other is meant.
    let isMeant: Bool

    init(_ identity: ManagedIdentity, from origin: String, isMeant: Bool = true) {
        self.identity = identity
        self.origin = origin
        self.isMeant = isMeant
    }

    /// The identity that variables name; `nil` where none does.
    ///
    /// The variable that names an application for other credentials too is meant for this one where it stands alone, and
    /// where it holds what no application has.
    ///
    /// - Parameter isAlone: Whether no other credential is asked.
    init?(_ environment: ProcessEnvironment, isAlone: Bool) {
        if let text = environment[Self.variable] {
            self.init(ManagedIdentity(named: text), from: Self.variable)
        } else if let text = environment[Self.sharedVariable] {
            let identity = ManagedIdentity(named: text)
            let isApplication = if case .clientID = identity { true } else { false }
            self.init(identity, from: Self.sharedVariable, isMeant: isAlone || !isApplication)
        } else {
            return nil
        }
    }
}
