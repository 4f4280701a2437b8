import CTokenOpenSSL
import Glibc
import TokenCredentials

/// Whose certificates are believed.
enum TrustedAuthorities: Sendable, Hashable {
    /// Those of OpenSSL's own places, which `SSL_CERT_FILE` and `SSL_CERT_DIR` move.
    case system
    /// Those of a file.
    case file(String)
}

/// The client's side of TLS over a socket.
///
/// Its pointers are touched by the thread of its ``ServerConnection`` alone.
final class TLSSession {
    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Shakes hands with whoever answers; the certificate is looked at afterwards.
    init(over socket: Int32, as name: String?, trusting authorities: TrustedAuthorities) throws(WireError) {
        // Nothing of OpenSSL's may run while the process exits and other threads are still in it.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .tls("no memory") }
        guard let session = SSL_new(context) else {
            SSL_CTX_free(context)
            throw .tls("no memory")
        }
        self.context = context
        self.session = session
        switch authorities {
        case .system:
            if let path = ProcessEnvironment.current["SSL_CERT_FILE"] { try Self.checkRegular(path) }
            SSL_CTX_set_default_verify_paths(context)
        case .file(let path):
            try Self.checkRegular(path)
            guard SSL_CTX_load_verify_file(context, path) == 1 else {
                throw .tls("\(path) holds no certificate authority")
            }
        }
        SSL_set_verify(session, SSL_VERIFY_NONE, nil)
        if let name, !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !Self.isAddress(name) {
            var bytes = Array(name.utf8CString)
            _ = SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &bytes)
        }
        SSL_set_fd(session, socket)
        let code = SSL_connect(session)
        guard code == 1 else { throw Self.error(session, code) }
    }

    /// OpenSSL would wait for ever at a pipe without a writer.
    private static func checkRegular(_ path: String) throws(WireError) {
        do throws(FileError) {
            try LocalFiles.checkRegular(path)
        } catch {
            throw .tls("\(error)")
        }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// What the server showed.
    func certificate(for name: String?) throws(WireError) -> ServerCertificate {
        guard let certificate = SSL_get1_peer_certificate(session) else {
            throw .tls("the server showed no certificate")
        }
        defer { X509_free(certificate) }
        let code = SSL_get_verify_result(session)
        var matches = false
        if let name {
            matches =
                Self.isAddress(name)
                ? X509_check_ip_asc(certificate, name, 0) == 1
                : X509_check_host(certificate, name, name.utf8.count, 0, nil) == 1
        }
        return ServerCertificate(
            issuer: Self.shortName(X509_get_issuer_name(certificate)),
            expiry: Self.time(X509_get0_notAfter(certificate)), isNameRight: matches, verification: code,
            verificationText: String(cString: X509_verify_cert_error_string(code)),
            version: String(cString: SSL_get_version(session)))
    }

    func send(_ bytes: [UInt8]) throws(WireError) {
        let code = SSL_write(session, bytes, Int32(clamping: bytes.count))
        guard code > 0 else { throw Self.error(session, code) }
    }

    func receive(upTo count: Int) throws(WireError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = SSL_read(session, &buffer, Int32(clamping: count))
        guard received > 0 else { throw Self.error(session, received) }
        return Array(buffer[..<Int(received)])
    }

    private static func error(_ session: OpaquePointer, _ code: Int32) -> WireError {
        let number = errno
        let kind = SSL_get_error(session, code)
        switch kind {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .timedOut
        case SSL_ERROR_ZERO_RETURN: return .closed
        case SSL_ERROR_SYSCALL:
            return number == 0 || number == ECONNRESET || number == EPIPE
                ? .closed : number == EAGAIN ? .timedOut : .system(number)
        default:
            let reason = ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "TLS failed"
            return reason.contains("unexpected eof") ? .closed : .tls(reason)
        }
    }

    private static func isAddress(_ name: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET, name, &bytes) == 1 || inet_pton(AF_INET6, name, &bytes) == 1
    }

    /// The common name, else the organisation.
    private static func shortName(_ name: OpaquePointer?) -> String {
        for part in [NID_commonName, NID_organizationName] {
            var text = [CChar](repeating: 0, count: 256)
            if X509_NAME_get_text_by_NID(name, part, &text, Int32(text.count)) > 0 {
                let shown = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return shown.onOneLine
            }
        }
        return "nobody"
    }

    private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return timegm(&parts)
    }
}

/// What a server showed of itself, and what was found.
struct ServerCertificate: Sendable {
    let issuer: String
    /// Seconds since 1970 (UTC).
    let expiry: Int?
    let isNameRight: Bool
    /// OpenSSL's number: 0 for a chain that ends at a trusted authority.
    let verification: Int
    let verificationText: String
    /// The version of TLS.
    let version: String

    var isTrusted: Bool { verification == Int(X509_V_OK) }
    var hasExpired: Bool {
        verification == Int(X509_V_ERR_CERT_HAS_EXPIRED) || verification == Int(X509_V_ERR_CERT_NOT_YET_VALID)
    }
}
