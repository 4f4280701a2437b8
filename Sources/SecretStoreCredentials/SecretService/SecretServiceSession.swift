#if SecretStore
    import CTokenSecret
    import TokenCredentials

    /// A conversation with the secret service: made, used and ended on one thread, which it blocks.
    ///
    /// Every pointer it holds is its own and is let go with it. Nothing here prompts a person, but ``unlock`` and
    /// ``makeCollection`` do.
    final class SecretServiceSession {
        private static let version = "1"
        let cancellable: Cancellable
        let service: OpaquePointer
        /// Whether a person may be asked to unlock.
        private let mayAsk: Bool

        init(_ cancellable: Cancellable, mayAsk: Bool) throws(SecretStoreError) {
            self.cancellable = cancellable
            self.mayAsk = mayAsk
            guard SessionBus.canBeLookedFor(.current) else {
                throw .absent("there is no session bus: \(SessionBus.absence)")
            }
            var error: OpaquePointer?
            guard let bus = g_bus_get_sync(TOKEN_SECRET_SESSION_BUS, cancellable.pointer, &error) else {
                let trouble = ServiceTrouble(error)
                if case .cancelled = trouble.error { throw .cancelled }
                throw .absent("there is no session bus: \(trouble.words)")
            }
            // By default the end of the bus would end this program.
            g_dbus_connection_set_exit_on_close(bus, 0)
            Self.release(bus)
            guard let service = secret_service_get_sync(0, cancellable.pointer, &error) else {
                throw ServiceTrouble(error).error
            }
            self.service = service
        }

        deinit { Self.release(service) }

        /// Whether something could be stored now.
        func state() throws(SecretStoreError) -> LibsecretStore.State {
            guard let collection = try defaultCollection() else {
                return .absent("the secret service has no default collection")
            }
            defer { Self.release(collection) }
            return secret_collection_get_locked(collection) != 0 ? .locked : .ready
        }

        /// The secret stored last under a key; `nil` if there is none.
        ///
        /// Throws ``SecretStoreError/hidden(_:)`` if none was found and a collection does not show what it holds.
        func secret(for key: SecretKey) throws(SecretStoreError) -> String? {
            let view = try view()
            let secret = try withItems(for: key, view) { items throws(SecretStoreError) -> String? in
                let byAge = items.sorted { secret_item_get_modified($0) > secret_item_get_modified($1) }
                for item in byAge {
                    if let value = Self.loadedValue(of: item) { return try Self.text(of: value) }
                }
                guard let item = byAge.first else { return nil }
                if secret_item_get_locked(item) != 0 { try unlock([item], "the collection that holds it is locked") }
                var error: OpaquePointer?
                guard secret_item_load_secret_sync(item, cancellable.pointer, &error) != 0 else {
                    throw ServiceTrouble(error).error
                }
                guard let value = Self.loadedValue(of: item) else { return nil }
                return try Self.text(of: value)
            }
            if secret == nil { try view?.requireAll() }
            return secret
        }

        /// Stores a secret in the default collection.
        func store(_ secret: String, for key: SecretKey) throws(SecretStoreError) {
            guard let collection = try defaultOrNewCollection() else {
                throw .absent("the secret service has no default collection to store anything in")
            }
            defer { Self.release(collection) }
            if secret_collection_get_locked(collection) != 0 {
                try unlock([collection], "its default collection is locked")
            }
            let value = secret.utf8CString.withUnsafeBufferPointer { bytes in
                secret_value_new(bytes.baseAddress, bytes.count - 1, "text/plain")
            }
            defer { secret_value_unref(value.map { UnsafeMutableRawPointer($0) }) }
            if try change(key, to: value) { return }
            let schema = token_secret_schema()
            defer { secret_schema_unref(schema) }
            let attributes = token_secret_attributes(key.profile, key.kind, Self.version)
            defer { g_hash_table_unref(attributes) }
            var error: OpaquePointer?
            let item = secret_item_create_sync(
                collection, schema, attributes, "Passgres \(key.kind) (\(key.profile))", value, TOKEN_SECRET_REPLACE,
                cancellable.pointer, &error)
            guard let item else { throw ServiceTrouble(error).error }
            Self.release(item)
        }

        /// Puts a value into the item that is there and open; `false` if there is none.
        ///
        /// To make an item in place of another is the service's affair too, but KeePassXC asks the person about that.
        private func change(_ key: SecretKey, to value: OpaquePointer?) throws(SecretStoreError) -> Bool {
            try withItems(
                key.kind, profile: key.profile, TOKEN_SECRET_SEARCH_ALL
            ) { items throws(SecretStoreError) -> Bool in
                let open = items.filter { secret_item_get_locked($0) == 0 }
                guard let item = open.max(by: { secret_item_get_modified($0) < secret_item_get_modified($1) }) else {
                    return false
                }
                var error: OpaquePointer?
                if secret_item_set_secret_sync(item, value, cancellable.pointer, &error) != 0 { return true }
                let trouble = ServiceTrouble(error)
                // Somebody has forgotten it meanwhile.
                if trouble.isMissingObject { return false }
                throw trouble.error
            }
        }

        /// Removes whatever is stored under a key.
        ///
        /// Throws ``SecretStoreError/hidden(_:)`` if nothing was found and a collection does not show what it holds.
        func forget(_ key: SecretKey) throws(SecretStoreError) {
            let view = try view()
            let count = try withItems(for: key, view) { items throws(SecretStoreError) -> Int in
                let locked = items.filter { secret_item_get_locked($0) != 0 }
                if !locked.isEmpty { try unlock(locked, "the collection that holds it is locked") }
                for item in items {
                    var error: OpaquePointer?
                    if secret_item_delete_sync(item, cancellable.pointer, &error) != 0 { continue }
                    let trouble = ServiceTrouble(error)
                    // Somebody else was faster.
                    if !trouble.isMissingObject { throw trouble.error }
                }
                return items.count
            }
            if count == 0 { try view?.requireAll() }
        }

        /// The profiles of all that is stored of a kind, sorted, as far as collections show what they hold.
        ///
        /// Throws ``SecretStoreError/hidden(_:)`` if there are none and a collection does not show what it holds.
        func profiles(ofKind kind: String) throws(SecretStoreError) -> [String] {
            let view = try view()
            try view?.requireSome()
            let profiles = try withItems(
                kind, profile: nil, TOKEN_SECRET_SEARCH_ALL
            ) { items throws(SecretStoreError) -> [String] in
                var profiles: Set<String> = []
                for item in items {
                    guard let profile = ItemAttributes(of: item)["profile"] else {
                        // A keyring that was never opened keeps no more than a digest of them in its file.
                        throw .locked("the collection that holds them is locked, and their names with it")
                    }
                    profiles.insert(profile)
                }
                return profiles.sorted()
            }
            if profiles.isEmpty { try view?.requireAll() }
            return profiles
        }

        /// What can be seen without a person; `nil` where one may be asked, which a service that hides what it holds does by
        /// itself.
        private func view() throws(SecretStoreError) -> CollectionView? {
            mayAsk ? nil : try CollectionView(of: service, cancellable)
        }

        private func withItems<Result>(
            for key: SecretKey, _ view: CollectionView?, _ body: ([OpaquePointer]) throws(SecretStoreError) -> Result
        ) throws(SecretStoreError) -> Result {
            try view?.requireSome()
            return try withItems(
                key.kind, profile: key.profile, TOKEN_SECRET_SEARCH_ALL | TOKEN_SECRET_LOAD_SECRETS, body)
        }

        /// Searches, which finds locked items as well and asks nobody where some collection shows what it holds.
        ///
        /// Not by the schema: of an item in a keyring that was not opened since the service began, gnome-keyring shows
        /// another one's name. The items are good until the body returns.
        private func withItems<Result>(
            _ kind: String, profile: String?, _ flags: UInt32,
            _ body: ([OpaquePointer]) throws(SecretStoreError) -> Result
        ) throws(SecretStoreError) -> Result {
            let attributes = token_secret_attributes(profile, kind, Self.version)
            defer { g_hash_table_unref(attributes) }
            var error: OpaquePointer?
            let list = secret_service_search_sync(service, nil, attributes, flags, cancellable.pointer, &error)
            if error != nil { throw ServiceTrouble(error).error }
            let items = (0..<g_list_length(list)).compactMap { g_list_nth_data(list, $0).map { OpaquePointer($0) } }
            defer {
                for item in items { Self.release(item) }
                g_list_free(list)
            }
            return try body(items.filter(ItemAttributes.areOurs))
        }

        private func defaultOrNewCollection() throws(SecretStoreError) -> OpaquePointer? {
            if let collection = try defaultCollection() { return collection }
            return try makeCollection()
        }

        /// The collection that `default` names; `nil` if it names none.
        private func defaultCollection() throws(SecretStoreError) -> OpaquePointer? {
            var error: OpaquePointer?
            let collection = secret_collection_for_alias_sync(service, "default", 0, cancellable.pointer, &error)
            if let collection { return collection }
            guard error != nil else { return nil }
            let trouble = ServiceTrouble(error)
            if trouble.isMissingObject { return nil }
            throw trouble.error
        }

        /// Has a person choose a password for a new default collection; `nil` if nobody may be asked.
        private func makeCollection() throws(SecretStoreError) -> OpaquePointer? {
            guard mayAsk else { return nil }
            var error: OpaquePointer?
            let collection = secret_collection_create_sync(
                service, "Default keyring", "default", 0, cancellable.pointer, &error)
            if let collection { return collection }
            throw error == nil ? .locked("no keyring was made: the prompt was dismissed") : ServiceTrouble(error).error
        }

        /// Has a person unlock some collections or items.
        private func unlock(_ objects: [OpaquePointer], _ reason: String) throws(SecretStoreError) {
            guard mayAsk else { throw .locked(reason) }
            var list: OpaquePointer?
            for object in objects { list = g_list_append(list, UnsafeMutableRawPointer(object)) }
            defer { g_list_free(list) }
            var error: OpaquePointer?
            let count = secret_service_unlock_sync(service, list, cancellable.pointer, nil, &error)
            if error != nil { throw ServiceTrouble(error).error }
            guard count > 0 else { throw .locked("\(reason), and the prompt was dismissed") }
        }

        /// The value that came with an item; to be let go with ``text(of:)``.
        private static func loadedValue(of item: OpaquePointer) -> OpaquePointer? { secret_item_get_secret(item) }

        private static func text(of value: OpaquePointer) throws(SecretStoreError) -> String {
            defer { secret_value_unref(UnsafeMutableRawPointer(value)) }
            var length: UInt = 0
            guard let bytes = secret_value_get(value, &length) else { return "" }
            let buffer = UnsafeBufferPointer(start: bytes, count: Int(length))
            guard let text = String(validating: buffer.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
                throw .failed("what is stored is no text")
            }
            return text
        }

        private static func release(_ object: OpaquePointer) { g_object_unref(UnsafeMutableRawPointer(object)) }
    }
#endif
