import TokenCredentials

/// A variable that this package looks at, and what it means: the table that pages and checks go by.
package struct KnownVariable: Sendable {
    /// What a variable is about, in the order of the page.
    package enum Subject: CaseIterable, Sendable {
        case choice, identity, environment, workload, managed, pipelines, tools, network, postgres

        /// The heading of its part of the page.
        package var title: String {
            switch self {
            case .choice: "Which credentials, and how"
            case .identity: "Who, and where"
            case .environment: "`environment`"
            case .workload: "`workload-identity`"
            case .managed: "`managed-identity`"
            case .pipelines: "`azure-pipelines` and `github-actions`"
            case .tools: "Programs and places"
            case .network: "The network"
            case .postgres: "PostgreSQL"
            }
        }
    }

    /// Whether a value may be shown.
    package enum Secrecy: Sendable { case open, secret }

    /// The name, as it is set.
    package let name: String
    /// What it is about.
    package let subject: Subject
    /// Whether its value may be shown.
    package var secrecy: Secrecy { ProcessEnvironment.secretNames.contains(name) ? .secret : .open }
    /// What it says, in one or two sentences.
    package let meaning: String

    /// What stands between the values of a list; `nil` for a variable that holds one value.
    package var listSeparator: String? {
        switch name {
        case "PASSGRES_CREDENTIALS": ","
        case "AZURE_ADDITIONALLY_ALLOWED_TENANTS": ";"
        default: nil
        }
    }

    init(_ name: String, _ subject: Subject, _ meaning: String) {
        self.name = name
        self.subject = subject
        self.meaning = meaning
    }

    /// Looks for a variable that is all but one of this package's own.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a name that begins with `PASSGRES_` and differs from a known one in a
    /// letter or two; another one may be a credential program's.
    package static func check(_ environment: ProcessEnvironment) throws(CredentialError) {
        let own = all.map(\.name).filter { $0.hasPrefix(prefix) }
        for name in environment.names where name.hasPrefix(prefix) && !own.contains(name) {
            let rest = String(name.dropFirst(prefix.count))
            guard let nearest = NearestName.of(rest, among: own.map { String($0.dropFirst(prefix.count)) }),
                abs(nearest.utf8.count - rest.utf8.count) <= 2
            else { continue }
            throw .failed(
                Diagnosis(
                    "\(quoted(name)) is set, and is no variable of this program",
                    remedy: "Did you mean \(prefix)\(nearest)? Known here: \(own.joined(separator: ", ")).",
                    kind: .misconfigured))
        }
    }

    private static let prefix = "PASSGRES_"
}
