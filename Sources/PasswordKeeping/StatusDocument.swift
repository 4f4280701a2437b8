public import FoundationEssentials
public import PostgresCredentials
import TokenCredentials

extension PasswordKeeper {
    /// How each destination fares, as one JSON document without secrets.
    ///
    /// `{"destinations":[{"kind","path","logins","outcome","expiresOn","lastError"}]}`; times are RFC 3339 in UTC.
    public var statusDocument: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let rows = status.map { status in
            JSONValue.object([
                "kind": .string(status.kind), "path": .string(status.path), "logins": .number(Double(status.logins)),
                "outcome": .string(status.outcome.rawValue),
                "expiresOn": status.expiresOn.map { .string($0.ISO8601Format()) } ?? .null,
                "lastError": status.lastError.map(JSONValue.string) ?? .null,
            ])
        }
        return (try? encoder.encode(JSONValue.object(["destinations": .array(rows)]))) ?? Data("{}".utf8)
    }

    /// Whether every destination is fresh.
    public var isReady: Bool { status.allSatisfy { $0.outcome == .fresh } }

    /// Whether it ran once and has not seen to its work for two minutes, eight times as long as it ever sleeps.
    package var hangs: Bool {
        let lastSeenAt = lastSeenAt
        return lastSeenAt > .distantPast && Date.now.timeIntervalSince(lastSeenAt) > 120
    }

    /// Answers what a health check asks: `/livez`, `/readyz` and `/status`.
    package func answer(to path: String) -> HealthAnswer {
        switch path {
        case "/status": HealthAnswer(status: 200, body: statusDocument + Data("\n".utf8))
        case "/readyz": HealthAnswer(status: isReady ? 200 : 503, body: statusDocument + Data("\n".utf8))
        case "/livez": HealthAnswer(status: hangs ? 503 : 200, body: Data("{}\n".utf8))
        default: HealthAnswer(status: 404, body: Data("{}\n".utf8))
        }
    }
}

/// What a health check is answered: a status of HTTP and a JSON document.
package struct HealthAnswer: Sendable {
    package let status: Int
    package let body: Data
}
