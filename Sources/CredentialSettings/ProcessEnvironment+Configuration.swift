public import Configuration
import EntraCredentials
public import TokenCredentials

extension ProcessEnvironment {
    /// Takes settings from a configuration, and the variables given for what it does not hold.
    ///
    /// Every variable that begins with `AZURE_` or `PASSGRES_` has a key: its name in lower case, with dots in the place of
    /// underscores, such as `azure.client.id`. Values are texts; for lists such as `passgres.credentials`, arrays of texts
    /// too. Secrets are marked as such for whoever reports on access. Empty values count as unset.
    public init(_ configuration: ConfigReader, over variables: ProcessEnvironment = .current) {
        self = variables
        for variable in KnownVariable.all
        where variable.name.hasPrefix("AZURE_") || variable.name.hasPrefix("PASSGRES_") {
            let key = ConfigKey(variable.name.lowercased().split(separator: "_").map(String.init))
            let isSecret = variable.secrecy == .secret
            if let text = configuration.string(forKey: key, isSecret: isSecret), !text.isEmpty {
                self[variable.name] = text
            } else if let separator = variable.listSeparator,
                let texts = configuration.stringArray(forKey: key, isSecret: isSecret), !texts.isEmpty
            {
                self[variable.name] = texts.joined(separator: separator)
            }
        }
    }
}
