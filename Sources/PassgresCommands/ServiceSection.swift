import PostgresCredentials

/// A section of `pg_service.conf`, whose lines have no quoting: what they cannot say is refused.
struct ServiceSection {
    let text: String

    /// The longest line, in bytes, that every libpq since 14 reads.
    private static let longestLine = 1021

    init(name: String, _ connection: ConnectionInfo) throws {
        var lines = ["[\(name)]"]
        for keyword in connection.keywords where keyword != "service" && keyword != "password" {
            guard let value = connection[keyword] else { continue }
            guard !value.contains(where: \.isNewline), value.first?.isWhitespace != true,
                value.last?.isWhitespace != true, !value.utf8.contains(0)
            else {
                throw CommandFailure(
                    .usage,
                    "a service file cannot hold this \(keyword): blanks at its ends and line ends are lost there")
            }
            lines.append("\(keyword)=\(value)")
        }
        for line in lines where line.utf8.count > Self.longestLine {
            let keyword = line.prefix { $0 != "=" }
            throw CommandFailure(
                .usage, "a service file cannot hold this \(keyword): a line takes \(Self.longestLine) bytes")
        }
        text = lines.joined(separator: "\n") + "\n"
    }
}
