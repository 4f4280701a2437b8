import FoundationEssentials
import TokenCredentials

/// A token as it is kept in a file, with everything that decides who may have it and for how long.
struct TokenEntry: Codable, Sendable {
    private static let version = 1
    /// The longest file read, in bytes; tokens with many groups have some ten thousand.
    private static let limit = 1 << 18
    /// How far the clocks that wrote and read may differ, in seconds.
    private static let tolerance: TimeInterval = 5

    private let version: Int
    let key: EntryKey
    private let secret: String
    private let user: String?
    let obtainedAt: Date
    let expiresAt: Date
    private let refreshAt: Date?
    /// Until then a token that is still good is not renewed, because an attempt has failed.
    var nextAttempt: Date?

    init(_ token: AccessToken, for key: EntryKey, obtainedAt: Date) {
        version = Self.version
        self.key = key
        secret = token.secret
        user = token.user
        self.obtainedAt = obtainedAt
        expiresAt = token.expiresAt
        refreshAt = token.refreshAt
    }

    /// Reads an entry; `nil` for whatever cannot be believed: damaged, not private, from the future, of too long a life.
    init?(in folder: PrivateFolder, _ name: String, now: Date) {
        guard let contents = folder.contents(of: name, limit: Self.limit) else { return nil }
        self.init(contents, now: now)
    }

    /// Reads what a secret store kept; `nil` for whatever cannot be believed.
    init?(_ text: String, now: Date) {
        guard text.utf8.count <= Self.limit else { return nil }
        self.init(Data(text.utf8), now: now)
    }

    private init?(_ contents: Data, now: Date) {
        guard let entry = try? JSONDecoder().decode(TokenEntry.self, from: contents), entry.version == Self.version,
            // From the future means that the clock was set back: how long the token is good is not known.
            entry.obtainedAt.timeIntervalSince(now) <= Self.tolerance,
            entry.expiresAt > entry.obtainedAt,
            entry.expiresAt.timeIntervalSince(entry.obtainedAt) <= AccessToken.longestLife,
            !entry.secret.isEmpty, entry.secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self = entry
    }

    /// Writes the entry in one step.
    ///
    /// Returns the system's error number, 0 for none.
    func write(to folder: PrivateFolder) -> Int32 {
        contents.map { folder.replace(key.entryName, with: $0) } ?? 0
    }

    /// The entry as a secret store keeps it.
    var text: String? { contents.map { String(decoding: $0, as: UTF8.self) } }

    private var contents: Data? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try? encoder.encode(self)
    }

    var token: AccessToken {
        AccessToken(secret: secret, expiresAt: expiresAt, refreshAt: refreshAt, user: user)
    }

    /// Whether the token may still be handed out.
    func isUsable(_ now: Date, _ policy: RenewalPolicy) -> Bool {
        now < expiresAt.addingTimeInterval(-policy.skew(forLife: expiresAt.timeIntervalSince(obtainedAt)))
    }

    /// Whether it is time to ask for another.
    func isDue(_ now: Date, _ policy: RenewalPolicy, chance: Double) -> Bool {
        // A moment that lies further ahead than the token's end was not written by this clock.
        if let nextAttempt, now < nextAttempt, nextAttempt <= expiresAt { return false }
        return now >= policy.renewalDate(of: token, obtainedAt: obtainedAt, chance: chance)
    }
}

extension TokenEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "TokenEntry(\(key.credential), expires \(expiresAt.ISO8601Format()))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["entry": description]) }
}
