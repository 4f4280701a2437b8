#if SecretStore
    import CTokenSecret
    import TokenCredentials

    /// How much of what the service keeps can be seen without a person.
    ///
    /// gnome-keyring lists the items of a locked collection. KeePassXC does not, and asks the person to unlock it, in a
    /// window of its own, when it is searched while no database is open. Looks at collections, one after the other and no
    /// further than it has to; searches for nothing, and so nobody is asked.
    final class CollectionView {
        private let service: OpaquePointer
        private let cancellable: Cancellable
        /// The collections that have not been looked at.
        private var paths: [String]
        private var isAnyShown = false
        private var isAnyHidden = false

        /// Looks which collections there are; the service is used for as long as this object lives.
        init(of service: OpaquePointer, _ cancellable: Cancellable) throws(SecretStoreError) {
            self.service = service
            self.cancellable = cancellable
            paths = []
            let properties = try properties(of: "/org/freedesktop/secrets", "org.freedesktop.Secret.Service")
            guard let properties else { return }
            defer { g_variant_unref(properties) }
            paths = Self.texts(properties, "Collections")
        }

        /// Throws ``SecretStoreError/hidden(_:)`` where nothing can be seen.
        func requireSome() throws(SecretStoreError) {
            while !isAnyShown, try lookFurther() {}
            if !isAnyShown { throw error }
        }

        /// Throws ``SecretStoreError/hidden(_:)`` where not everything can be seen.
        func requireAll() throws(SecretStoreError) {
            while !isAnyHidden, try lookFurther() {}
            if isAnyHidden || !isAnyShown { throw error }
        }

        private var error: SecretStoreError {
            .hidden(
                isAnyHidden
                    ? "a collection of the secret service is locked, and does not show what it holds"
                    : "the secret service has no collection open, and does not show what closed ones hold")
        }

        /// Looks at one more collection; `false` if there is none.
        private func lookFurther() throws(SecretStoreError) -> Bool {
            guard let path = paths.popLast() else { return false }
            // It may have gone meanwhile.
            guard let collection = try properties(of: path, "org.freedesktop.Secret.Collection") else { return true }
            defer { g_variant_unref(collection) }
            if Self.hidesItems(collection) { isAnyHidden = true } else { isAnyShown = true }
            return true
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
        private func properties(of path: String, _ interface: String) throws(SecretStoreError) -> OpaquePointer? {
            var error: OpaquePointer?
            let properties = token_secret_properties(service, path, interface, cancellable.pointer, &error)
            if let properties { return properties }
            let trouble = ServiceTrouble(error)
            if trouble.isMissingObject { return nil }
            throw trouble.error
        }
    }
#endif
