import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// What `az account get-access-token --output json` prints.
enum AzureCLIReply {
    /// Reads the token and its end: `expires_on` in seconds since 1970, or without it `expiresOn` in local time.
    ///
    /// The number is printed by Azure CLI 2.54.0 and later, and goes first since the text is ambiguous in autumn.
    static func token(in output: [UInt8], now: Date) throws(CredentialError) -> AccessToken {
        let title = AzureCLISource.tool.title
        guard let reply = ToolReply.object(in: output) else {
            throw ToolReply.notUnderstood(title, "it is not a JSON object")
        }
        let expiresAt =
            if let seconds = reply["expires_on"]?.integer, seconds > 0 {
                Date(timeIntervalSince1970: Double(seconds))
            } else {
                reply["expiresOn"]?.text.flatMap { ZonedTime.instant($0) ?? LocalTime.instant($0) }
            }
        return try ToolReply.token(reply["accessToken"]?.text, expiresAt: expiresAt, from: title, now: now)
    }
}
