import EntraTokenEndpoint
import TokenCredentials

extension IdentityEndpoint {
    /// The error for a number of Entra's that the host passes on, with that number's own meaning: `nil` without one.
    ///
    /// The host applies, and Entra said no: nobody else is asked in its place.
    func error(passedOnIn refusal: IdentityRefusal, to question: IdentityQuestion) -> CredentialError? {
        guard let number = refusal.entraNumber else { return nil }
        let facts = refusal.facts + [addressFact]
        guard let row = EntraErrorCode(number) else {
            return .failed(
                Diagnosis(
                    "Entra refused \(question.identity) (AADSTS\(number)), as \(title) passes on",
                    remedy: "See https://login.microsoftonline.com/error?code=\(number).", kind: .refused, facts: facts)
            )
        }
        let isTemporary = row.kind == .temporary
        return .failed(
            Diagnosis(
                "\(Self.filled(row.problem, question)) (AADSTS\(number), passed on by \(title))",
                remedy: Self.filled(row.remedy, question), kind: isTemporary ? .temporary : .refused,
                retryAfter: isTemporary ? refusal.wait ?? .seconds(30) : nil, facts: facts))
    }

    /// A sentence of the table with its places filled in: of an identity's own application and tenant the host tells
    /// nothing.
    private static func filled(_ text: String, _ question: IdentityQuestion) -> String {
        text.replacing("no tenant {tenant}", with: "no such tenant")
            .replacing("the tenant {tenant}", with: "the identity's tenant")
            .replacing("tenant {tenant}", with: "the identity's tenant")
            .replacing("application {client}", with: "the application of \(question.identity)")
            .replacing("{tenant}", with: "the identity's tenant")
            .replacing("{client}", with: "the application of \(question.identity)")
            .replacing("{authority}", with: "the cloud's authority")
            .replacing("{proof}", with: "the identity")
            .replacing("{scope}", with: question.request.scopes.joined(separator: " "))
    }
}
