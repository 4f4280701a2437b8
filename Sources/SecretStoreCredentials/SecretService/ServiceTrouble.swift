#if SecretStore
    import CTokenSecret
    import TokenCredentials

    /// What GLib reported, taken over so that nothing of it has to be freed.
    struct ServiceTrouble {
        private enum Domain { case bus, io, secret, other }
        private let domain: Domain
        private let code: Int32
        /// The service's own words, on one line.
        let words: String

        /// Takes the error over and frees it.
        ///
        /// Without one, a call failed and did not say why.
        init(_ error: OpaquePointer?) {
            guard let error else {
                (domain, code, words) = (.other, 0, "it gave no reason")
                return
            }
            let quark = token_secret_error_domain(error)
            domain =
                quark == g_dbus_error_quark()
                ? .bus : quark == g_io_error_quark() ? .io : quark == secret_error_get_quark() ? .secret : .other
            code = token_secret_error_code(error)
            let said = token_secret_error_message(error).map { foreign(String(cString: $0), upTo: 200).trimmed } ?? ""
            words = said.isEmpty ? "it gave no reason" : said
            g_error_free(error)
        }

        /// Whether nobody on the bus offers the service, or it could not be started.
        var isAbsence: Bool { domain == .bus && (code == 2 || code == 3 || (23...34).contains(code)) }
        /// Whether a collection or an item was asked for that is not there.
        var isMissingObject: Bool { domain == .secret && code == 3 || domain == .bus && (code == 19 || code == 41) }

        /// The error for whoever called.
        var error: SecretStoreError {
            if domain == .io, code == 19 { return .cancelled }
            if isAbsence { return .absent("no program on the session bus offers a secret service: \(words)") }
            if domain == .secret, code == 2 { return .locked(words) }
            return .failed(words)
        }
    }
#endif
