import CredentialHTTP
import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

/// The proxy of an AKS cluster with identity binding: token requests go to it in place of the authority.
final class TokenProxy: Sendable {
    private let environment: ProcessEnvironment
    private let files: any FileAccess
    private let lastAuthorities = Guarded<String?>(nil)

    private static let address = "AZURE_KUBERNETES_TOKEN_PROXY"
    private static let serverName = "AZURE_KUBERNETES_SNI_NAME"
    private static let authoritiesFile = "AZURE_KUBERNETES_CA_FILE"
    private static let authoritiesText = "AZURE_KUBERNETES_CA_DATA"
    private static let limit = 1_048_576

    init(environment: ProcessEnvironment, files: any FileAccess) {
        self.environment = environment
        self.files = files
    }

    /// The way through the proxy; `nil` if there is none.
    ///
    /// Throws ``CredentialError/failed(_:)`` for settings that contradict each other or cannot be read.
    func route() throws(CredentialError) -> TokenEndpoint.Route? {
        guard let text = environment[Self.address] else {
            let set = [Self.serverName, Self.authoritiesFile, Self.authoritiesText].filter { environment[$0] != nil }
            guard let first = set.first else { return nil }
            throw Self.failed("\(first) is set, and \(Self.address) is not", "Set both or neither.")
        }
        let trustSetting = environment[Self.authoritiesText] == nil ? Self.authoritiesFile : Self.authoritiesText
        var route = TokenEndpoint.Route(
            url: try Self.base(of: text), trust: try trust(), setting: Self.address, trustSetting: trustSetting)
        if let name = environment[Self.serverName] {
            // The host name of an authority has the characters that a name for TLS may have.
            guard let host = try? Authority(name).host, host == name.lowercased() else {
                throw Self.failed("\(Self.serverName) is not a host name", "Correct it.")
            }
            route.serverName = host
        }
        return route
    }

    /// The address without a final slash, if it is one over TLS that has nothing but a host, a port and a path.
    private static func base(of text: String) throws(CredentialError) -> String {
        let invalid = failed(
            "\(address) is not an https address without user name, query and fragment",
            "Correct it; the cluster sets it where identity binding is on.")
        guard text.lowercased().hasPrefix("https://") else { throw invalid }
        let rest = text.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" }
        var path = rest[host.endIndex...]
        guard let authority = try? Authority(String(host)),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Array("?#@\\".utf8).contains($0) }),
            !path.split(separator: "/").contains("..")
        else { throw invalid }
        while path.last == "/" { path.removeLast() }
        return authority.url + path
    }

    private func trust() throws(CredentialError) -> HTTPRequest.Trust {
        switch (environment[Self.authoritiesFile], environment[Self.authoritiesText]) {
        case (nil, nil): return .system
        case (nil, let text?): return .authorities(pem: text)
        case (_?, _?):
            throw Self.failed("\(Self.authoritiesFile) and \(Self.authoritiesText) are both set", "Unset one of them.")
        case (let path?, nil): return .authorities(pem: try authorities(in: path))
        }
    }

    /// The file's text; the last one seen where the file is empty, as it is for a moment when it is replaced.
    private func authorities(in path: String) throws(CredentialError) -> String {
        let contents: Data?
        do throws(FileError) {
            contents = try files.contents(ofFile: path, limit: Self.limit)
        } catch {
            throw Self.failed("the certificates cannot be read: \(error)", "Check \(Self.authoritiesFile).")
        }
        if let contents, !contents.isEmpty {
            let text = String(decoding: contents.withoutByteOrderMark, as: UTF8.self)
            lastAuthorities.withLock { $0 = text }
            return text
        }
        guard let text = lastAuthorities.withLock({ $0 }) else {
            throw Self.failed(
                "the certificate file \(path) is \(contents == nil ? "absent" : "empty")",
                "Check \(Self.authoritiesFile).")
        }
        return text
    }

    private static func failed(_ problem: String, _ remedy: String) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }
}
