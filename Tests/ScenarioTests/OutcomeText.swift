import FoundationEssentials
import TokenCredentials

/// An outcome in the words in which `expected.txt` has it.
struct OutcomeText {
    /// One line for each thing there is to say.
    let lines: [String]

    /// A token is named by its line in `secrets.txt`, since it must stand nowhere else.
    init(_ outcome: Result<AccessToken, CredentialError>, secrets: [String], waits: Int) {
        var lines: [String]
        switch outcome {
        case .success(let token):
            let line = secrets.firstIndex(of: token.secret).map { "line \($0 + 1) of secrets.txt" }
            lines = ["token", "secret: \(line ?? "none that secrets.txt names")"]
            lines.append("expires: \(token.expiresAt.ISO8601Format())")
            if let date = token.refreshAt { lines.append("refresh: \(date.ISO8601Format())") }
            if let user = token.user { lines.append("user: \(user)") }
        case .failure(.unavailable(let diagnosis)): lines = ["unavailable"] + Self.lines(of: diagnosis)
        case .failure(.failed(let diagnosis)): lines = ["failed"] + Self.lines(of: diagnosis)
        case .failure(.cancelled): lines = ["cancelled"]
        }
        if waits > 0 { lines.append("waits: \(waits)") }
        self.lines = lines
    }

    private static func lines(of diagnosis: Diagnosis) -> [String] {
        var lines = ["problem: \(diagnosis.problem)"]
        if let remedy = diagnosis.remedy { lines.append("remedy: \(remedy)") }
        if let kind = diagnosis.kind { lines.append("kind: \(kind)") }
        if let wait = diagnosis.retryAfter { lines.append("retry after: \(wait.inSeconds) s") }
        return lines + diagnosis.facts.map { "fact: \($0.name): \($0.value)" }
    }
}
