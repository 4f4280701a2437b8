import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Finds the libpq that programs of this machine load, and holds the connection against what it can do.
struct LibpqCheck {
    let connection: ConnectionInfo

    func findings() -> [CheckFinding] {
        guard let number = LocalLibpq.number else { return [.skip(.libpq, "this machine has no libpq.so.5")] }
        let major = number / 10_000
        let version = LibpqVersion(major: major)
        let shown = LocalLibpq.shown(number)
        if version < 13 {
            return [.fail(.libpq, "L07", "libpq is of version \(shown), which may cut long passwords")]
        }
        if connection["sslrootcert"] == "system", version < 16 {
            return [
                .fail(
                    .libpq, "N07", "libpq \(shown) takes sslrootcert=system for the name of a file", [.file: "system"])
            ]
        }
        for keyword in connection.keywords where connection.origin(of: keyword) != .builtIn {
            if let known = ConnectionKeyword.named(keyword), known.since > version {
                return [
                    .fail(
                        .libpq, "L18", "libpq \(shown) does not know \(keyword), which came with \(known.since.major)")
                ]
            }
        }
        return [.ok(.libpq, "libpq is of version \(shown)")]
    }
}
