import KnownFailures

extension CheckFinding {
    /// The finding as doctor says it: who has just run it needs no advice to run it.
    func withoutAdviceToAskDoctor(user: String?) -> CheckFinding {
        let remedy: FailureTemplate
        switch code {
        case "R01":
            remedy = """
                If nothing above says why, the role is missing or is none of Entra's: as an Entra administrator, in \
                database postgres, passgres role create {user}.
                """
        case "N12": remedy = "Try again, and check that the port is a PostgreSQL server's."
        default: return self
        }
        var finding = self
        finding.remedy = remedy.filled(user.map { [.user: $0] } ?? [:])
        return finding
    }
}
