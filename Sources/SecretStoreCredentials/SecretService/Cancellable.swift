#if SecretStore
    import CTokenSecret

    /// GLib's way to end a call from outside.
    ///
    /// Unchecked, because it is a pointer: GLib allows every thread to cancel one while another waits on it.
    final class Cancellable: @unchecked Sendable {
        /// Good for as long as this object lives.
        let pointer: OpaquePointer?

        init() { pointer = g_cancellable_new() }

        deinit { if let pointer { g_object_unref(UnsafeMutableRawPointer(pointer)) } }

        /// Ends the call that waits, and any that is begun later.
        func cancel() {
            if let pointer { g_cancellable_cancel(pointer) }
        }
    }
#endif
