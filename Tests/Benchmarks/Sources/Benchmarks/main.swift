import Glibc
import PostgresCredentials
import TokenCredentials

/// Measures everything, away from the main thread: what waits there for its turn would be measured too.
@concurrent func measurements() async -> [Measurement] {
    let request = TokenRequest.postgres(in: .public)
    let token = AccessToken(secret: String(repeating: "e", count: 1_500), expiresAt: .distantFuture)
    let source = InstantCredential(name: "instant", outcome: .success(token))
    let absent = (1...5).map {
        InstantCredential(name: "absent-\($0)", outcome: .failure(.unavailable("nothing is configured")))
    }

    var measurements: [Measurement] = []

    let cached = source.cached()
    let plain = PlainCache(source)
    measurements.append(
        await Measurement(
            "a token from the cache", turns: 20_000, limit: 3, against: "an actor round a dictionary",
            ours: { _ = try? await cached.token(for: request) }, peer: { _ = try? await plain.token(for: request) }))

    let empty = CredentialChain(absent)
    measurements.append(
        await Measurement(
            "a chain of five that do not apply", turns: 2_000, limit: 25, against: "five calls that forget why",
            ours: { _ = try? await empty.token(for: request) }, peer: { _ = await askInTurn(absent, request) }))

    let settled = CredentialChain(absent + [source])
    _ = try? await settled.token(for: request)
    measurements.append(
        await Measurement(
            "a chain that has settled", turns: 20_000, limit: 3, against: "six calls in turn",
            ours: { _ = try? await settled.token(for: request) },
            peer: { _ = await askInTurn(absent + [source], request) }))

    for (what, text) in [
        (
            "a keyword/value string",
            "host=db1.postgres.database.azure.com port=5432 dbname=orders user='orders api' sslmode=verify-full"
        ),
        ("a URI", "postgresql://orders%20api@db1.postgres.database.azure.com:5432/orders?sslmode=verify-full"),
    ] {
        measurements.append(
            await Measurement(
                "reading \(what)", turns: 1_000, limit: 20, against: "libpq's PQconninfoParse",
                ours: { _ = try? ConnectionInfo(text) }, peer: { _ = parseByLibpq(text) }))
    }

    let lines = (1...1_000).map { "db\($0).example:5432:*:api:" + token.secret }.joined(separator: "\n") + "\n"
    let login = Login(host: "db500.example", port: "5432", database: "orders", user: "api")
    measurements.append(
        await Measurement(
            "an entry among 1,000 of a password file", turns: 5, limit: 6, against: "splitting and joining the lines",
            ours: {
                var file = PasswordFile(parsing: lines)
                try? file.setPassword(token.secret, for: login)
                if file.contents.isEmpty { exit(70) }
            },
            peer: {
                let parts = lines.split(separator: "\n").map {
                    $0.split(separator: ":", omittingEmptySubsequences: false)
                }
                if parts.map({ $0.joined(separator: ":") }).joined(separator: "\n").isEmpty { exit(70) }
            }))
    return measurements
}

let all = await measurements()
for measurement in all { print(measurement.line) }
exit(all.allSatisfy(\.isWithinLimit) ? 0 : 1)
