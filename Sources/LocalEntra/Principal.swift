/// Somebody of the directory for whom a token can be made.
public enum Principal: Hashable, Sendable {
    /// The application of that client id.
    case application(clientID: String)
    /// The managed identity of that client id; the one that a machine would pick if the id is `nil`.
    case managedIdentity(clientID: String?)
    /// The user of that principal name, through the application of that client id.
    case user(principalName: String, clientID: String = "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
}
