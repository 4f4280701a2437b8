/// How this package names itself to servers.
package enum UserAgent {
    /// The version of this package.
    package static let version = "0.1.0"

    /// The value of the `User-Agent` header.
    package static let text = "passgres/\(version)"
}
