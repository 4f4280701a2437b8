import FoundationEssentials
import TokenCredentials

/// What is said to a credential program, and what its answer means: version 1 of the protocol.
struct CredentialProgram {
    /// The exit status by which a program says that it does not apply here.
    static let doesNotApply: Int32 = 69
    /// No longer password fits into a message that PostgreSQL reads.
    private static let longestToken = 65_535

    let path: String
    let now: Date

    /// The request as one JSON document; what is not asked for is `null`.
    static func question(_ request: TokenRequest) -> String {
        let document = JSONValue.object([
            "version": .number(1), "scopes": .array(request.scopes.map(JSONValue.string)),
            "tenant": request.tenant.map(JSONValue.string) ?? .null,
            "claims": request.claims.map(JSONValue.string) ?? .null,
        ])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(document)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// Reads the answer.
    ///
    /// Throws what it says, or ``CredentialError/failed(_:)`` for one that breaks the protocol.
    func token(in output: CommandOutput) throws(CredentialError) -> AccessToken {
        let answer = try? JSONDecoder().decode(JSONValue.self, from: Data(output.output))
        switch output.ending {
        case .signalled(let signal):
            throw failed("was ended by signal \(signal)", kind: .temporary)
        case .exited(0):
            return try token(of: try document(in: output.output, answer))
        case .exited(Self.doesNotApply):
            guard Self.secret(in: answer) == nil else {
                throw failed(
                    "says by exit status \(Self.doesNotApply) that it does not apply here, and yet printed a token")
            }
            throw .unavailable(
                diagnosis(answer) ?? Diagnosis("the credential program \(path) says that it does not apply here"))
        case .exited(let status):
            // The exit statuses of this package's own tool, which take theirs from sysexits.h.
            let kind: Diagnosis.Kind =
                switch status {
                case 75: .temporary
                case 78, 126, 127: .misconfigured
                default: .refused
                }
            var diagnosis =
                diagnosis(answer)
                ?? Diagnosis(
                    "the credential program \(path) ended with status \(status) and did not say why",
                    remedy: "Read what it wrote to standard error.")
            diagnosis.kind = kind
            diagnosis.facts.append(Diagnosis.Fact("exit status", "\(status)"))
            throw .failed(diagnosis)
        }
    }

    /// The one document of an answer, or which rule it breaks.
    private func document(in bytes: [UInt8], _ answer: JSONValue?) throws(CredentialError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw failed("printed bytes that are no text") }
        if let answer {
            guard case .object = answer else { throw failed("printed a JSON document that is no object") }
            return answer
        }
        guard bytes.contains(where: { !Self.isBlank($0) }) else { throw failed("printed nothing") }
        if let end = Self.endOfFirstObject(in: bytes),
            (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes[..<end]))) != nil
        {
            throw failed("printed something after its JSON document")
        }
        throw failed("printed something that is no JSON document")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Where the object that the text begins with ends; `nil` if it begins with none or has no end.
    private static func endOfFirstObject(in bytes: [UInt8]) -> Int? {
        guard bytes.first(where: { !isBlank($0) }) == UInt8(ascii: "{") else { return nil }
        var depth = 0
        var isInText = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInText: isEscaped = true
            case UInt8(ascii: "\""): isInText.toggle()
            case UInt8(ascii: "{") where !isInText: depth += 1
            case UInt8(ascii: "}") where !isInText:
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    private func token(of document: JSONValue) throws(CredentialError) -> AccessToken {
        let answer: ProgramAnswer
        do throws(ProgramAnswer.Fault) {
            answer = try ProgramAnswer(document)
        } catch {
            throw failed(error.text)
        }
        guard let secret = answer.token else { throw failed("printed no token") }
        guard secret.utf8.count <= Self.longestToken else {
            throw failed("printed a token of more than \(Self.longestToken) bytes, which no server takes")
        }
        // Opaque otherwise: what a place cannot hold, such as a line break, is for that place to refuse.
        guard !secret.isEmpty, !secret.utf8.contains(0) else {
            throw failed("printed a token that is empty or holds a zero byte, which no password does")
        }
        guard let expiresAt = time(answer.expiry).flatMap({ AccessToken.end(of: secret, stated: $0) }) else {
            throw failed("does not say until when its token is good, in RFC 3339 or in seconds since 1970")
        }
        guard !AccessToken.hasEnded(at: expiresAt, now: now) else {
            throw failed("printed a token that has ended already, at \(expiresAt.ISO8601Format())", kind: .temporary)
        }
        guard expiresAt <= now.addingTimeInterval(366 * 86_400) else {
            throw failed("printed a token that is good for more than a year, which no token of this kind is")
        }
        var refreshAt: Date?
        if let value = answer.refresh, value != .null {
            refreshAt = time(value)
            guard refreshAt != nil else { throw failed("printed a refreshOn that is no time") }
        }
        guard answer.user?.unicodeScalars.contains(where: \.isControl) != true else {
            throw failed("printed a user name with control characters")
        }
        return AccessToken(
            secret: secret, expiresAt: expiresAt,
            refreshAt: AccessToken.renewal(from: refreshAt, before: expiresAt, now: now), user: answer.user)
    }

    private func time(_ value: JSONValue?) -> Date? {
        if let seconds = value?.integer {
            // The years that a date can be written in; beyond them no message could say which it is.
            return abs(Double(seconds)) < 253_402_300_800 ? Date(timeIntervalSince1970: Double(seconds)) : nil
        }
        return value?.text.flatMap(ZonedTime.instant)
    }

    /// The token of an answer in whichever form, where there should be none.
    private static func secret(in answer: JSONValue?) -> String? {
        answer?["token"]?.text ?? answer?["status"]?["token"]?.text ?? answer?["SessionToken"]?.text
    }

    /// What the program says of its trouble, unless it quotes a token.
    private func diagnosis(_ answer: JSONValue?) -> Diagnosis? {
        guard let problem = answer?["problem"]?.text else { return nil }
        let remedy = answer?["remedy"]?.text
        if let secret = Self.secret(in: answer), problem.contains(secret) || remedy?.contains(secret) == true {
            return nil
        }
        return Diagnosis(foreign(problem), remedy: remedy.map { foreign($0) })
    }

    private func failed(_ trouble: String, kind: Diagnosis.Kind = .misconfigured) -> CredentialError {
        .failed(
            Diagnosis(
                "the credential program \(path) \(trouble)", remedy: "Correct the program, or ask whoever provides it.",
                kind: kind))
    }
}
