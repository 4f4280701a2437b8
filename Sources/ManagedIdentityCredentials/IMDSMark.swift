import CredentialHTTP
import FoundationEssentials
import TokenCredentials

extension HTTPResponse {
    /// Whether IMDS itself sent this, and not a gateway, another cloud's service or a proxy that answers at its address.
    ///
    /// It is known by its header, `Server: IMDS/…`, by a document of its errors (RFC 6749, section 5.2), or by a token.
    var isFromIMDS: Bool {
        if header("Server")?.lowercased().hasPrefix("imds/") == true { return true }
        guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else { return false }
        if status == 200, document["access_token"]?.text != nil { return true }
        guard let error = document["error"]?.text, !error.isEmpty else { return false }
        // Web servers write the name of the status, as in "Not Found" or "Forbidden"; OAuth has words like invalid_request.
        let isWord = error.utf8.allSatisfy {
            $0.isDigit || $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
        return isWord || document["error_description"]?.text != nil
    }
}
