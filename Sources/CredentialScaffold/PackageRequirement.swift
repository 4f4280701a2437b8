/// How a package says where to find the package `passgres`.
package enum PackageRequirement: Sendable, Equatable {
    /// A directory, absolute or relative to the package.
    case path(String)
    /// A repository, and the first version that will do.
    case version(String, from: String)
    /// A repository, and the branch whose last commit is taken.
    case branch(String, String)
    /// A repository, and one commit of it.
    case revision(String, String)

    /// The dependency, as a manifest writes it.
    package var code: String {
        switch self {
        case .path(let path): ".package(name: \"passgres\", path: \(Self.literal(path)))"
        case .version(let url, let version): ".package(url: \(Self.literal(url)), from: \(Self.literal(version)))"
        case .branch(let url, let branch): ".package(url: \(Self.literal(url)), branch: \(Self.literal(branch)))"
        case .revision(let url, let revision):
            ".package(url: \(Self.literal(url)), revision: \(Self.literal(revision)))"
        }
    }

    /// A text as Swift source writes it.
    private static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control:
                literal += "\\u{\(String(scalar.value, radix: 16))}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
