import TokenCredentials

/// What is wrong with a file that should hold a certificate and its key.
enum KeyDefect: Error, Hashable {
    case unknownFormat
    case malformed
    case malformedCertificate
    case noKey
    case severalKeys(Int)
    case noCertificate
    case noMatchingCertificate
    case notRSA
    case passwordMissing
    case passwordWrong
    case passwordMissingOrOutdated
    case outdatedEncryption
    case cannotSign

    /// The defect as an error that names the file and never shows what is in it.
    func error(in file: String, passwordName: String) -> CredentialError {
        let (problem, remedy) = words(file, passwordName)
        return .failed(Diagnosis(problem, remedy: remedy, kind: .misconfigured))
    }

    private func words(_ file: String, _ password: String) -> (problem: String, remedy: String) {
        // The way out that OpenSSL itself offers for files from old versions of Windows.
        let conversion =
            "openssl pkcs12 -legacy -in OLD.pfx -nodes -out KEY.pem && openssl pkcs12 -export -in KEY.pem -out NEW.pfx"
        return switch self {
        case .unknownFormat:
            (
                "\(file) is neither PEM nor PKCS#12, nor the base64 of PKCS#12",
                "Give a file with the certificate and its private key."
            )
        case .malformed:
            ("the private key in \(file) cannot be read", "Export certificate and key again, as PEM or PKCS#12.")
        case .malformedCertificate:
            ("a certificate in \(file) cannot be read", "Export certificate and key again, as PEM or PKCS#12.")
        case .noKey:
            ("\(file) holds no private key", "Put the certificate's private key into the same file.")
        case .severalKeys(let count):
            ("\(file) holds \(count) private keys", "Leave only the one that belongs to the certificate.")
        case .noCertificate:
            ("\(file) holds no certificate", "Put the certificate into the same file as its private key.")
        case .noMatchingCertificate:
            ("no certificate in \(file) belongs to its private key", "Put a key and its own certificate into the file.")
        case .notRSA:
            ("the private key in \(file) is not an RSA key", "Use a certificate with an RSA key; Entra takes no other.")
        case .passwordMissing:
            ("the private key in \(file) is encrypted, and no password is given", "Set \(password).")
        case .passwordWrong:
            ("the password does not open \(file)", "Correct \(password).")
        case .passwordMissingOrOutdated:
            (
                "\(file) is encrypted in an outdated way, or needs a password",
                "Set \(password), or convert the file: \(conversion)."
            )
        case .outdatedEncryption:
            ("\(file) is encrypted in an outdated way that OpenSSL no longer reads", "Convert it: \(conversion).")
        case .cannotSign:
            ("the private key in \(file) cannot sign", "Use a certificate with an RSA key of 2048 bits or more.")
        }
    }
}
