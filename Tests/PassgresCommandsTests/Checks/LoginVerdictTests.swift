import KnownFailures
import Testing

@testable import PassgresCommands

@Suite struct `The answer to a login` {
    private static let accepted = CheckFinding.ok(.login, "logged in")
    private static let unchecked = CheckFinding.warn(.login, "L20", "let in without a password")

    private static func refused(_ code: String, namesCause: Bool = false) -> CheckFinding {
        var finding = CheckFinding.fail(.login, code, "the server says no")
        if namesCause { finding.rank = CheckFinding.rankOfServersWord }
        return finding
    }

    private static let spelling = CheckFinding.warn(.token, "R03", "spelled so").doubting(.spelling)
    private static let principal = CheckFinding.warn(.token, "T08", "a group's").doubting(.principal)
    private static let audience = CheckFinding.fail(.token, "T03", "for something else").doubting(.token)
    private static let password = CheckFinding.warn(.token, "T05", "no token in PGPASSWORD")
    private static let role = CheckFinding.fail(.role, "T09", "mapped to another")

    private static let all = [spelling, principal, audience, password, role]

    /// The answer, and what is left of each of the findings above.
    static let cases: [(CheckFinding, String)] = [
        (accepted, "ok - ok - ok - fail T05 ok -"), (unchecked, "ok - ok - fail T03 warn T05 ok -"),
        (refused("R01"), "fail R03 fail T08 fail T03 warn T05 fail T09"),
        (refused("R02", namesCause: true), "fail R03 warn T08 fail T03 warn T05 fail T09"),
        (refused("X02"), "fail R03 warn T08 fail T03 warn T05 fail T09"),
        (refused("T08", namesCause: true), "fail T03 warn T05 fail T09"),
        (refused("N18"), "warn R03 warn T08 fail T03 warn T05 fail T09"),
        (.skip(.login, "not tried"), "warn R03 warn T08 fail T03 warn T05 fail T09"),
    ]

    @Test(arguments: cases)
    func `settles what was in doubt`(_ login: CheckFinding, _ left: String) {
        let findings = LoginVerdict([login]).applied(to: Self.all)
        #expect(findings.map { "\($0.outcome.rawValue) \($0.code ?? "-")" }.joined(separator: " ") == left)
        #expect(findings.allSatisfy { $0.outcome != .ok || $0.remedy == nil })
    }

    @Test func `puts a name spelled wrongly before a role that is not there`() {
        let login = Self.refused("R02", namesCause: true)
        let findings = LoginVerdict([login]).applied(to: [Self.principal, Self.spelling]) + [login]
        #expect(findings.inOrderOfConcern.map(\.code) == ["R03", "R02", "T08"])
    }
}
