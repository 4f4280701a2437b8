public import DeviceCodeCredentials

/// What a person is shown who has to sign in.
@nonexhaustive
public enum SignInPrompt: Hashable, Sendable {
    /// A code to type on a page, on any screen.
    case deviceCode(DeviceCodePrompt)
    /// An address to open in a browser of this machine, where none could be opened for the person.
    case browser(address: String)

    /// One sentence that says what to do, fit for a terminal.
    public var message: String {
        switch self {
        case .deviceCode(let prompt): prompt.message
        case .browser(let address): "To sign in, open \(address) in a browser of this machine."
        }
    }
}
