import CTokenOpenSSL
import FoundationEssentials
import Glibc

/// What an assertion needs to know of a certificate.
struct Certificate: Sendable {
    /// The whole certificate as DER.
    let der: [UInt8]
    /// Its public key as DER (SubjectPublicKeyInfo).
    let publicKey: [UInt8]
    /// The time from which it is valid (UTC).
    let notBefore: Date
    /// The time until which it is valid (UTC).
    let notAfter: Date
    /// The SHA-256 digest of its DER form, 32 bytes.
    let sha256: [UInt8]
    /// The SHA-1 digest of its DER form, 20 bytes: the thumbprint that Azure's portal shows.
    let sha1: [UInt8]

    /// Reads a certificate; `nil` if the bytes are none.
    init?(der bytes: [UInt8]) {
        let certificate: OpaquePointer? = bytes.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        defer { ERR_clear_error() }
        guard let certificate else { return nil }
        defer { X509_free(certificate) }
        guard let notBefore = Self.date(X509_get0_notBefore(certificate)),
            let notAfter = Self.date(X509_get0_notAfter(certificate)), let key = X509_get0_pubkey(certificate)
        else { return nil }
        self.notBefore = notBefore
        self.notAfter = notAfter
        der = Self.encoded { i2d_X509(certificate, $0) }
        publicKey = Self.encoded { i2d_PUBKEY(key, $0) }
        sha256 = Self.digest(of: certificate, EVP_sha256())
        sha1 = Self.digest(of: certificate, EVP_sha1())
        guard !der.isEmpty, !publicKey.isEmpty, sha256.count == 32, sha1.count == 20 else { return nil }
    }

    /// The thumbprint as Azure's portal shows it.
    var thumbprint: String {
        let digits = Array("0123456789ABCDEF")
        return String(sha1.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let length = encode(nil)
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var end = buffer.baseAddress
            count = Int(max(0, encode(&end)))
        }
    }

    private static func digest(of certificate: OpaquePointer, _ algorithm: OpaquePointer?) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, algorithm, &digest, &length) == 1 else { return [] }
        return Array(digest[..<Int(length)])
    }

    private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Date(timeIntervalSince1970: Double(timegm(&parts)))
    }
}
