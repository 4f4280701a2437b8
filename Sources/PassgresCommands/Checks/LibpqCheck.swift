import Glibc
import KnownFailures
import PostgresCredentials
import TokenCredentials

/// Finds the libpq that programs of this machine load, and holds the connection against what it can do.
struct LibpqCheck {
    let connection: ConnectionInfo

    func findings() -> [CheckFinding] {
        guard let number = Self.version else { return [.skip(.libpq, "this machine has no libpq.so.5")] }
        // 150020 is 15.20, and 90624 was 9.6.24.
        let major = number / 10_000
        let version = LibpqVersion(major: major)
        let shown = major < 10 ? "\(major).\(number / 100 % 100).\(number % 100)" : "\(major).\(number % 10_000)"
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

    /// The version of the libpq that the loader finds, as its own number; nothing is linked.
    private static var version: Int? {
        guard let library = dlopen("libpq.so.5", RTLD_LAZY | RTLD_LOCAL) else { return nil }
        guard let symbol = dlsym(library, "PQlibVersion") else { return nil }
        let call = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        return Int(call())
    }
}
