/// A raw `@` or `/` in the user or password of a URI, which ends them earlier than its writer meant.
///
/// libpq's reading stands. What it took for a host, a port or a database is marked, so that the one who wrote the URI can
/// be told where it went wrong, and not only that some host is not known.
struct StrayMark: Hashable, Sendable {
    /// Where the `@` or `/` is, in bytes from the beginning of the URI.
    var offset: Int
    /// What it is likely to be a part of: `user` or `password`.
    var keyword: String
}

extension ConnectionInfo {
    /// The fault of a URI whose user or password holds a raw `@`, where libpq took what follows for hosts and ports.
    ///
    /// No host's name and no port holds an `@`; only the names of abstract sockets begin with one.
    var rawAt: ConnectionInfoError? {
        (values["host"]?.stray ?? values["port"]?.stray).map {
            ConnectionInfoError(.rawAt, offset: $0.offset, keyword: $0.keyword)
        }
    }

    /// The fault of a URI that has an `@` in its database only: a raw `/` before it may have ended user and password.
    ///
    /// The database may just as well be named so; see ``databaseConcern``.
    var rawSlash: ConnectionInfoError? {
        values["dbname"]?.stray.map { ConnectionInfoError(.rawSlash, offset: $0.offset, keyword: $0.keyword) }
    }

    /// What may be wrong with a database whose name in a URI holds an `@`, as a sentence; `nil` for any other.
    package var databaseConcern: String? {
        guard let offset = rawSlash?.offset else { return nil }
        return "the URI has an @ in the name of its database and none before it; if that was to end user and password,"
            + " the / at byte \(offset) is a part of them and is written %2F"
    }
}
