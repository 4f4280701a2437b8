import FoundationEssentials
import Glibc

/// The variables a program was started with: the real ones, or a dictionary in their place.
///
/// An empty value counts as unset everywhere in this package.
public struct ProcessEnvironment: Sendable, ExpressibleByDictionaryLiteral {
    private var variables: [String: String]

    /// The variables of this process, as they are now.
    public static var current: ProcessEnvironment { ProcessEnvironment(ProcessInfo.processInfo.environment) }

    /// Takes the variables from a dictionary.
    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// Takes the variables from a literal, as tests do.
    public init(dictionaryLiteral elements: (String, String)...) {
        variables = Dictionary(elements) { _, last in last }
    }

    /// The value of a variable; `nil` if it is unset or empty. Assigning `nil` unsets it.
    public subscript(_ name: String) -> String? {
        get { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        set { variables[name] = newValue }
    }

    /// The names of all variables that are set and not empty, sorted.
    public var names: [String] { variables.filter { !$0.value.isEmpty }.keys.sorted() }

    /// The names of the variables whose values are no UTF-8 text, sorted; for the real environment only.
    ///
    /// Their values here hold replacement characters in the place of some bytes.
    package var namesWithoutText: [String] {
        variables.filter { name, value in
            value.unicodeScalars.contains("\u{FFFD}")
                && getenv(name).map { String(validatingCString: $0) == nil } == true
        }.keys.sorted()
    }

    /// Every variable as it is, empty ones too, for starting another program.
    public var dictionary: [String: String] { variables }

    /// Every variable but those that hold a secret of this program's, for starting one that has no business with them.
    ///
    /// - Parameter needed: The secrets that the other program cannot do without.
    package func dictionary(withSecrets needed: Set<String>) -> [String: String] {
        variables.filter { !Self.secretNames.contains($0.key) || needed.contains($0.key) }
    }

    /// Whether a credential stays with its own tenant whatever a request names (`AZURE_IDENTITY_DISABLE_MULTITENANTAUTH`).
    package var forbidsOtherTenants: Bool {
        ["1", "true"].contains(self["AZURE_IDENTITY_DISABLE_MULTITENANTAUTH"]?.lowercased())
    }

    /// The variables this package reads whose values are secrets: the one list of them.
    package static let secretNames: Set<String> = [
        "PGPASSWORD", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD", "IDENTITY_HEADER",
        "MSI_SECRET", "SYSTEM_ACCESSTOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ]
}

extension ProcessEnvironment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many variables there are; never a value, since any may be a secret.
    public var description: String { "ProcessEnvironment(\(variables.count) variables)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Names without values.
    public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
