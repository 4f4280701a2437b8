/// A value of the reader's own that a text holds or a remedy names.
package enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case address, audience, client, database, file, function, group, host, issuer, mode, object, port, resource, role
    case scope, seconds, setting, subject, tenant, user, variable

    /// What stands for the value where it is not known.
    package var stand: String { rawValue.uppercased() }
}
