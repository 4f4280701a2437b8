import KnownFailures
import TokenCredentials

/// What one check found.
struct CheckFinding: Sendable {
    enum Outcome: String, Sendable {
        case ok, warn, fail, skip
    }

    /// What only the server's answer to a login can settle.
    enum Doubt: Sendable {
        /// The user is the one the token is for, and spelled otherwise.
        case spelling
        /// The user is somebody else's, or the role's owner is.
        case principal
        /// The token is not one that the server takes.
        case token
    }

    var check: CheckName
    var outcome: Outcome
    /// The code of the failure, if this is one that is known.
    var code: String?
    /// One sentence without a full stop, on one line.
    var text: String
    var remedy: String?
    /// How far down among the failures it belongs; what is found sooner on the way to a login stands higher.
    var rank: Int
    /// What is in doubt until the server has been asked; `nil` for a fact.
    var doubt: Doubt?
    var milliseconds: Int64 = 0

    /// The same finding, to be settled by the login.
    func doubting(_ doubt: Doubt?) -> CheckFinding {
        var finding = self
        finding.doubt = doubt
        return finding
    }

    static func ok(_ check: CheckName, _ text: String) -> CheckFinding {
        CheckFinding(check: check, outcome: .ok, text: text.onOneLine, rank: rank(of: check))
    }

    static func skip(_ check: CheckName, _ text: String) -> CheckFinding {
        CheckFinding(check: check, outcome: .skip, text: text.onOneLine, rank: rank(of: check))
    }

    static func warn(
        _ check: CheckName, _ code: String?, _ text: String, _ values: [Placeholder: String] = [:],
        remedy: String? = nil
    ) -> CheckFinding {
        finding(.warn, check, code, text, values, remedy)
    }

    static func fail(
        _ check: CheckName, _ code: String?, _ text: String, _ values: [Placeholder: String] = [:],
        remedy: String? = nil
    ) -> CheckFinding {
        finding(.fail, check, code, text, values, remedy)
    }

    private static func finding(
        _ outcome: Outcome, _ check: CheckName, _ code: String?, _ text: String, _ values: [Placeholder: String],
        _ remedy: String?
    ) -> CheckFinding {
        CheckFinding(
            check: check, outcome: outcome, code: code, text: text.onOneLine,
            remedy: (remedy ?? code.flatMap(FailureTable.failure)?.remedy.filled(values))?.onOneLine,
            rank: rank(of: check))
    }

    /// The rank of a cause that the server named itself.
    static let rankOfServersWord = 35

    /// Whether the server named the cause itself.
    var isServersWord: Bool { rank == Self.rankOfServersWord }

    /// The order in which the checks find the cause soonest.
    private static func rank(of check: CheckName) -> Int {
        let order: [CheckName] = [
            .connection, .serviceFile, .name, .reach, .tls, .clock, .environment, .passwordFile, .credential, .role,
            .token,
            .length, .libpq, .login,
        ]
        return 10 * (order.firstIndex(of: check) ?? order.count)
    }
}

extension [CheckFinding] {
    /// The failures, the likeliest cause first, then the warnings, then the rest.
    var inOrderOfConcern: [CheckFinding] {
        let outcomes: [CheckFinding.Outcome] = [.fail, .warn, .ok, .skip]
        return enumerated().sorted { left, right in
            let key = { (item: (offset: Int, element: CheckFinding)) in
                (
                    Swift.min(outcomes.firstIndex(of: item.element.outcome) ?? 0, 2), item.element.rank, item.offset
                )
            }
            return key(left) < key(right)
        }.map(\.element)
    }
}
