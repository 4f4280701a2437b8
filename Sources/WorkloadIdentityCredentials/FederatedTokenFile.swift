import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

/// A file that somebody else keeps a fresh token in.
struct FederatedTokenFile {
    let path: String
    let files: any FileAccess
    let clock: any WallClock

    /// The longest file read, in bytes: forty times a usual token.
    private static let limit = 65_536

    /// Reads the token; once more, a second later, if it has ended: the file may be about to be replaced.
    func token() async throws(CredentialError) -> FederatedToken {
        let token = try read()
        guard let end = token.expiresAt, end <= clock.now else { return token }
        do throws(CancellationError) {
            try await clock.sleep(for: .seconds(1))
        } catch {
            throw .cancelled
        }
        return try read()
    }

    private func read() throws(CredentialError) -> FederatedToken {
        let contents: Data?
        do throws(FileError) {
            contents = try files.contents(ofFile: path, limit: Self.limit)
        } catch {
            throw Self.failed(
                "the federated token cannot be read: \(error)", "Check AZURE_FEDERATED_TOKEN_FILE and the file's mode.",
                cause: error)
        }
        guard let contents else {
            throw Self.failed(
                "there is no federated token file \(path)",
                "Check AZURE_FEDERATED_TOKEN_FILE, and that the token's volume is mounted.")
        }
        let text = Self.trimmed(contents)
        guard !text.isEmpty else {
            throw Self.failed(
                "the federated token file \(path) is empty",
                "Check what writes the file; Kubernetes renews it by itself.")
        }
        guard let token = FederatedToken(text) else {
            throw Self.failed(
                "the federated token file \(path) does not hold a JSON Web Token",
                "Check that AZURE_FEDERATED_TOKEN_FILE names the projected token and nothing else.")
        }
        return token
    }

    /// The contents without a byte order mark, and without ASCII white space at its ends.
    private static func trimmed(_ contents: Data) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var rest = Array(contents).withoutByteOrderMark
        while let first = rest.first, isSpace(first) { rest.removeFirst() }
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    private static func failed(_ problem: String, _ remedy: String, cause: (any Error)? = nil) -> CredentialError {
        .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured, cause: cause))
    }
}
