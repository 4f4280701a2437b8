import FoundationEssentials
import Glibc
import TokenCredentials

/// The Azure Arc agent: the caller must show what stands in a file that only privileged processes can read.
struct ArcEndpoint: Sendable {
    private static let versions: Set<String> = ["2019-11-01", "2020-06-01", "2021-02-01"]

    let source: IdentitySource
    let keys: ArcKeys

    func answer(_ exchange: HTTPExchange) -> HTTPReply {
        guard exchange.method == "GET" else { return HTTPReply(status: 405) }
        guard exchange.header("metadata")?.lowercased() == "true" else {
            return IMDSEndpoint.refusal("bad_request_102", "Required metadata header not specified")
        }
        guard let version = exchange.query.first("api-version"), Self.versions.contains(version) else {
            return IMDSEndpoint.refusal("invalid_request", "The 'api-version' is missing or not supported")
        }
        guard let resource = exchange.query.first("resource"), !resource.isEmpty else {
            return IMDSEndpoint.refusal("invalid_request", "The query parameter 'resource' is required")
        }
        guard let authorization = exchange.header("authorization") else { return challenge() }
        guard authorization.hasPrefix("Basic "), keys.redeem(String(authorization.dropFirst("Basic ".count))) else {
            return HTTPReply(status: 401, json: .object(["error": .string("the key is not the one in the file")]))
        }
        do throws(IdentitySource.Refusal) {
            let choice = IdentitySource.Choice(
                clientID: exchange.query.first("client_id"), objectID: exchange.query.first("object_id"),
                resourceID: exchange.query.first("msi_res_id"))
            let identity = try source.identity(choice)
            var members = IMDSEndpoint.members(
                try source.token(for: identity, resource: resource), identity, resource)
            members["object_id"] = choice.objectID.map { _ in .string(identity.objectID) }
            members["msi_res_id"] = choice.resourceID.map { _ in .string(identity.resourceID) }
            return HTTPReply(json: .object(members))
        } catch {
            return IMDSEndpoint.refusal(error, resource: resource)
        }
    }

    private func challenge() -> HTTPReply {
        guard let path = try? keys.make() else { return HTTPReply(status: 500) }
        return HTTPReply(status: 401, headers: [RequestField("WWW-Authenticate", "Basic realm=\(path)")])
    }
}

/// The key files of the Arc agent, each good for one request.
final class ArcKeys: Sendable {
    private let directory: String
    private let waiting = Guarded<[String: String]>([:])

    init(directory: String) {
        self.directory = directory
    }

    /// Writes a new key, its owner's alone, and says where it is.
    func make() throws -> String {
        let key = randomText(120)
        let path = "\(directory)/\(randomGUID()).key"
        try LocalFiles().replaceFile(at: path, limit: 4096) { _ in Data(key.utf8) }
        waiting.withLock { $0[key] = path }
        return path
    }

    /// Whether the key is one that waits; it does so no longer.
    func redeem(_ key: String) -> Bool {
        guard let path = waiting.withLock({ $0.removeValue(forKey: key) }) else { return false }
        _ = path.withCString(unlink)
        return true
    }
}
