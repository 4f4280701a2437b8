package import TokenCredentials

/// What one complaint of a tool means: a row of the tool's table.
///
/// In `problem` and `remedy`, `{login}` stands for the command that signs in for the request at hand.
package struct ToolFault: Sendable {
    /// Whether the complaint says that nobody is there to ask, or that asking did not work.
    package enum Verdict: Sendable {
        /// The tool is absent, or nobody is signed in to it.
        case unavailable
        /// The tool was asked and could not deliver.
        case failed
    }

    /// The texts by which the complaint is known, in lower case; one is enough.
    package let signs: [String]
    /// The exit status by which it is known, whatever was written.
    package let status: Int32?
    /// Which class of error it is.
    package let verdict: Verdict
    private let kind: Diagnosis.Kind?
    private let problem: String
    private let remedy: String
    private let retryAfter: Duration?

    /// Writes a row.
    package init(
        _ signs: [String], status: Int32? = nil, _ verdict: Verdict, _ kind: Diagnosis.Kind?, _ problem: String,
        remedy: String, retryAfter: Duration? = nil
    ) {
        self.signs = signs.map { $0.lowercased() }
        self.status = status
        self.verdict = verdict
        self.kind = kind
        self.problem = problem
        self.remedy = remedy
        self.retryAfter = retryAfter
    }

    /// Whether the row speaks of this complaint, given in lower case.
    package func matches(_ complaint: String, _ ending: CommandOutput.Ending) -> Bool {
        if let status, ending == .exited(status) { return true }
        return signs.contains { sign in
            // A code must not be taken for a longer one that begins alike.
            let isCode = sign.last?.isNumber == true
            return complaint.ranges(of: sign).contains { range in
                !isCode || range.upperBound == complaint.endIndex || !complaint[range.upperBound].isNumber
            }
        }
    }

    /// The error for the user, with the codes by which support finds the attempt, and none of the tool's own words.
    package func error(login: String, complaint: String, ending: CommandOutput.Ending) -> CredentialError {
        let diagnosis = Diagnosis(
            problem.replacing("{login}", with: login), remedy: remedy.replacing("{login}", with: login), kind: kind,
            retryAfter: retryAfter, facts: [Diagnosis.Fact("ended with", "\(ending)")] + Self.codes(in: complaint))
        return verdict == .unavailable ? .unavailable(diagnosis) : .failed(diagnosis)
    }

    /// Entra's error number and its ids of the attempt, as far as the text, in lower case, holds them.
    private static func codes(in complaint: String) -> [Diagnosis.Fact] {
        var facts: [Diagnosis.Fact] = []
        if let start = complaint.firstRange(of: "aadsts") {
            let digits = complaint[start.upperBound...].prefix { $0.isASCII && $0.isNumber }.prefix(9)
            if !digits.isEmpty { facts.append(Diagnosis.Fact("Entra code", "AADSTS\(digits)")) }
        }
        for (name, mark) in [("correlation id", "correlation id: "), ("trace id", "trace id: ")] {
            guard let start = complaint.firstRange(of: mark) else { continue }
            let id = complaint[start.upperBound...].prefix { $0.isHexDigit || $0 == "-" }
            if id.utf8.count == 36 { facts.append(Diagnosis.Fact(name, String(id))) }
        }
        return facts
    }
}

extension [ToolFault] {
    /// The error for a complaint: that of the first row that speaks of it, else that of `other`.
    package func error(
        for complaint: String, _ ending: CommandOutput.Ending, login: String, other: ToolFault
    ) -> CredentialError {
        let complaint = complaint.lowercased()
        let row = first { $0.matches(complaint, ending) } ?? other
        return row.error(login: login, complaint: complaint, ending: ending)
    }
}
