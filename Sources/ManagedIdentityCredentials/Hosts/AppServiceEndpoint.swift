import CredentialHTTP
import TokenCredentials

/// App Service, Functions, Container Apps and Automation.
struct AppServiceEndpoint: IdentityEndpoint {
    let title = "the App Service identity endpoint"
    let address: EndpointAddress
    private let secret: HeaderSecret

    init(_ variables: IdentityHost.Variables) throws(CredentialError) {
        address = try EndpointAddress(variables.endpoint, from: "IDENTITY_ENDPOINT")
        secret = try HeaderSecret(variables.secret, from: "IDENTITY_HEADER")
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        // The resource id is mi_res_id here and msi_res_id on IMDS; each ignores the other's name.
        let names = IdentityQuestion.IDNames(client: "client_id", object: "object_id", resource: "mi_res_id")
        let query = try question.query(version: "2019-08-01", ids: names, host: title)
        return HTTPRequest(
            .get, address.description + query, headers: [("X-IDENTITY-HEADER", secret.value)], proxy: .never)
    }

    func remedy(for question: IdentityQuestion) -> String {
        question.identity == .systemAssigned
            ? "Switch on the app's system-assigned identity, or name a user-assigned one with --identity."
            : question.assigning(to: "app")
    }
}
