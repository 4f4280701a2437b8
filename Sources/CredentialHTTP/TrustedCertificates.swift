import Glibc
import TokenCredentials

/// Whose certificates one connection believes, as the TLS library has to be told.
enum TrustedCertificates: Hashable, Sendable {
    /// What libcurl was built to believe.
    case builtIn
    /// A file with all authorities, a directory with one file each under its hash, or both.
    case places(file: String?, directory: String?)
    /// The authorities in a PEM text and no others.
    case authorities(pem: String)
    /// One certificate, by its SHA-1 thumbprint.
    case pinned(sha1: [UInt8])

    /// Decides by the request and the environment; `directory` is where the system keeps its authorities.
    init(
        _ trust: HTTPRequest.Trust, environment: ProcessEnvironment, directory: String = "/etc/ssl/certs"
    ) throws(HTTPTransportError) {
        switch trust {
        case .system:
            let (file, folder) = (environment["SSL_CERT_FILE"], environment["SSL_CERT_DIR"])
            if file != nil || folder != nil {
                if let file { try Self.check("SSL_CERT_FILE", file) }
                for name in folder.map({ Self.hashedNames(in: $0) }) ?? [] {
                    try Self.check("SSL_CERT_DIR", "\(folder ?? "")/\(name)")
                }
                self = .places(file: file, directory: folder)
            } else if Self.isHashed(directory) {
                // One small file is read instead of every authority there is: 25 ms less for the first connection.
                self = .places(file: nil, directory: directory)
            } else {
                self = .builtIn
            }
        case .authorities(let pem):
            guard pem.contains("-----BEGIN ") else { throw .tls("the authorities to believe hold no certificate") }
            self = .authorities(pem: pem)
        case .pinned(let sha1):
            guard sha1.count == 20 else { throw .invalidRequest("a SHA-1 thumbprint has 20 bytes") }
            self = .pinned(sha1: sha1)
        }
    }

    /// Whether a directory has certificates under their hashes (`1234abcd.0`); not every system's has.
    private static func isHashed(_ directory: String) -> Bool { !hashedNames(in: directory, atMost: 1).isEmpty }

    /// libcurl's thread opens what it is told of, and a pipe there would hold up every request.
    private static func check(_ variable: String, _ path: String) throws(HTTPTransportError) {
        do throws(FileError) {
            try LocalFiles.checkRegular(path)
        } catch {
            throw .tls("\(variable) does not serve: \(error)")
        }
    }

    private static func hashedNames(in directory: String, atMost limit: Int = .max) -> [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            let isHash = name.prefix(8).allSatisfy { byte in
                (0x30...0x39).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
            if name.count == 10, isHash, name.suffix(2).elementsEqual(".0".utf8) {
                names.append(String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }
}
