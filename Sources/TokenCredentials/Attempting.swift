/// Runs work that throws anything, and gives its error the shape a credential may throw.
///
/// A ``CredentialError`` passes as it is; a `CancellationError` becomes ``CredentialError/cancelled``; anything else
/// becomes ``CredentialError/failed(_:)`` with the activity as the problem and the error as its cause. The cause's own
/// text is not quoted, since it may hold what was being sent.
public func attempting<Value>(
    _ activity: String, _ work: () async throws -> sending Value
) async throws(CredentialError) -> sending Value {
    do {
        return try await work()
    } catch let error as CredentialError {
        throw error
    } catch is CancellationError {
        throw .cancelled
    } catch {
        throw .failed(Diagnosis("\(activity) did not work: \(type(of: error))", cause: error))
    }
}
