import KnownFailures
import TokenCredentials

extension CheckFinding {
    /// The finding as doctor says it: who has just run it needs no advice to run it.
    func withoutAdviceToAskDoctor(user: String?) -> CheckFinding {
        guard self.remedy?.contains("passgres doctor") == true else { return self }
        let remedy: FailureTemplate
        switch code {
        case "R01":
            remedy = """
                If no other line says why, the role is missing or is none of Entra's: as an Entra administrator, in \
                database postgres, passgres role create {user}.
                """
        case "T05":
            remedy = """
                Check that a token is sent. If one is, let the server's network reach the service tag \
                AzureActiveDirectory.
                """
        case "N01": remedy = "Allow this address in the server's firewall, or connect from its virtual network."
        case "N02":
            remedy = "Look at who issued the certificate; let the server's port pass without inspection."
        case "N12": remedy = "Try again, and check that the port is a PostgreSQL server's."
        default: return self
        }
        var finding = self
        finding.remedy = remedy.filled(user.map { [.user: $0] } ?? [:]).onOneLine
        return finding
    }
}
