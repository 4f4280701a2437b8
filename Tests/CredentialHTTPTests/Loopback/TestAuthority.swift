import CTokenOpenSSL

/// An authority made for one test, and the server certificates it signs.
final class TestAuthority {
    private let key: OpaquePointer
    private let certificate: OpaquePointer

    init(_ name: String = "Authority of a test") throws {
        key = try makeKey()
        certificate = try makeCertificate(name, key: key, extensions: [NID_basic_constraints: "critical,CA:TRUE"])
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// The authority's certificate as PEM text.
    var pem: String { get throws { try pemText(certificate) } }

    /// The name of its file in a directory of authorities.
    var fileName: String {
        let digits = String(X509_NAME_hash_ex(X509_get_subject_name(certificate), nil, nil, nil), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + ".0"
    }

    /// A certificate for names such as `DNS:localhost` or `IP:127.0.0.1`, with its key.
    func identity(
        _ names: String = "IP:127.0.0.1,DNS:localhost", maximumVersion: Int32 = TLS1_3_VERSION
    ) throws -> TLSIdentity {
        let serverKey = try makeKey()
        defer { EVP_PKEY_free(serverKey) }
        let server = try makeCertificate(
            "server", key: serverKey, extensions: [NID_subject_alt_name: names], issuer: (certificate, key))
        defer { X509_free(server) }
        return try TLSIdentity(server, serverKey, maximumVersion: maximumVersion)
    }

    /// A certificate signed by itself, with its key.
    static func selfSigned(_ names: String = "DNS:nobody.example.test") throws -> TLSIdentity {
        let key = try makeKey()
        defer { EVP_PKEY_free(key) }
        let server = try makeCertificate("alone", key: key, extensions: [NID_subject_alt_name: names])
        defer { X509_free(server) }
        return try TLSIdentity(server, key, maximumVersion: TLS1_3_VERSION)
    }
}

/// A server's certificate and key.
///
/// OpenSSL counts its references across threads, and nothing changes it once made.
final class TLSIdentity: @unchecked Sendable {
    private let context: OpaquePointer
    /// The SHA-1 of the certificate's DER form.
    let sha1: [UInt8]

    fileprivate init(_ certificate: OpaquePointer, _ key: OpaquePointer, maximumVersion: Int32) throws {
        context = try made(SSL_CTX_new(TLS_server_method()))
        var digest = [UInt8](repeating: 0, count: 20)
        X509_digest(certificate, EVP_sha1(), &digest, nil)
        sha1 = digest
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(maximumVersion), nil)
        if maximumVersion < TLS1_2_VERSION {
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_VERSION), nil)
            // What is that old is only allowed on the lowest level.
            SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0")
        }
        guard SSL_CTX_use_certificate(context, certificate) == 1, SSL_CTX_use_PrivateKey(context, key) == 1 else {
            throw LoopbackError.certificate("unusable")
        }
    }

    deinit {
        SSL_CTX_free(context)
    }

    func makeSession() -> OpaquePointer? {
        guard let session = SSL_new(context) else { return nil }
        SSL_set_accept_state(session)
        return session
    }
}

private func made(_ pointer: OpaquePointer?) throws -> OpaquePointer {
    guard let pointer else { throw LoopbackError.certificate("not made") }
    return pointer
}

private func makeKey() throws -> OpaquePointer {
    token_openssl_start()
    let context = try made(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil))
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    EVP_PKEY_keygen_init(context)
    EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
    EVP_PKEY_keygen(context, &key)
    return try made(key)
}

private func makeCertificate(
    _ name: String, key: OpaquePointer, extensions: [Int32: String],
    issuer: (certificate: OpaquePointer, key: OpaquePointer)? = nil
) throws -> OpaquePointer {
    let certificate = try made(X509_new())
    X509_set_version(certificate, 2)
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), .random(in: 1...(1 << 60)))
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600)
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86_400)
    X509_set_pubkey(certificate, key)
    let subject = X509_get_subject_name(certificate)
    X509_NAME_add_entry_by_txt(subject, "CN", 0x1000 | 1, name, -1, -1, 0)
    X509_set_issuer_name(certificate, issuer.map { X509_get_subject_name($0.certificate) } ?? subject)
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
    for (kind, value) in extensions {
        let addition = try made(X509V3_EXT_conf_nid(nil, &context, kind, value))
        X509_add_ext(certificate, addition, -1)
        X509_EXTENSION_free(addition)
    }
    guard X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0 else {
        throw LoopbackError.certificate("not signed")
    }
    return certificate
}

private func pemText(_ certificate: OpaquePointer) throws -> String {
    let output = try made(BIO_new(BIO_s_mem()))
    defer { BIO_free(output) }
    PEM_write_bio_X509(output, certificate)
    var text = [UInt8](repeating: 0, count: 16_384)
    let count = BIO_read(output, &text, Int32(text.count))
    return String(decoding: text.prefix(Int(max(0, count))), as: UTF8.self)
}
