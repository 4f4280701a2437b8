/// What the browser brought back from the sign-in page.
enum AuthorizationReply: Hashable, Sendable {
    /// A code, good once and only with the verifier.
    case code(String)
    /// A word that says why there is none, and perhaps a description with a number in it.
    case refusal(String, description: String?)

    /// Takes the reply out of a request, or says which page to answer with instead.
    ///
    /// A request without the state, or with another, is somebody else's: it changes nothing.
    static func read(_ request: LoopbackRequest, state: String) -> Result<AuthorizationReply, LoopbackPage> {
        guard let given = request["state"], isSame(given, state) else { return .failure(.foreign) }
        if let word = request["error"] {
            return .success(.refusal(word, description: request["error_description"]))
        }
        guard let code = request["code"], !code.isEmpty, code.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return .failure(.malformed)
        }
        return .success(.code(code))
    }

    /// Compares without telling by the time it takes how much was right.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension AuthorizationReply: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String {
        switch self {
        case .code: "authorization code"
        case .refusal: "refusal"
        }
    }

    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["reply": description]) }
}
