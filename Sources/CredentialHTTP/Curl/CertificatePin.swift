import CTokenCurl
import CTokenOpenSSL

/// The one certificate a server may show, known by the SHA-1 of its DER form.
///
/// The comparison takes the place of the chain's verification inside the handshake, before anything is sent.
final class CertificatePin: Sendable {
    private let sha1: [UInt8]

    init(sha1: [UInt8]) {
        self.sha1 = sha1
    }

    /// Whether a certificate is the one.
    private func matches(_ certificate: OpaquePointer) -> Bool {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard X509_digest(certificate, EVP_sha1(), &digest, &count) == 1, Int(count) == sha1.count else { return false }
        return CRYPTO_memcmp(digest, sha1, sha1.count) == 0
    }

    /// Called by OpenSSL with the server's certificate and the pin; 1 lets the handshake go on.
    private static let verify: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = {
        context, argument in
        guard let context, let argument, let certificate = X509_STORE_CTX_get0_cert(context),
            Unmanaged<CertificatePin>.fromOpaque(argument).takeUnretainedValue().matches(certificate)
        else {
            if let context { X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION) }
            return 0
        }
        X509_STORE_CTX_set_error(context, X509_V_OK)
        return 1
    }

    /// Called by libcurl with OpenSSL's context, before the handshake, and the pin.
    static let install: curl_ssl_ctx_callback = { _, context, argument in
        guard let context, let argument else { return CURLE_ABORTED_BY_CALLBACK }
        SSL_CTX_set_cert_verify_callback(OpaquePointer(context), verify, argument)
        // libcurl was told not to verify, so that it leaves the verdict to this callback: it has to be asked for.
        SSL_CTX_set_verify(OpaquePointer(context), SSL_VERIFY_PEER, nil)
        return CURLE_OK
    }
}
