#if SecretStore
    import CTokenSecret
    import TokenCredentials

    /// How much of what the service keeps can be seen without a person.
    ///
    /// gnome-keyring lists the items of a locked collection. KeePassXC does not, and asks the person to unlock it, in a
    /// window of its own, when it is searched while no database is open.
    enum CollectionView {
        case everything
        /// Some collections are locked, and do not show what they hold.
        case some
        /// All collections are so.
        case none
        /// There is no collection: a database that is not open is none.
        case noCollection

        /// Looks; searches for nothing, and so nobody is asked.
        init(of service: OpaquePointer, _ cancellable: Cancellable) throws(SecretStoreError) {
            guard
                let properties = try Self.properties(
                    of: "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", service, cancellable)
            else {
                self = .noCollection
                return
            }
            defer { g_variant_unref(properties) }
            var (shown, hidden) = (0, 0)
            for path in Self.texts(properties, "Collections") {
                let collection = try Self.properties(
                    of: path, "org.freedesktop.Secret.Collection", service, cancellable)
                // It has gone meanwhile.
                guard let collection else { continue }
                defer { g_variant_unref(collection) }
                if Self.hidesItems(collection) { hidden += 1 } else { shown += 1 }
            }
            self = hidden == 0 ? (shown == 0 ? .noCollection : .everything) : shown == 0 ? .none : .some
        }

        /// Throws ``SecretStoreError/hidden(_:)`` where nothing can be seen.
        func requireSome() throws(SecretStoreError) {
            switch self {
            case .everything, .some: return
            case .none, .noCollection: throw .hidden(words)
            }
        }

        /// Throws ``SecretStoreError/hidden(_:)`` where not everything can be seen.
        func requireAll() throws(SecretStoreError) {
            switch self {
            case .everything: return
            case .some, .none, .noCollection: throw .hidden(words)
            }
        }

        private var words: String {
            if case .noCollection = self {
                "the secret service has no collection open, and does not show what closed ones hold"
            } else {
                "a collection of the secret service is locked, and does not show what it holds"
            }
        }

        /// Whether a collection is locked and has not been read: one that has can say when it was changed.
        private static func hidesItems(_ collection: OpaquePointer) -> Bool {
            guard let locked = token_secret_property(collection, "Locked", "b") else { return true }
            defer { g_variant_unref(locked) }
            guard g_variant_get_boolean(locked) != 0, texts(collection, "Items").isEmpty else { return false }
            guard let modified = token_secret_property(collection, "Modified", "t") else { return true }
            g_variant_unref(modified)
            return false
        }

        /// The paths that a property holds; none if it is not there.
        private static func texts(_ properties: OpaquePointer, _ name: String) -> [String] {
            guard let paths = token_secret_property(properties, name, "ao") else { return [] }
            defer { g_variant_unref(paths) }
            return (0..<g_variant_n_children(paths)).compactMap { index in
                guard let path = g_variant_get_child_value(paths, index) else { return nil }
                defer { g_variant_unref(path) }
                return g_variant_get_string(path, nil).map { String(cString: $0) }
            }
        }

        /// The properties of an object; `nil` if there is no such object.
        private static func properties(
            of path: String, _ interface: String, _ service: OpaquePointer, _ cancellable: Cancellable
        ) throws(SecretStoreError) -> OpaquePointer? {
            var error: OpaquePointer?
            let properties = token_secret_properties(service, path, interface, cancellable.pointer, &error)
            if let properties { return properties }
            let trouble = ServiceTrouble(error)
            if trouble.isMissingObject { return nil }
            throw trouble.error
        }
    }
#endif
