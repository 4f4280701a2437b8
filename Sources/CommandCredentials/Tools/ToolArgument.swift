package import TokenCredentials

/// What a text must consist of before it may become an argument of a tool or part of a script.
package enum ToolArgument {
    /// A scope or a resource.
    case scope
    /// A directory's id or domain.
    case tenant
    /// A subscription's id or name.
    case subscription

    /// Returns the text if it is made of the characters allowed and cannot be taken for an option.
    ///
    /// Throws ``CredentialError/failed(_:)`` otherwise.
    package func checked(_ text: String) throws(CredentialError) -> String {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), text.utf8.count <= 2048,
            text.utf8.allSatisfy({ Self.isAlphanumeric($0) || punctuation.contains($0) })
        else {
            throw .failed(
                Diagnosis(
                    "the \(name) \(quoted(text)) cannot be handed to another program",
                    remedy: "Use letters, digits and \(shownPunctuation) only, and begin with no hyphen.",
                    kind: .misconfigured))
        }
        return text
    }

    private var name: String {
        switch self {
        case .scope: "scope"
        case .tenant: "tenant"
        case .subscription: "subscription"
        }
    }

    private var punctuation: String.UTF8View {
        switch self {
        case .scope: "_.:/-".utf8
        case .tenant: ".-".utf8
        case .subscription: "_. -".utf8
        }
    }

    private var shownPunctuation: String {
        switch self {
        case .scope: "the signs _ . : / -"
        case .tenant: "the signs . -"
        case .subscription: "the signs _ . - and blanks"
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension TokenRequest {
    /// The directory that a tool is to ask, safe to hand to it: the one asked for, unless the environment forbids
    /// others than the credential's own; `nil` leaves it to the tool.
    ///
    /// Throws ``CredentialError/failed(_:)`` if it holds what no directory's name does.
    package func toolTenant(or own: String?, in environment: ProcessEnvironment) throws(CredentialError) -> String? {
        guard let tenant = environment.forbidsOtherTenants ? own : tenant ?? own else { return nil }
        return try ToolArgument.tenant.checked(tenant)
    }

    /// The one resource the scopes name, safe to hand to a tool called `tool`.
    ///
    /// Throws ``CredentialError/failed(_:)`` if there are several, or if the one holds what no resource does.
    package func toolResource(_ tool: String) throws(CredentialError) -> String {
        guard let resource else {
            throw .failed(
                Diagnosis(
                    "\(tool) is asked for one resource at a time, and the scopes name several",
                    remedy: "Ask for one scope.", kind: .misconfigured))
        }
        return try ToolArgument.scope.checked(resource)
    }
}
