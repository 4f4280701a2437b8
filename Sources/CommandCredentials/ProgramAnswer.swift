import FoundationEssentials
import TokenCredentials

/// What a program answered, whichever of the known forms it used.
struct ProgramAnswer {
    /// The token, if there is one.
    var token: String?
    /// When it ends: a time or a text that is none.
    var expiry: JSONValue?
    /// When the program would rather be asked again.
    var refresh: JSONValue?
    /// The database user.
    var user: String?

    /// Reads version 1 of this package's own form, or one of the two forms that other tools print.
    ///
    /// Throws what is wrong, as the rest of a sentence that begins with the program.
    init(_ document: JSONValue) throws(Fault) {
        if document["kind"] == .string("ExecCredential") || document["apiVersion"] != nil {
            self = try KubernetesAnswer.read(document)
        } else if document["Version"] != nil {
            self = try AWSAnswer.read(document)
        } else {
            guard let version = document["version"] else {
                throw Fault("does not say which version of the protocol it answers in; version 1 is spoken here")
            }
            guard version.integer == 1 else {
                throw Fault("answers in another version of the protocol; version 1 is spoken here")
            }
            token = document["token"]?.text
            expiry = document["expiresOn"]
            refresh = document["refreshOn"]
            user = document["user"]?.text
        }
    }

    init(token: String?, expiry: JSONValue?) {
        self.token = token
        self.expiry = expiry
    }

    /// What is wrong with an answer. Quotes none of it.
    struct Fault: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}

/// The form of Kubernetes' client-go credential plugins (`client.authentication.k8s.io`).
enum KubernetesAnswer {
    private static let group = "client.authentication.k8s.io/"

    /// What such a program is told of its surroundings, in `KUBERNETES_EXEC_INFO`.
    static let request =
        #"{"apiVersion":"\#(group)v1","kind":"ExecCredential","spec":{"interactive":false}}"#

    static func read(_ document: JSONValue) throws(ProgramAnswer.Fault) -> ProgramAnswer {
        guard document["kind"] == .string("ExecCredential"),
            [.string(group + "v1"), .string(group + "v1beta1")].contains(document["apiVersion"])
        else { throw ProgramAnswer.Fault("printed a Kubernetes document that is no ExecCredential of v1 or v1beta1") }
        guard let status = document["status"], status != .null else {
            throw ProgramAnswer.Fault("printed an ExecCredential without a status")
        }
        guard let token = status["token"]?.text else {
            throw ProgramAnswer.Fault(
                status["clientCertificateData"] == nil
                    ? "printed an ExecCredential without a token"
                    : "printed an ExecCredential with a client certificate, which is no password")
        }
        var expiry = status["expirationTimestamp"]
        if expiry == nil || expiry == .null {
            // Optional in this form; a token that is a JSON Web Token says it itself.
            expiry = TokenClaims(token: token)?.values["exp"]
        }
        return ProgramAnswer(token: token, expiry: expiry)
    }
}

/// The form of AWS' `credential_process`: the session token is the token.
enum AWSAnswer {
    static func read(_ document: JSONValue) throws(ProgramAnswer.Fault) -> ProgramAnswer {
        guard document["Version"]?.integer == 1 else {
            throw ProgramAnswer.Fault("answers in another Version of credential_process; Version 1 is spoken here")
        }
        guard let token = document["SessionToken"]?.text else {
            throw ProgramAnswer.Fault(
                document["SecretAccessKey"] == nil
                    ? "printed no SessionToken"
                    : "printed an access key without a SessionToken; a key is no password")
        }
        return ProgramAnswer(token: token, expiry: document["Expiration"])
    }
}
