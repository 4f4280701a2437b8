import FoundationEssentials
import TokenCredentials

/// How an Azure host words its refusals.
enum HostRefusal {
    /// `{"statusCode", "message"}`, as App Service and Machine Learning do.
    static func flat(_ status: Int, _ message: String) -> HTTPReply {
        HTTPReply(status: status, json: .object(["statusCode": .whole(status), "message": .string(message)]))
    }

    /// `{"error": {"code", "message"}}`, as Cloud Shell does, and Service Fabric with a correlation id.
    static func nested(_ status: Int, _ code: String, _ message: String, correlationID: String? = nil) -> HTTPReply {
        var members: [String: JSONValue] = ["code": .string(code), "message": .string(message)]
        members["correlationId"] = correlationID.map(JSONValue.string)
        return HTTPReply(status: status, json: .object(["error": .object(members)]))
    }
}

extension IdentitySource.Refusal {
    /// One sentence for hosts whose own words are not known.
    var text: String {
        switch self {
        case .notFound: "no managed identity was found for the request"
        case .severalAssigned: "several identities are assigned: name one"
        case .severalNamed: "only one of the identity's ids may be given"
        case .unknownResource: "the resource is not known in this tenant"
        case .signing: "the token could not be signed"
        }
    }
}
