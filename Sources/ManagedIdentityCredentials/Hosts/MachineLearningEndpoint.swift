import CredentialHTTP
import TokenCredentials

/// Azure Machine Learning, and App Service as it was before 2019: one protocol, known by `MSI_SECRET`.
struct MachineLearningEndpoint: IdentityEndpoint {
    let title = "the identity endpoint in MSI_ENDPOINT"
    let address: EndpointAddress
    private let secret: HeaderSecret
    private let defaultClient: String?

    init(_ variables: IdentityHost.Variables) throws(CredentialError) {
        address = try EndpointAddress(variables.endpoint, from: "MSI_ENDPOINT")
        secret = try HeaderSecret(variables.secret, from: "MSI_SECRET")
        defaultClient = variables.extra
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        let names = IdentityQuestion.IDNames(client: "clientid")
        // Azure Machine Learning knows a compute's own identity by the client id it leaves in a variable.
        let named = question.naming(defaultClient)
        let query = try named.query(version: "2017-09-01", ids: names, host: title)
        return HTTPRequest(.get, address.description + query, headers: [("secret", secret.value)], proxy: .never)
    }

    func remedy(for question: IdentityQuestion) -> String {
        question.identity == .systemAssigned
            ? "Switch on the host's system-assigned identity, or name a user-assigned one with --identity."
            : question.assigning(to: "host")
    }
}

extension IdentityQuestion {
    /// The same question, for the client id given where no identity is named.
    fileprivate func naming(_ client: String?) -> IdentityQuestion {
        guard identity == .systemAssigned, let client else { return self }
        return IdentityQuestion(request, as: NamedIdentity(.clientID(client), from: "DEFAULT_IDENTITY_CLIENT_ID"))
    }
}
