#if SecretStore
    import CTokenSecret

    /// The attributes of an item, as far as the service shows them.
    final class ItemAttributes {
        private let table: OpaquePointer?

        init(of item: OpaquePointer) { table = secret_item_get_attributes(item) }

        deinit { if let table { g_hash_table_unref(table) } }

        /// An attribute's text; `nil` if it is not shown.
        subscript(_ name: String) -> String? {
            guard let table, let text = g_hash_table_lookup(table, name) else { return nil }
            return String(cString: text.assumingMemoryBound(to: CChar.self))
        }

        /// Whether an item that was found by kind, profile and version is this package's, as far as the service shows it.
        static func areOurs(_ item: OpaquePointer) -> Bool {
            let attributes = ItemAttributes(of: item)
            // gnome-keyring keeps nothing but digests of attributes where they can be read without the password.
            if let digest = attributes["gkr:compat:hashed:xdg:schema"] { return digest == schemaDigest }
            guard let schema = attributes["xdg:schema"] else { return secret_item_get_locked(item) != 0 }
            return schema == TOKEN_SECRET_SCHEMA
        }

        private static let schemaDigest: String? = {
            guard let text = g_compute_checksum_for_string(TOKEN_SECRET_MD5, TOKEN_SECRET_SCHEMA, -1) else {
                return nil
            }
            defer { g_free(text) }
            return String(cString: text)
        }()
    }
#endif
