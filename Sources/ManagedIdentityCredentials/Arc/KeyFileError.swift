import Glibc
import TokenCredentials

/// Why a key file was not read.
enum KeyFileError: Error, Hashable, CustomStringConvertible {
    case absent
    case denied
    case link
    case notARegularFile
    case tooLarge
    case foreign
    case system(errno: Int32)

    /// Half a sentence that follows the file's name.
    var description: String {
        switch self {
        case .absent: "is not there"
        case .denied: "may not be read by this account"
        case .link: "is a symbolic link"
        case .notARegularFile: "is not a regular file"
        case .tooLarge: "is longer than \(KeyFileStatus.limit) bytes"
        case .foreign: "belongs to neither root nor the agent, or others may write to it"
        case .system(let code): "could not be read: \(SystemError.text(of: code))"
        }
    }

    var remedy: String {
        switch self {
        case .denied:
            "Add this account to the group himds (sudo usermod -aG himds USER) and sign in anew, or run as root."
        case .absent: "Try again; if it stays so, restart the agent (himds)."
        case .link, .notARegularFile, .tooLarge, .foreign:
            "Find out who put it there before you trust this machine's agent."
        case .system: "Restart the agent (himds)."
        }
    }

    /// The agent writes a new file for every challenge and removes the old ones.
    var isTemporary: Bool { self == .absent }

    init(errno code: Int32) {
        switch code {
        case ENOENT: self = .absent
        case EACCES, EPERM: self = .denied
        case ELOOP: self = .link
        case ENXIO: self = .notARegularFile
        default: self = .system(errno: code)
        }
    }
}
