import Configuration
import FoundationEssentials
public import TokenCredentials

extension KeeperConfiguration {
    private static let kinds: [String: Kind] = [
        "connections": .list, "passwordFiles": .list, "credentialDirectory": .text, "owner": .text,
        "allowSharedDirectories": .list, "pgbouncer.authFile": .text,
        "pgbouncer.pidFile": .text, "pgbouncer.console": .text, "pgbouncer.version": .text, "credentials": .text,
        "tenant": .text, "clientId": .text, "identity": .text, "cloud": .text, "scope": .text, "server": .text,
    ]
    private static let topKinds: [String: Kind] = [
        "groups": .list, "health": .text, "renewal.aheadSeconds": .number, "renewal.retrySeconds": .number,
        "renewal.checkSeconds": .number,
    ]

    private enum Kind: String {
        case text = "a text"
        case list = "a list of texts"
        case number = "a whole number"
    }

    /// Reads a configuration from a JSON file.
    ///
    /// Throws `FileError`, and ``KeeperConfigurationError`` for a key that is not known, so that a slip of the pen does
    /// not leave a file unserved, and for a value of another kind.
    public init(file path: String, files: any FileAccess = LocalFiles()) throws {
        guard let contents = try files.contents(ofFile: path, limit: 1 << 26) else {
            throw FileError("reading", path, .system(errno: 2))
        }
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: contents) else {
            throw KeeperConfigurationError("file \(path)", "is no JSON object")
        }
        var names: [String] = []
        if case .array(let values)? = members["groups"] { names = values.compactMap(\.text) }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        try Self.collect(members, under: [], groups: Set(names), into: &values)
        try self.init(ConfigReader(provider: InMemoryProvider(name: path, values: values)))
    }

    private static func collect(
        _ members: [String: JSONValue], under path: [String], groups: Set<String>,
        into values: inout [AbsoluteConfigKey: ConfigValue]
    ) throws(KeeperConfigurationError) {
        for (name, value) in members {
            let whole = path + [name]
            if case .object(let inner) = value {
                try collect(inner, under: whole, groups: groups, into: &values)
                continue
            }
            if value == .null { continue }
            let isInGroup = groups.contains(whole[0])
            let key = (isInGroup ? Array(whole.dropFirst()) : whole).joined(separator: ".")
            let known = isInGroup ? kinds : kinds.merging(topKinds) { first, _ in first }
            guard let kind = known[key] else {
                let meant = NearestName.of(key, among: Array(known.keys))
                throw KeeperConfigurationError(
                    "file",
                    "has a key that nobody reads, at \(shown(whole))" + (meant.map { "; perhaps \($0) is meant" } ?? "")
                )
            }
            guard let content = content(value, kind) else {
                throw KeeperConfigurationError(shown(whole), "is not \(kind.rawValue)")
            }
            values[AbsoluteConfigKey(whole)] = ConfigValue(content, isSecret: false)
        }
    }

    private static func content(_ value: JSONValue, _ kind: Kind) -> ConfigContent? {
        switch (kind, value) {
        case (.text, .string(let text)): return .string(text)
        case (.number, .number(let number)): return Int(exactly: number).map(ConfigContent.int)
        case (.list, .array(let items)):
            let texts = items.compactMap(\.text)
            return texts.count == items.count ? .stringArray(texts) : nil
        default: return nil
        }
    }

    private static func shown(_ path: [String]) -> String {
        path.map { String($0.prefix(60)) }.joined(separator: ".")
    }
}
