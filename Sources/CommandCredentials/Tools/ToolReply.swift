package import FoundationEssentials
package import TokenCredentials

/// Reads what a tool printed.
package enum ToolReply {
    /// The JSON object in a tool's output: all of it, or what comes after warnings; `nil` if there is none.
    package static func object(in output: [UInt8]) -> JSONValue? {
        let (open, close, newline) = (UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\n"))
        guard let end = output.lastIndex(of: close) else { return nil }
        var tried = 0
        for start in output.indices where output[start] == open {
            // What begins after the last closing brace has been cut off.
            guard start < end, tried < 32 else { return nil }
            // A brace within a line belongs to a sentence or to an object that has begun before.
            let before = output[..<start].suffix(while: {
                $0 != newline && $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF
            })
            guard before.startIndex == output.startIndex || output[before.startIndex - 1] == newline else { continue }
            let document = Data(output[start...end])
            if let value = try? JSONDecoder().decode(JSONValue.self, from: document), case .object = value {
                return value
            }
            tried += 1
        }
        return nil
    }

    /// Makes a token of what a tool printed.
    ///
    /// Throws ``CredentialError/failed(_:)`` for a text that cannot be a token and for a time that is past. An end more
    /// than 48 hours away is not believed, and taken for 48 hours.
    package static func token(
        _ secret: String?, expiresAt: Date?, from title: String, now: Date
    ) throws(CredentialError) -> AccessToken {
        guard let secret else { throw notUnderstood(title, "it holds no token") }
        do throws(AccessToken.Flaw) {
            let longest = now.addingTimeInterval(AccessToken.longestLife)
            return try AccessToken(received: secret, until: expiresAt.map { min($0, longest) }, now: now)
        } catch {
            switch error {
            case .foreignCharacter:
                throw notUnderstood(title, "its token holds blanks, line breaks or other signs that no token has")
            case .endUnknown: throw notUnderstood(title, "it does not say until when the token is good")
            case .ended(let end):
                throw .failed(
                    Diagnosis(
                        "\(title) printed a token that has ended already, at \(end.ISO8601Format())",
                        remedy: "Compare this machine's clock and time zone with the real ones.", kind: .temporary))
            }
        }
    }

    /// The error for an output that is not what it should be; the reason never quotes it.
    package static func notUnderstood(_ title: String, _ reason: String) -> CredentialError {
        .failed(
            Diagnosis(
                "the output of \(title) cannot be understood: \(reason)",
                remedy: "Bring \(title) up to date, and see that nothing else of that name is on the PATH.",
                kind: .misconfigured))
    }
}

extension RandomAccessCollection {
    fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, predicate(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
