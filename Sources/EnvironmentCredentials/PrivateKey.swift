import CTokenOpenSSL

/// An RSA key that signs.
///
/// Unchecked: the pointer is set once and OpenSSL only reads the key from then on, so any thread may sign with it, and
/// several at once; the last owner frees it.
final class PrivateKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// The public half as DER (SubjectPublicKeyInfo), by which a certificate is known to belong to the key.
    let publicKey: [UInt8]

    /// Takes the key over and frees it, at once if it is not of the kind needed.
    private init(taking key: OpaquePointer) throws(KeyDefect) {
        let isRSA = EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1
        var publicKey: [UInt8] = []
        let length = i2d_PUBKEY(key, nil)
        if length > 0 {
            publicKey = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
                var end = buffer.baseAddress
                count = Int(max(0, i2d_PUBKEY(key, &end)))
            }
        }
        guard isRSA, !publicKey.isEmpty else {
            EVP_PKEY_free(key)
            ERR_clear_error()
            throw isRSA ? .malformed : .notRSA
        }
        self.key = key
        self.publicKey = publicKey
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// Reads one PEM block: PKCS#1 or PKCS#8, encrypted or not.
    convenience init(pem: [UInt8], password: String?) throws(KeyDefect) {
        ERR_clear_error()
        let question = PasswordQuestion(password)
        let key: OpaquePointer? = pem.withUnsafeBytes { bytes in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { BIO_free(source) }
            return PEM_read_bio_PrivateKey(
                source, nil, PasswordQuestion.answer, Unmanaged.passUnretained(question).toOpaque())
        }
        guard let key else { throw Self.defect(password: password, wasAsked: question.wasAsked) }
        try self.init(taking: key)
    }

    /// Reads a PKCS#12 file: its key, and its certificates as DER.
    static func reading(
        pkcs12: [UInt8], password: String?
    ) throws(KeyDefect) -> (key: PrivateKey, certificates: [[UInt8]]) {
        ERR_clear_error()
        let store: OpaquePointer? = pkcs12.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_PKCS12(nil, &start, bytes.count)
        }
        guard let store else {
            ERR_clear_error()
            throw .unknownFormat
        }
        defer { PKCS12_free(store) }
        var key: OpaquePointer?
        var leaf: OpaquePointer?
        var others: OpaquePointer?
        // An empty password also opens a file that was made without one; none at all would make OpenSSL ask the terminal.
        let isOpen = PKCS12_parse(store, password ?? "", &key, &leaf, &others) == 1
        defer {
            X509_free(leaf)
            token_free_certificates(others)
        }
        guard isOpen else { throw defect(password: password, wasAsked: true) }
        guard let key else { throw .noKey }
        var certificates = leaf.map { [der(of: $0)] } ?? []
        for index in 0..<max(0, token_certificate_count(others)) {
            if let certificate = token_certificate_at(others, index) { certificates.append(der(of: certificate)) }
        }
        return (try PrivateKey(taking: key), certificates)
    }

    /// Signs with SHA-256: about half a millisecond for 2048 bits.
    func signature(of message: [UInt8], _ algorithm: AssertionSignature) throws(KeyDefect) -> [UInt8] {
        ERR_clear_error()
        guard let context = EVP_MD_CTX_new() else { throw .cannotSign }
        defer { EVP_MD_CTX_free(context) }
        var settings: OpaquePointer?
        guard EVP_DigestSignInit(context, &settings, EVP_sha256(), nil, key) == 1 else { throw .cannotSign }
        if algorithm == .ps256 {
            guard EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) > 0,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) > 0
            else { throw .cannotSign }
        }
        var length = 0
        guard EVP_DigestSign(context, nil, &length, message, message.count) == 1 else { throw .cannotSign }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else { throw .cannotSign }
        return Array(signature[..<length])
    }

    private static func der(of certificate: OpaquePointer) -> [UInt8] {
        let length = i2d_X509(certificate, nil)
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var end = buffer.baseAddress
            count = Int(max(0, i2d_X509(certificate, &end)))
        }
    }

    /// Why OpenSSL could not read a key.
    ///
    /// Empties OpenSSL's list of errors, which would otherwise lead the next one's.
    private static func defect(password: String?, wasAsked: Bool) -> KeyDefect {
        var isUnsupported = false
        while case let code = ERR_get_error(), code != 0 {
            if let reason = ERR_reason_error_string(code), String(cString: reason).contains("unsupported") {
                isUnsupported = true
            }
        }
        // An unsupported cipher is met only after the password was found right or was not checked: it is the better news.
        if isUnsupported, wasAsked { return password == nil ? .passwordMissingOrOutdated : .outdatedEncryption }
        guard wasAsked else { return .malformed }
        return password == nil ? .passwordMissing : .passwordWrong
    }
}

extension PrivateKey: CustomStringConvertible, CustomReflectable {
    /// What it is, and nothing of what it holds.
    var description: String { "PrivateKey(<redacted>)" }

    /// Nothing but the ``description``.
    var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}

/// Answers OpenSSL's question for a password; without an answer it would ask the terminal.
private final class PasswordQuestion {
    private let password: String?
    private(set) var wasAsked = false

    init(_ password: String?) {
        self.password = password
    }

    static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
        {
            buffer, size, _, question in
            guard let buffer, let question else { return -1 }
            return Unmanaged<PasswordQuestion>.fromOpaque(question).takeUnretainedValue().write(to: buffer, size)
        }

    private func write(to buffer: UnsafeMutablePointer<CChar>, _ size: Int32) -> Int32 {
        wasAsked = true
        guard let password, password.utf8.count <= Int(size) else { return -1 }
        for (index, byte) in password.utf8.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        return Int32(password.utf8.count)
    }
}
