import CTokenOpenSSL
import FoundationEssentials

/// An X.509 certificate.
///
/// Unchecked: the certificate is not changed after `init`, so that any thread may read it.
final class Certificate: @unchecked Sendable {
    /// What a certificate is good for.
    enum Purpose {
        /// Signing others.
        case authority
        /// Being the server of these names, written as OpenSSL writes them: `DNS:localhost`, `IP:127.0.0.1`.
        case server(names: [String])
        /// Proving who a client is.
        case client
    }

    private let pointer: OpaquePointer

    /// Reads the first certificate of a PEM text.
    init(pem text: String) throws {
        let certificate = try withMemoryReading(text) { PEM_read_bio_X509($0, nil, { _, _, _, _ in -1 }, nil) }
        ERR_clear_error()
        guard let certificate else { throw LocalCloudError("the text holds no certificate in PEM form") }
        pointer = certificate
    }

    /// Makes a certificate for a key, valid for ten years; without an issuer it signs itself.
    ///
    /// Its times are those of the machine's clock even where the tokens' clock is moved: TLS clients look at theirs.
    init(
        name: String, key: AsymmetricKey, purpose: Purpose,
        issuer: (certificate: Certificate, key: AsymmetricKey)? = nil
    ) throws {
        guard let certificate = X509_new() else { throw LocalCloudError("out of memory") }
        pointer = certificate
        let hasBasics =
            X509_set_version(certificate, 2) == 1 && Self.setSerialNumber(certificate)
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), 3650 * 86_400) != nil
            && X509_NAME_add_entry_by_txt(
                X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, Int32(name.utf8.count), -1, 0) == 1
            && key.withPointer { X509_set_pubkey(certificate, $0) } == 1
        let issuingCertificate = issuer?.certificate.pointer ?? certificate
        guard hasBasics, X509_set_issuer_name(certificate, X509_get_subject_name(issuingCertificate)) == 1 else {
            throw LocalCloudError("a certificate could not be made")
        }
        for (identifier, value) in Self.extensions(for: purpose, isSelfSigned: issuer == nil) {
            try add(identifier, value, issuer: issuingCertificate)
        }
        guard (issuer?.key ?? key).withPointer({ X509_sign(certificate, $0, EVP_sha256()) }) > 0 else {
            throw LocalCloudError("a certificate could not be signed")
        }
    }

    deinit {
        X509_free(pointer)
    }

    /// Lends the certificate to OpenSSL for the duration of the call.
    func withPointer<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result {
        try body(pointer)
    }

    /// The certificate as PEM text.
    func pem() throws -> String {
        try textWritten { PEM_write_bio_X509($0, pointer) }
    }

    /// The SHA-1 digest of the certificate, which `x5t` and Service Fabric's thumbprint are.
    var sha1Thumbprint: Data { thumbprint(EVP_sha1()) }

    /// The SHA-256 digest of the certificate, which `x5t#S256` is.
    var sha256Thumbprint: Data { thumbprint(EVP_sha256()) }

    private func thumbprint(_ algorithm: OpaquePointer?) -> Data {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        X509_digest(pointer, algorithm, &bytes, &length)
        return Data(bytes.prefix(Int(length)))
    }

    private static func setSerialNumber(_ certificate: OpaquePointer) -> Bool {
        // RFC 5280, section 4.1.2.2: positive, at most 20 bytes, and never the same twice from one issuer.
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64.random(in: 1...UInt64(Int64.max))) == 1
    }

    private static func extensions(for purpose: Purpose, isSelfSigned: Bool) -> [(Int32, String)] {
        let subject = (NID_subject_key_identifier, "hash")
        let authority = (NID_authority_key_identifier, "keyid:always")
        switch purpose {
        case .authority:
            return [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
                subject,
            ]
        case .server(let names):
            return [
                (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "serverAuth"), (NID_subject_alt_name, names.joined(separator: ",")), subject,
            ] + (isSelfSigned ? [] : [authority])
        case .client:
            return [
                (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "clientAuth"), subject,
            ]
        }
    }

    private func add(_ identifier: Int32, _ value: String, issuer: OpaquePointer) throws {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, pointer, nil, nil, 0)
        guard let ending = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
            ERR_clear_error()
            throw LocalCloudError("a certificate cannot have the extension \"\(value)\"")
        }
        defer { X509_EXTENSION_free(ending) }
        guard X509_add_ext(pointer, ending, -1) == 1 else { throw LocalCloudError("a certificate could not be made") }
    }
}
