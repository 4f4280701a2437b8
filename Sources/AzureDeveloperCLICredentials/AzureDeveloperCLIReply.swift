import CommandCredentials
import FoundationEssentials
import TokenCredentials

/// What `azd auth token --output json` prints.
enum AzureDeveloperCLIReply {
    /// Reads the token and its end, which stands there as RFC 3339 in UTC, whatever the zone of the machine.
    static func token(in output: [UInt8], now: Date) throws(CredentialError) -> AccessToken {
        let title = AzureDeveloperCLISource.tool.title
        guard let reply = ToolReply.object(in: output) else {
            throw ToolReply.notUnderstood(title, "it is not a JSON object")
        }
        return try ToolReply.token(
            reply["token"]?.text, expiresAt: reply["expiresOn"]?.text.flatMap(ZonedTime.instant), from: title, now: now)
    }

    /// The text of an error, for comparing and not for showing.
    ///
    /// Since azd 1.23.7 it is one object with `error`, `message` and `suggestion`; before, each line is an object whose
    /// `data` holds a `message`.
    static func complaint(in output: CommandOutput) -> String {
        let bytes = output.errorOutput + [UInt8(ascii: "\n")] + output.output
        let documents =
            [Substring(decoding: bytes, as: UTF8.self)]
            + Substring(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        var texts: [String] = []
        for document in documents {
            guard let value = ToolReply.object(in: Array(document.utf8)) else {
                texts.append(String(document))
                continue
            }
            texts += ["error", "message", "suggestion"].compactMap { value[$0]?.text }
            if let message = value["data"]?["message"]?.text { texts.append(message) }
        }
        return texts.joined(separator: "\n")
    }
}
