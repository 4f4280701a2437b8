import TokenCredentials

/// A store that ends with the program, for those who gave none.
final class OwnMemory: SecretStore {
    private let secrets = Guarded<[SecretKey: String]>([:])

    func secret(for key: SecretKey) async throws(SecretStoreError) -> String? { secrets.withLock { $0[key] } }

    func set(_ secret: String?, for key: SecretKey) async throws(SecretStoreError) {
        secrets.withLock { $0[key] = secret }
    }
}
