/// The credentials a configuration may choose from, by name. A value: pass it on, do not share it.
public struct CredentialRegistry: Sendable {
    /// Makes a credential that reads its settings from the environment given. Looks at nothing and cannot fail.
    public typealias Factory = @Sendable (ProcessEnvironment) -> any TokenCredential

    /// Makes the credential of a name that nobody registered; `nil` if it knows none of that name.
    public typealias Resolver = @Sendable (_ name: String, ProcessEnvironment) -> (any TokenCredential)?

    private struct Entry: Sendable {
        let name: String
        let make: Factory
        let makeAlone: Factory?
    }

    private var entries: [Entry] = []
    private var resolve: Resolver = { _, _ in nil }
    private var listOthers: @Sendable (ProcessEnvironment) -> [String] = { _ in [] }

    /// Makes a registry without any credential.
    public init() {}

    /// The names registered, in the order of registration.
    public var names: [String] { entries.map(\.name) }

    /// Adds a credential under a name, or replaces the one of that name in its place.
    ///
    /// - Parameter makeAlone: Used instead where the name is the only one in a list: a credential that was asked for by
    ///   name alone may be more patient than one among others.
    public mutating func register(
        _ name: String, whenAlone makeAlone: Factory? = nil, _ makeCredential: @escaping Factory
    ) {
        let entry = Entry(name: name, make: makeCredential, makeAlone: makeAlone)
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    /// Takes a name out of the registry.
    public mutating func remove(_ name: String) {
        entries.removeAll { $0.name == name }
    }

    /// Looks for every name that nobody registered with the closure given, such as among the programs of the machine.
    ///
    /// Only names that somebody spelled out come here: no default order holds one.
    ///
    /// - Parameter listing: The names the closure would know now, for a list of what there is.
    public mutating func resolveOtherNames(
        listing: @escaping @Sendable (ProcessEnvironment) -> [String] = { _ in [] }, by resolver: @escaping Resolver
    ) {
        resolve = resolver
        listOthers = listing
    }

    /// The names that nobody registered and that are known all the same.
    public func otherNames(in environment: ProcessEnvironment) -> [String] {
        listOthers(environment).filter { name in !entries.contains { $0.name == name } }
    }

    /// Builds the chain that a comma-separated list of names describes.
    ///
    /// Throws ``CredentialError/failed(_:)`` for an empty list, for a name that stands in it twice and for one that is
    /// not registered.
    public func chain(
        _ order: String, environment: ProcessEnvironment = .current
    ) throws(CredentialError) -> CredentialChain {
        try chain(
            order.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed.lowercased() },
            environment: environment)
    }

    /// Builds the chain of the credentials named, in that order. Throws as ``chain(_:environment:)-(String,_)`` does.
    public func chain(
        _ names: [String], environment: ProcessEnvironment = .current
    ) throws(CredentialError) -> CredentialChain {
        let names = names.filter { !$0.isEmpty }
        guard !names.isEmpty else {
            throw Self.misconfigured(
                "the list of credentials is empty", "Name at least one of: \(known(in: environment)).")
        }
        var credentials: [any TokenCredential] = []
        for (index, name) in names.enumerated() {
            guard !names[..<index].contains(name) else {
                throw Self.misconfigured("the list of credentials names \(name) twice", "Name it once.")
            }
            if let entry = entries.first(where: { $0.name == name }) {
                credentials.append((names.count == 1 ? entry.makeAlone ?? entry.make : entry.make)(environment))
            } else if let other = resolve(name, environment) {
                credentials.append(other)
            } else {
                let candidates = self.names + otherNames(in: environment)
                let nearest = NearestName.of(name, among: candidates).map { "Did you mean \($0)? " } ?? ""
                throw Self.misconfigured(
                    "no credential is called \(quoted(name))", "\(nearest)Known here: \(known(in: environment)).")
            }
        }
        return CredentialChain(credentials)
    }

    private func known(in environment: ProcessEnvironment) -> String {
        (names + otherNames(in: environment)).joined(separator: ", ")
    }

    private static func misconfigured(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
