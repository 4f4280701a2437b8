import TokenCredentials

/// A secret that a variable holds, or says where it is.
enum ChosenSecret: Sendable {
    case value(variable: String, String)
    /// A store keeps it under the name.
    case kept(variable: String, name: String)
    /// A file holds it, and is read anew for every token.
    case file(variable: String, path: String)

    /// Reads the variables; `nil` if none is set.
    ///
    /// Throws ``CredentialError/failed(_:)`` if more than one is: whoever put the secret into a store or a file meant it
    /// to be in no variable, and which of them is the newest nobody can tell.
    init?(
        _ holder: String, orNamedBy namer: String, orInFileOf filer: String? = nil, in environment: ProcessEnvironment
    ) throws(CredentialError) {
        var found: [(secret: ChosenSecret, words: String)] = []
        if let value = environment[holder] {
            found.append((.value(variable: holder, value), "\(holder) holds a secret"))
        }
        if let name = environment[namer]?.trimmed {
            found.append((.kept(variable: namer, name: name), "\(namer) names one that is kept"))
        }
        if let filer, let path = environment[filer] {
            found.append((.file(variable: filer, path: path), "\(filer) names a file with one"))
        }
        guard let first = found.first else { return nil }
        guard found.count == 1 else {
            throw .failed(
                Diagnosis(
                    found.map(\.words).joined(separator: ", and "),
                    remedy: found.count == 2 ? "Unset one of the two." : "Unset two of the three.",
                    kind: .misconfigured))
        }
        self = first.secret
    }

    /// The variable that decided.
    var variable: String {
        switch self {
        case .value(let variable, _), .kept(let variable, _), .file(let variable, _): variable
        }
    }

    /// Where the secret is to be corrected.
    var words: String {
        switch self {
        case .value(let variable, _): variable
        case .kept(let variable, let name): "the secret \(quoted(name)) that \(variable) names"
        case .file(let variable, let path): "the file \(path) that \(variable) names"
        }
    }
}

extension ChosenSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { words }
    var debugDescription: String { words }
    var customMirror: Mirror { Mirror(self, children: ["secret": words]) }
}
