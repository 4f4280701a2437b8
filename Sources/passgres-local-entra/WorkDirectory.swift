import ArgumentParser
import FoundationEssentials
import Glibc
import LocalEntra
import TokenCredentials

/// The directory in which a running stand-in leaves what others need: every file is its owner's alone.
struct WorkDirectory {
    /// What `ready.json` says.
    struct Ready: Codable {
        var authority: String
        var tenantID: String
        var metadataAddress: String
        var metadataPort: Int
        var ldapPort: Int
        var databasePort: Int
        var caFile: String
        var controlKey: String
        var roles: [String]
    }

    private let path: String

    /// Makes a directory if need be, its owner's alone.
    static func create(_ path: String) throws -> WorkDirectory {
        mkdir(path, 0o700)
        return try WorkDirectory(path)
    }

    /// Takes a directory that is there; its files name each other by full path.
    init(_ path: String) throws {
        guard let resolved = realpath(path, nil) else {
            throw ValidationError("the directory \(path) cannot be used: \(SystemError.text(of: errno))")
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }

    /// Writes the files of a cloud that has just started.
    func write(_ cloud: LocalCloud, controlKey: KnownSecret) throws {
        let ready = Ready(
            authority: cloud.authority, tenantID: cloud.tenant.id, metadataAddress: cloud.metadataAddress,
            metadataPort: cloud.metadataAddress.split(separator: ":").last.flatMap { Int($0) } ?? 0,
            ldapPort: cloud.ldapPort, databasePort: cloud.databasePort, caFile: file("ca.pem"),
            controlKey: controlKey.value, roles: cloud.tenant.roles.map(\.name))
        try write(cloud.caPEM, to: "ca.pem")
        try write(exports(environment(of: cloud)), to: "environment")
        if let application = cloud.tenant.applications.first(where: { !$0.secrets.isEmpty }),
            let secret = application.secrets.first
        {
            let variables = [
                ("AZURE_TENANT_ID", cloud.tenant.id), ("AZURE_CLIENT_ID", application.clientID),
                ("AZURE_CLIENT_SECRET", secret.value),
            ]
            try write(exports(variables), to: "client-secret.environment")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Last, so that whoever finds it finds the others too.
        try write(String(decoding: try encoder.encode(ready), as: UTF8.self) + "\n", to: "ready.json")
    }

    /// Removes the file by which others find the cloud that has ended.
    func forget() {
        unlink(file("ready.json"))
    }

    /// Reads what a running stand-in left.
    func ready() throws -> Ready {
        guard let contents = try LocalFiles().contents(ofFile: file("ready.json"), limit: 1 << 20) else {
            throw ValidationError("\(path) holds no ready.json: nothing is served from there")
        }
        return try JSONDecoder().decode(Ready.self, from: contents)
    }

    /// Writes one file, its owner's alone.
    func write(_ text: String, to name: String) throws {
        try LocalFiles().replaceFile(at: file(name), limit: 1 << 20) { _ in Data(text.utf8) }
    }

    private func file(_ name: String) -> String { "\(path)/\(name)" }

    private func environment(of cloud: LocalCloud) -> [(String, String)] {
        [
            ("AZURE_AUTHORITY_HOST", cloud.authority), ("AZURE_POD_IDENTITY_AUTHORITY_HOST", cloud.metadataAddress),
            ("SSL_CERT_FILE", file("ca.pem")), ("PASSGRES_LOCAL_LDAP_PORT", "\(cloud.ldapPort)"),
            ("PASSGRES_LOCAL_DATABASE_PORT", "\(cloud.databasePort)"),
        ]
    }

    /// Lines for a shell, each value in single quotes.
    private func exports(_ variables: [(String, String)]) -> String {
        variables.map { name, value in
            let quoted = value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
            return "export \(name)='\(quoted)'\n"
        }.joined()
    }
}
