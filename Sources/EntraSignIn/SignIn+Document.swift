import EntraTokenEndpoint
import FoundationEssentials
import TokenCredentials

extension SignIn {
    /// The version of the document written.
    static let version: Int64 = 1
    /// The longest document read, in bytes.
    static let limit = 131_072

    /// Why a stored text is not believed.
    package enum Defect: Error, Hashable, Sendable, CustomStringConvertible {
        /// No JSON object, or one that is too long.
        case unreadable
        /// Written in another form, perhaps by a later version.
        case otherVersion
        /// A member is missing or cannot be right.
        case member(String)

        /// Half a sentence that follows the name of the text.
        package var description: String {
            switch self {
            case .unreadable: "is not the JSON of a sign-in"
            case .otherVersion: "is in a form that this version does not read"
            case .member(let name): "has no usable \(name)"
            }
        }
    }

    private struct Document: Encodable {
        let version: Int64
        let refreshToken: String
        let account: String?
        let accountID: String?
        let tenant: String
        let clientID: String
        let scopes: [String]
        let authority: String
        let renewedAt: Int64
    }

    /// The JSON that a store keeps.
    ///
    /// Holds the refresh token.
    package var document: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            version: Self.version, refreshToken: refreshToken, account: account, accountID: accountID, tenant: tenant,
            clientID: clientID, scopes: scopes, authority: authority.url,
            renewedAt: Int64(exactly: renewedAt.timeIntervalSince1970) ?? 0)
        return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Reads what ``document`` wrote.
    ///
    /// Everything is checked again: a store is a place others can write to.
    package init(document text: String) throws(Defect) {
        guard text.utf8.count <= Self.limit, let object = JSONDocument.object(in: Array(text.utf8)) else {
            throw .unreadable
        }
        guard let version = object["version"]?.integer else { throw .member("version") }
        guard version == Self.version else { throw .otherVersion }
        func member(_ name: String, _ isGood: (String) throws(CredentialError) -> Void) throws(Defect) -> String {
            guard let value = object[name]?.text, (try? isGood(value)) != nil else { throw .member(name) }
            return value
        }
        let refreshToken = try member("refreshToken") { _ in }
        guard Self.isPrintable(refreshToken) else { throw .member("refreshToken") }
        let tenant = try member("tenant") { text throws(CredentialError) in try TenantName.check(text, called: "") }
        let clientID = try member("clientID") { text throws(CredentialError) in try ClientID.check(text, called: "") }
        guard let authority = try? Authority(object["authority"]?.text ?? "") else { throw .member("authority") }
        guard case .array(let values)? = object["scopes"] else { throw .member("scopes") }
        let scopes = values.compactMap { $0.text }.filter(Self.isPrintable)
        guard scopes.count == values.count else { throw .member("scopes") }
        guard let seconds = object["renewedAt"]?.integer, (0...253_402_300_799).contains(seconds) else {
            throw .member("renewedAt")
        }
        self.init(
            refreshToken: refreshToken, account: Self.shown(object["account"]?.text),
            accountID: Self.shown(object["accountID"]?.text), tenant: tenant, clientID: clientID, scopes: scopes,
            authority: authority, renewedAt: Date(timeIntervalSince1970: Double(seconds)))
    }

    static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

    /// A name as it may be shown; `nil` for one that would upset a terminal.
    static func shown(_ name: String?) -> String? {
        guard let name, name.utf8.count <= 320,
            name.unicodeScalars.allSatisfy(\.isPrintable)
        else { return nil }
        return name
    }
}
