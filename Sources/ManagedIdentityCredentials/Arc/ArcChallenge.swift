import CredentialHTTP
import TokenCredentials

/// The agent's answer that names the file whose contents it wants to see.
enum ArcChallenge {
    /// Why the challenge is not followed, as half a sentence after the agent's name.
    struct Flaw: Error {
        let problem: String
    }

    /// The agent's directory for keys.
    ///
    /// The only one a key is read from: whatever listens at the address must not choose what we open.
    static let directory = "/var/opt/azcmagent/tokens"

    /// The name, within that directory, of the file that a `WWW-Authenticate: Basic realm=PATH` names.
    static func keyFileName(in response: HTTPResponse, within directory: String) throws(Flaw) -> String {
        let values = response.headers.filter { $0.name.lowercased() == "www-authenticate" }.map(\.value.trimmed)
        guard !values.isEmpty else { throw Flaw(problem: "answered 401 without a challenge") }
        let prefix = "basic realm="
        guard let value = values.first(where: { $0.lowercased().hasPrefix(prefix) }) else {
            throw Flaw(problem: "answered with a challenge of another kind than Basic")
        }
        var path = value.dropFirst(prefix.count)
        if path.first == "\"", path.count > 1, path.last == "\"" { path = path.dropFirst().dropLast() }
        guard path.hasPrefix(directory + "/") else {
            throw Flaw(problem: "names a key file outside \(directory)")
        }
        let name = path.dropFirst(directory.count + 1)
        let isPlain = name.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
        guard isPlain, !name.contains("..") else {
            throw Flaw(problem: "names a key file with a name that is not plain")
        }
        guard name.hasSuffix(".key"), name.utf8.count > 4, name.utf8.count <= 255 else {
            throw Flaw(problem: "names a key file that does not end in .key")
        }
        return String(name)
    }
}
