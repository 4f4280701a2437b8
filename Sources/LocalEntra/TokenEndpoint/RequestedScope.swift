/// What a token request asks for, sorted out: one resource, and whether more than an access token is wanted.
struct RequestedScope: Sendable {
    /// What Graph's scopes, which go without an address, stand for.
    private static let graph = "https://graph.microsoft.com"
    private static let aboutSignIn: Set<String> = ["openid", "profile", "email", "offline_access"]

    /// The resource, which becomes the token's audience.
    let resource: String
    /// The scopes as they were asked for.
    let text: String
    let wantsRefreshToken: Bool
    let wantsIdentityToken: Bool

    /// Reads the scope of an application's own request: one resource with `/.default` behind it.
    static func ofApplication(_ text: String, resources: [String]) throws(EntraRefusal) -> RequestedScope {
        let names = text.split(separator: " ").map(String.init).filter { !aboutSignIn.contains($0) }
        guard let name = names.first else {
            throw EntraRefusal("invalid_scope", 70011, "the scope names no resource")
        }
        guard names.count == 1 else {
            throw EntraRefusal("invalid_scope", 70011, "the scope names more than one resource")
        }
        guard name.hasSuffix("/.default") else {
            throw EntraRefusal(
                "invalid_scope", 1_002_012, "an application's own scope must be a resource followed by /.default")
        }
        return try RequestedScope(text, resource: String(name.dropLast("/.default".count)), resources: resources)
    }

    /// Reads the scope of a request on a user's behalf: any number of scopes of one resource.
    static func ofUser(_ text: String, resources: [String]) throws(EntraRefusal) -> RequestedScope {
        var found: String?
        for name in text.split(separator: " ").map(String.init) where !aboutSignIn.contains(name) {
            var resource = graph
            if let slash = name.lastIndex(of: "/") {
                resource = String(name[..<slash])
                guard !resource.hasSuffix("/"), name.index(after: slash) < name.endIndex || resource.contains("//")
                else {
                    throw EntraRefusal("invalid_scope", 70011, "the scope '\(name.prefix(200))' is a bare resource")
                }
                guard !resource.hasSuffix(":") else {
                    throw EntraRefusal("invalid_scope", 70011, "a scope is an address without a permission")
                }
            }
            if let found, found != resource {
                throw EntraRefusal("invalid_scope", 700022, "the scopes belong to more than one resource")
            }
            found = resource
        }
        return try RequestedScope(text, resource: found ?? graph, resources: resources)
    }

    private init(_ text: String, resource: String, resources: [String]) throws(EntraRefusal) {
        guard Self.isKnown(resource, among: resources) else {
            throw EntraRefusal(
                "invalid_resource", 500011, "the resource '\(resource.prefix(200))' is not known in this tenant")
        }
        self.resource = resource
        self.text = text
        let names = Set(text.split(separator: " ").map(String.init))
        wantsRefreshToken = names.contains("offline_access")
        wantsIdentityToken = names.contains("openid")
    }

    /// Whether tokens for the resource are given; a final slash makes no difference to that.
    static func isKnown(_ resource: String, among resources: [String]) -> Bool {
        func bare(_ text: String) -> String { text.hasSuffix("/") ? String(text.dropLast()) : text }
        let resource = bare(resource)
        return !resource.isEmpty && (resource == graph || resources.contains { bare($0) == resource })
    }
}
