import FoundationEssentials
import TokenCredentials

/// A key, the certificate that belongs to it, and whatever other certificates came with them.
struct SigningIdentity: Sendable {
    /// The key.
    let key: PrivateKey
    /// The certificate whose public key is the key's.
    let leaf: Certificate
    /// The other certificates, in the order of the file.
    let others: [Certificate]

    /// Reads PEM, in whatever order, or PKCS#12, also as the base64 in which Azure Key Vault hands it out.
    init(_ contents: [UInt8], password: String?) throws(KeyDefect) {
        let contents = Array(contents.withoutByteOrderMark)
        let blocks = PEMBlock.all(in: contents)
        let certificates: [[UInt8]]
        if blocks.isEmpty {
            let decoded = PEMBlock.decoded(contents)
            (key, certificates) = try PrivateKey.reading(
                pkcs12: decoded.isEmpty ? contents : decoded, password: password)
        } else {
            let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") }
            guard let only = keys.first else { throw .noKey }
            guard keys.count == 1 else { throw .severalKeys(keys.count) }
            key = try PrivateKey(pem: only.text, password: password)
            certificates = blocks.filter { $0.label.hasSuffix("CERTIFICATE") }.map(\.contents)
        }
        var readable: [Certificate] = []
        for der in certificates {
            guard let certificate = Certificate(der: der) else { throw .malformedCertificate }
            readable.append(certificate)
        }
        guard !readable.isEmpty else { throw .noCertificate }
        guard let index = readable.firstIndex(where: { [key] in $0.publicKey == key.publicKey }) else {
            throw .noMatchingCertificate
        }
        leaf = readable.remove(at: index)
        others = readable
    }
}

/// One `BEGIN` to `END` of a PEM file (RFC 7468).
struct PEMBlock {
    /// What it says it is, such as `"CERTIFICATE"`.
    let label: String
    /// The block with its first and its last line, without the blanks round its lines.
    let text: [UInt8]

    /// What its base64 holds; empty if it is none.
    var contents: [UInt8] {
        Self.decoded(text.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast().joined())
    }

    /// What a base64 text holds, whatever white space is in it; empty if it is none.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8] {
        Data(base64Encoded: Data(text.filter { $0 > 0x20 })).map { Array($0) } ?? []
    }

    /// The blocks of a text, in order; what stands between them is passed over.
    static func all(in contents: [UInt8]) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var label: String?
        var text: [UInt8] = []
        // Empty lines are kept: one of them ends the header of a key that is encrypted in the old way.
        for line in contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let trimmed = String(decoding: line, as: UTF8.self).trimmed
            if let name = Self.name(in: trimmed, after: "-----BEGIN ") {
                label = name
                text = []
            }
            guard let current = label else { continue }
            // OpenSSL reads no line that is indented, as every line is that was copied out of YAML.
            text += Array(trimmed.utf8) + [UInt8(ascii: "\n")]
            if Self.name(in: trimmed, after: "-----END ") == current {
                blocks.append(PEMBlock(label: current, text: text))
                label = nil
            }
        }
        return blocks
    }

    private static func name(in line: String, after mark: String) -> String? {
        guard line.hasPrefix(mark), line.hasSuffix("-----"), line.count > mark.count + 5 else { return nil }
        return String(line.dropFirst(mark.count).dropLast(5))
    }
}
