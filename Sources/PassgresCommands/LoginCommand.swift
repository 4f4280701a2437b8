import ArgumentParser
import DeviceCodeCredentials
import EntraSignIn
import FoundationEssentials
import InteractiveBrowserCredentials
import SecretStoreCredentials
import SharedTokenCache
import TokenCredentials

/// `passgres login`: a person signs in once, for every later command.
struct LoginCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Sign in, and keep the sign-in for every later command.",
        discussion: """
            Opens a browser where there is a display, and shows a code to enter on another device where there is none. \
            --timeout is 900 seconds unless said otherwise. The application is that of the Azure CLI unless --client-id \
            names another: AZURE_CLIENT_ID is not looked at, since it names who asks without a person.
            """)

    @Flag(help: "Show a code to enter on another device.")
    var deviceCode = false

    @Flag(help: "Use the browser of this machine.")
    var browser = false

    @OptionGroup var place: KeepingOption
    @OptionGroup var options: CredentialOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if deviceCode, browser { throw ValidationError("--device-code and --browser are two ways: choose one.") }
    }

    func perform() async throws {
        let seconds = common.timeout ?? 900
        let environment = options.environment(for: [])
        let notice = WaitNotice(quiet: common.quiet)
        let request = try options.request(for: [], in: environment)
        let authority = try environment["AZURE_AUTHORITY_HOST"].map(Authority.init) ?? AzureCloud.public.authority
        let tenant = environment["AZURE_TENANT_ID"] ?? "organizations"
        let (choice, token, words) = try await within(seconds: seconds) {
            let choice = try await place.choice(environment, notice, for: "a sign-in", seconds: seconds)
            let token = try await signIn(
                for: request, at: authority, tenant: tenant, keepingIn: choice, within: seconds, environment, notice)
            // Whoever signed in before has no business in the tokens that later commands share.
            var warnings: [String] = []
            do throws(SecretStoreError) {
                try await SharedToken.forgetAll(in: choice.store)
            } catch {
                warnings.append("warning: older tokens may be left in \(choice.place): \(error.finding)")
            }
            _ = try? await SharedTokenDirectory.standard(environment: environment).forget()
            // Whoever signed in there before is somebody else now.
            let words = try await KeepingOption.forgettingElsewhere(choice, "sign-in", environment) {
                store throws(SecretStoreError) in try await Self.forgetSignIn(in: store)
            }
            return (choice, token, warnings + words)
        }
        let name = token.claims?["upn"] ?? token.claims?["preferred_username"] ?? token.claims?["unique_name"]
        common.note("signed in\(name.map { " as \($0.printable)" } ?? ""); kept in \(choice)")
        for line in words { common.note(line) }
    }

    private static func forgetSignIn(in store: any SecretListing) async throws(SecretStoreError) -> Bool {
        try await SharedToken.forgetAll(in: store)
        let key = SignIn.key(profile: "default")
        guard try await store.profiles(ofKind: key.kind).contains(key.profile) else { return false }
        try await store.set(nil, for: key)
        return true
    }

    private func signIn(
        for request: TokenRequest, at authority: Authority, tenant: String, keepingIn choice: SecretStoreChoice,
        within seconds: Double, _ environment: ProcessEnvironment, _ notice: WaitNotice
    ) async throws -> AccessToken {
        let lost = Guarded<Diagnosis?>(nil)
        let report: @Sendable (Diagnosis) -> Void = { diagnosis in lost.withLock { $0 = diagnosis } }
        let hasDisplay = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
        let token: AccessToken
        if browser || hasDisplay && !deviceCode {
            let credential = InteractiveBrowserCredential(
                clientID: options.clientId ?? InteractiveBrowserCredential.azureCLIClientID, tenant: tenant,
                authority: authority, keepingSignInIn: choice.store,
                // The command's own limit comes first.
                timeLimit: .seconds(seconds + 1), reporting: report,
                prompt: { Terminal.standardError.write("Open this address in a browser to sign in:\n\n  \($0)\n\n") })
            token = try await notice.during(waitingFor: "you in the browser") {
                try await credential.signIn(for: request)
            }
        } else {
            let countdown = Countdown(quiet: common.quiet)
            let asking = FirstWait(notice)
            let credential = DeviceCodeCredential(
                clientID: options.clientId ?? DeviceCodeCredential.azureCLIClientID, tenant: tenant,
                authority: authority, keepingSignInIn: choice.store, reporting: report
            ) { prompt in
                await asking.end()
                Terminal.standardError.write(exactly: invitation(prompt, environment))
                await countdown.start(until: prompt.expiresAt)
            }
            do {
                await asking.begin("waiting for \(authority.host)")
                token = try await WaitRecord.waiting(for: "you to sign in") {
                    try await credential.signIn(for: request)
                }
            } catch {
                await asking.end()
                await countdown.stop()
                throw error
            }
            await countdown.stop()
        }
        if let lost = lost.withLock({ $0 }) {
            guard lost.cause is SecretStoreError else { throw CommandFailure(.inputOutput, "signed in, but \(lost)") }
            let way = choice.kind == .file ? "" : ". To keep it in a file, add: --keep-in file"
            throw CommandFailure(.inputOutput, "signed in for nothing: \(lost.problem)\(way)")
        }
        return token
    }

    /// Where to go and what to enter there; with a code to point a camera at, where one can be seen.
    private func invitation(_ prompt: DeviceCodePrompt, _ environment: ProcessEnvironment) -> String {
        var text = "Open this address on any device:\n\n  \(prompt.verificationURI)\n\n"
        if !common.quiet,
            let drawing = QRCodeDrawing.of(
                prompt.completeVerificationURI ?? prompt.verificationURI, on: Terminal.standardError.size, environment)
        {
            text += drawing + "\n"
        }
        return text + "and enter the code:\n\n  \(prompt.userCode)\n\n"
    }
}
