import KnownFailures

/// What the server's answer to a login makes of the doubts that came before it.
enum LoginVerdict {
    /// The server took the token.
    case accepted
    /// The server let the user in without a look at the token.
    case unchecked
    /// The server refused, and does not say whether for the user or the token.
    case unexplained
    /// The server knows no such role, or none that logs in by token.
    case unknownRole
    /// The server said why it refused.
    case explained
    /// There was no answer.
    case none

    /// Reads what the login found.
    init(_ login: [CheckFinding]) {
        let fault = login.first { $0.outcome == .fail }
        self =
            switch fault?.code {
            case "R01"?: .unexplained
            case "R02"?, "X02"?, "X03"?, "X04"?: .unknownRole
            case _? where fault?.isServersWord == true: .explained
            case nil where login.contains { $0.outcome == .ok }: .accepted
            case nil where login.contains { $0.code == "L20" }: .unchecked
            default: .none
            }
    }

    /// The findings as they are after the answer.
    func applied(to findings: [CheckFinding]) -> [CheckFinding] {
        findings.compactMap { finding in
            switch (self, finding.doubt) {
            // What an administrator sees may be of another server than the one that let the user in.
            case (.accepted, _) where finding.check == .role, (.unchecked, _) where finding.check == .role:
                finding.refuted
            case (.accepted, _?), (.unchecked, .spelling?), (.unchecked, .principal?): finding.refuted
            // A pooler that takes no token of this length says so, or hangs up.
            case (.unexplained, _?) where finding.check != .length: finding.confirmed(rank: finding.rank)
            // That the name is another's spelled wrongly says more than that the server does not know it.
            case (.unknownRole, .spelling?): finding.confirmed(rank: CheckFinding.rankOfServersWord - 1)
            case (.explained, .spelling?), (.explained, .principal?):
                finding.check == .token && finding.outcome == .warn ? nil : finding
            // Where a token is taken, the ordinary password that libpq would send is not.
            case (.accepted, nil) where finding.check == .token && finding.code == "T05":
                finding.confirmed(rank: finding.rank)
            default: finding
            }
        }
    }
}

extension CheckFinding {
    /// The finding of a token that is not the one to log in with: no login settles what is in doubt of its owner.
    func besides(_ place: String) -> CheckFinding {
        var finding = doubting(nil)
        guard doubt == .spelling || doubt == .principal else { return finding }
        finding.outcome = .skip
        finding.code = nil
        finding.remedy = nil
        finding.text += "; libpq sends the password of \(place)"
        return finding
    }

    /// The doubt as a cause.
    fileprivate func confirmed(rank: Int) -> CheckFinding {
        guard outcome == .warn else { return self }
        var finding = self
        finding.outcome = .fail
        finding.rank = rank
        return finding
    }

    /// What was seen, without the doubt and what was to be done about it.
    fileprivate var refuted: CheckFinding {
        guard outcome == .warn || outcome == .fail else { return self }
        var finding = self
        finding.outcome = .ok
        finding.code = nil
        finding.remedy = nil
        finding.text += "; the server lets it in"
        return finding
    }
}
