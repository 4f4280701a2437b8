import CTokenOpenSSL
import FoundationEssentials

/// A public key, perhaps with its private half.
///
/// Unchecked: the key is not changed after `init`, and OpenSSL lets any number of threads use such a key at once.
final class AsymmetricKey: @unchecked Sendable {
    /// How a signature is made from a SHA-256 digest (RFC 7518, section 3.1).
    enum Scheme: String {
        case rs256 = "RS256"
        case ps256 = "PS256"
    }

    private let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Makes an RSA key of 2048 bits.
    static func rsa() throws -> AsymmetricKey {
        try generate(EVP_PKEY_RSA) { EVP_PKEY_CTX_set_rsa_keygen_bits($0, 2048) }
    }

    /// Makes an elliptic curve key on P-256.
    static func p256() throws -> AsymmetricKey {
        try generate(EVP_PKEY_EC) { EVP_PKEY_CTX_set_ec_paramgen_curve_nid($0, NID_X9_62_prime256v1) }
    }

    private static func generate(
        _ type: Int32, _ configure: (OpaquePointer) -> Int32
    ) throws -> AsymmetricKey {
        guard let context = EVP_PKEY_CTX_new_id(type, nil) else { throw LocalCloudError("out of memory") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) == 1, EVP_PKEY_keygen(context, &key) == 1,
            let key
        else { throw LocalCloudError("a key could not be made") }
        return AsymmetricKey(owning: key)
    }

    /// Reads an RSA private key from PEM text that is not encrypted.
    init(privatePEM text: String) throws {
        let key = try withMemoryReading(text) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) }
        ERR_clear_error()
        guard let key else { throw LocalCloudError("the text holds no private key in PEM form, or an encrypted one") }
        pointer = key
        guard EVP_PKEY_get_id(key) == EVP_PKEY_RSA else { throw LocalCloudError("the private key is not an RSA key") }
    }

    /// Reads a public key from PEM text: a certificate or a bare public key.
    init(publicPEM text: String) throws {
        let certificate = try? Certificate(pem: text)
        let key =
            if let certificate {
                certificate.withPointer { X509_get_pubkey($0) }
            } else {
                try withMemoryReading(text) { PEM_read_bio_PUBKEY($0, nil, { _, _, _, _ in -1 }, nil) }
            }
        ERR_clear_error()
        guard let key else {
            throw LocalCloudError("the text holds neither a certificate nor a public key in PEM form")
        }
        pointer = key
    }

    /// Lends the key to OpenSSL for the duration of the call.
    func withPointer<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result {
        try body(pointer)
    }

    /// The private key as unencrypted PKCS#8 PEM text.
    func privatePEM() throws -> String {
        try textWritten { PEM_write_bio_PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
    }

    /// The public key as PEM text.
    func publicPEM() throws -> String {
        try textWritten { PEM_write_bio_PUBKEY($0, pointer) }
    }

    /// One of the numbers an RSA key consists of (`n` or `e`), most significant byte first.
    func number(_ name: String) throws -> Data {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else {
            throw LocalCloudError("the key has no number \(name)")
        }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return Data(bytes)
    }

    /// Signs the bytes.
    func signature(of bytes: Data, _ scheme: Scheme) throws -> Data {
        guard let context = EVP_MD_CTX_new() else { throw LocalCloudError("out of memory") }
        defer { EVP_MD_CTX_free(context) }
        var signing: OpaquePointer?
        guard EVP_DigestSignInit(context, &signing, EVP_sha256(), nil, pointer) == 1,
            Self.setPadding(signing, scheme)
        else { throw LocalCloudError("the key cannot sign") }
        var length = 0
        let bytes = [UInt8](bytes)
        guard EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1 else {
            throw LocalCloudError("the key cannot sign")
        }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else {
            throw LocalCloudError("the key cannot sign")
        }
        return Data(signature.prefix(length))
    }

    /// Whether the signature was made over the bytes with this key's private half.
    func verifies(_ signature: Data, over bytes: Data, _ scheme: Scheme) -> Bool {
        guard EVP_PKEY_get_id(pointer) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var verifying: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &verifying, EVP_sha256(), nil, pointer) == 1,
            Self.setPadding(verifying, scheme)
        else { return false }
        let signature = [UInt8](signature)
        let bytes = [UInt8](bytes)
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private static func setPadding(_ context: OpaquePointer?, _ scheme: Scheme) -> Bool {
        switch scheme {
        case .rs256: true
        case .ps256:
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
        }
    }
}
