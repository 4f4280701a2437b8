/// Which TLS settings a connection gets before a token is sent over it.
///
/// A token is sent as it is, so whoever ends the TLS connection has it. Without a word from the user the mode is
/// ``SSLMode/verifyFull``. A mode weaker than ``SSLMode/require`` sends the token in clear to anybody who answers
/// "no TLS", and is taken only for servers on this machine, or if it is insisted on by name.
public struct TLSPolicy: Hashable, Sendable {
    /// The weak mode that is taken nevertheless, and only this one.
    public var insistedMode: SSLMode?
    /// The version of libpq the settings are for.
    public var version: LibpqVersion

    /// Makes a policy; the mode named is taken for any server if the connection says it.
    public init(allowing insistedMode: SSLMode? = nil, for version: LibpqVersion = .oldest) {
        self.insistedMode = insistedMode
        self.version = version
    }

    /// Returns the settings to add to a connection.
    ///
    /// - `sslmode`, always.
    /// - `sslrootcert`, if none is said and the mode verifies: the bundle given. libpq before 16 has no other way to
    ///   the system's authorities; `system` is a file name to it, and a missing file means no verification at all.
    ///   Therefore `system` is taken for a bundle with ``SSLMode/verifyFull`` from version 16 on only.
    /// - `gssencmode=disable`, if it is not said and the version knows it (12): GSSAPI encryption goes before TLS.
    ///
    /// Throws ``TLSPolicyError`` for a mode that is too weak or that libpq does not know, and
    /// ``ConnectionInfoError`` where hosts and ports do not fit together.
    public func settings(for info: ConnectionInfo, trusting bundle: String?) throws -> [String: String] {
        let mode = try mode(said: info.sslmode, servers: try info.servers())
        let root = info["sslrootcert"] ?? ""
        if root == "system", mode != .verifyFull { throw TLSPolicyError.systemRootsNeedVerifyFull(mode) }
        var settings = ["sslmode": mode.rawValue]
        if root.isEmpty, mode.verifies, bundle != "system" || (version >= 16 && mode == .verifyFull) {
            settings["sslrootcert"] = bundle
        }
        if info["gssencmode"] == nil, version >= 12 { settings["gssencmode"] = "disable" }
        return settings
    }

    /// Returns the mode for a connection to these servers; `nil` stands for no word from the user.
    public func mode(said text: String?, servers: [ServerAddress]) throws(TLSPolicyError) -> SSLMode {
        guard let text else { return .verifyFull }
        guard let mode = SSLMode(rawValue: text) else { throw .unknownMode }
        guard mode < .require, mode != insistedMode, !servers.allSatisfy(\.isLocal) else { return mode }
        throw .tooWeak(mode)
    }
}

/// Why the TLS settings of a connection are not good enough to send a token.
public enum TLSPolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mode may send the token without TLS, and a server is not on this machine.
    case tooWeak(SSLMode)
    /// The mode is none that libpq has.
    case unknownMode
    /// `sslrootcert=system` goes with `verify-full` only: libpq before 16 would verify nothing.
    case systemRootsNeedVerifyFull(SSLMode)

    /// One sentence with the reason.
    public var description: String {
        switch self {
        case .tooWeak(let mode):
            "sslmode=\(mode.rawValue) may send the token without TLS to a server that is not on this machine"
        case .unknownMode: "the sslmode is none that libpq knows"
        case .systemRootsNeedVerifyFull(let mode):
            "sslrootcert=system with sslmode=\(mode.rawValue) verifies nothing with libpq 15 and older"
        }
    }

    /// One sentence: what to do about it.
    public var remedy: String {
        switch self {
        case .tooWeak(let mode):
            "Leave sslmode out, which means verify-full, or allow \(mode.rawValue) by name if you must."
        case .unknownMode: "Use verify-full; \"verify-all\" does not exist."
        case .systemRootsNeedVerifyFull: "Use sslmode=verify-full."
        }
    }
}
