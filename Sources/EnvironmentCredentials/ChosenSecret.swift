import TokenCredentials

/// A secret that a variable holds, or names.
enum ChosenSecret: Sendable {
    case value(variable: String, String)
    /// A store keeps it under the name.
    case kept(variable: String, name: String)

    /// Reads the two variables; `nil` if neither is set.
    ///
    /// Throws ``CredentialError/failed(_:)`` if both are: whoever put the secret into a store meant it to be in no
    /// variable, and which of the two is the newer nobody can tell.
    init?(
        _ holder: String, orNamedBy namer: String, in environment: ProcessEnvironment
    ) throws(CredentialError) {
        switch (environment[holder], environment[namer]?.trimmed) {
        case (nil, nil): return nil
        case (let value?, nil): self = .value(variable: holder, value)
        case (nil, let name?): self = .kept(variable: namer, name: name)
        case (.some, .some):
            throw .failed(
                Diagnosis(
                    "\(holder) holds a secret, and \(namer) names one", remedy: "Unset one of the two.",
                    kind: .misconfigured))
        }
    }

    /// The variable that decided.
    var variable: String {
        switch self {
        case .value(let variable, _), .kept(let variable, _): variable
        }
    }

    /// Where the secret is to be corrected.
    var words: String {
        switch self {
        case .value(let variable, _): variable
        case .kept(let variable, let name): "the secret \(quoted(name)) that \(variable) names"
        }
    }
}

extension ChosenSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { words }
    var debugDescription: String { words }
    var customMirror: Mirror { Mirror(self, children: ["secret": words]) }
}
