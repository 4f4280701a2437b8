import CredentialHTTP
import TokenCredentials

/// Azure Cloud Shell, where the identity is always the person signed in.
struct CloudShellEndpoint: IdentityEndpoint {
    let title = "the Cloud Shell identity endpoint"
    let address: EndpointAddress

    init(_ address: String) throws(CredentialError) {
        self.address = try EndpointAddress(address, from: "MSI_ENDPOINT")
    }

    func request(for question: IdentityQuestion) throws(CredentialError) -> HTTPRequest {
        // An id that may be meant for another credential is left out: here there is one identity only. Any other is
        // refused, so that nobody is somebody else unnoticed.
        if question.isAskedFor, question.identity != .systemAssigned { throw question.refusal(by: title) }
        var request = HTTPRequest.form(
            address.description, [("resource", try question.resource())], headers: [("Metadata", "true")])
        request.proxy = .never
        return request
    }

    func remedy(for question: IdentityQuestion) -> String {
        "Run az login in the Cloud Shell, and use the azure-cli credential there."
    }
}
