import TokenCredentials

/// Which of a host's managed identities to be.
public enum ManagedIdentity: Hashable, Sendable {
    /// The identity that belongs to the host itself; on some hosts the only user-assigned one, where there is no other.
    case systemAssigned
    /// A user-assigned identity by its client id, also called application id.
    case clientID(String)
    /// A user-assigned identity by its object id, also called principal id.
    case objectID(String)
    /// A user-assigned identity by its Azure resource id, which begins with `/subscriptions/`.
    case resourceID(String)
}

extension ManagedIdentity: CustomStringConvertible {
    /// The identity in words, with the id that was asked for.
    public var description: String {
        switch self {
        case .systemAssigned: "the system-assigned identity"
        case .clientID(let id): "the user-assigned identity with client id \(quotedID(id))"
        case .objectID(let id): "the user-assigned identity with object id \(quotedID(id))"
        case .resourceID(let id): "the user-assigned identity with resource id \(quotedID(id))"
        }
    }

    /// An id is shown whole, since it is what a person compares; what could disturb a terminal is not.
    private func quotedID(_ id: String) -> String {
        String(String.UnicodeScalarView(id.unicodeScalars.prefix(512).map { $0.isBlankOrControl ? "?" : $0 }))
    }
}

extension ManagedIdentity {
    /// The identity that an option or a variable names: a resource id, which begins with `/subscriptions/`, an object id
    /// after `object:`, or else a client id.
    package init(named text: String) {
        let text = text.trimmed
        let objectMark = "object:"
        if text.lowercased().hasPrefix("/subscriptions/") {
            self = .resourceID(text)
        } else if text.lowercased().hasPrefix(objectMark) {
            self = .objectID(text.dropFirst(objectMark.count).trimmed)
        } else {
            self = .clientID(text)
        }
    }

    /// The id itself; `nil` for the system-assigned identity.
    var id: String? {
        switch self {
        case .systemAssigned: nil
        case .clientID(let id), .objectID(let id), .resourceID(let id): id
        }
    }

    /// What is wrong with the id, as half a sentence; `nil` if it may be sent.
    package var flaw: String? {
        switch self {
        case .systemAssigned:
            return nil
        case .clientID(let id), .objectID(let id):
            if id.isEmpty { return "is empty" }
            // Both are GUIDs; what else a host takes is its business, but braces and names are a mistake.
            let isPlain = id.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isLetterOrDigit }
            return isPlain && id.utf8.count <= 128 ? nil : "is not an id of letters, digits and hyphens"
        case .resourceID(let id):
            guard id.lowercased().hasPrefix("/subscriptions/") else { return "does not begin with /subscriptions/" }
            if id.unicodeScalars.contains(where: \.isBlankOrControl) { return "holds a blank or a control character" }
            return id.utf8.count <= 1024 ? nil : "is longer than 1024 bytes"
        }
    }
}

extension Unicode.Scalar {
    var isBlankOrControl: Bool { properties.isWhitespace || isControl }
}

extension UInt8 {
    var isLetterOrDigit: Bool { isDigit || (65...90).contains(self) || (97...122).contains(self) }
    var isDigit: Bool { (48...57).contains(self) }
}
