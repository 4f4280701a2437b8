extension Scaffold {
    static func credential(_ name: CredentialName) -> String {
        """
        public import TokenCredentials

        /// The token in the file that `\(name.variableStem)_TOKEN_FILE` names: to be replaced by what this credential is for.
        ///
        /// The file holds the time the token ends, in seconds since 1970, on its first line and the token on its second.
        public struct \(name.type): ConfiguredCredential {
            /// The name by which reports and the registry know it.
            public let name = "\(name.text)"
            private let environment: ProcessEnvironment
            private let files: any FileAccess
            private let clock: any WallClock

            /// Looks at nothing: all looking happens when a token is asked for.
            public init(
                environment: ProcessEnvironment = .current, files: any FileAccess = LocalFiles(),
                clock: any WallClock = SystemClock()
            ) {
                self.environment = environment
                self.files = files
                self.clock = clock
            }

            /// Whether this is set up here; asks nobody.
            public var configuration: CredentialConfiguration {
                environment[Self.variable] == nil
                    ? .notConfigured("\\(Self.variable) is not set") : .configured(by: Self.variable)
            }

            /// Reads the token.
            ///
            /// Throws `unavailable` where this does not apply, and a chain asks the next credential; `failed` where it applies and
            /// does not work, and the chain stops.
            public func token(for request: TokenRequest) async throws(CredentialError) -> AccessToken {
                guard let path = environment[Self.variable] else {
                    throw .unavailable(
                        Diagnosis("\\(Self.variable) is not set", remedy: "Set it to the path of a file with a token."))
                }
                let text = try await attempting("reading the token file \\(path)") {
                    try files.contents(ofFile: path, limit: 65_536).map { String(decoding: $0, as: UTF8.self) }
                }
                let lines = (text ?? "").split(separator: "\\n")
                guard lines.count == 2, let seconds = Double(lines[0]) else {
                    throw .failed(
                        Diagnosis(
                            "the token file \\(path) does not hold a time and a token",
                            remedy: "Write both, a line each.", kind: .misconfigured))
                }
                let token = AccessToken(secret: String(lines[1]), expiresAt: .init(timeIntervalSince1970: seconds))
                guard token.expiresAt > clock.now else {
                    throw .failed(
                        Diagnosis(
                            "the token in \\(path) has ended", remedy: "Renew the file.", kind: .temporary,
                            retryAfter: .seconds(5)))
                }
                return token
            }

            private static let variable = "\(name.variableStem)_TOKEN_FILE"
        }

        """
    }

    static func registration(_ name: CredentialName) -> String {
        """
        public import TokenCredentials

        extension CredentialRegistry {
            /// Lets `PASSGRES_CREDENTIALS` choose `\(name.text)`.
            public mutating func register\(name.typeStem)() {
                register("\(name.text)") { environment in \(name.type)(environment: environment) }
            }
        }

        """
    }

    static func tests(_ name: CredentialName) -> String {
        let variable = name.variableStem + "_TOKEN_FILE"
        return """
            import CredentialTesting
            import Testing
            import TokenCredentials
            import \(name.module)

            @Suite struct `The credential \(name.text)` {
                let clock = ManualClock()
                let request = TokenRequest("https://db.example/.default")

                func credential(_ environment: ProcessEnvironment, _ files: [String: String] = [:]) -> \(name.type) {
                    \(name.type)(environment: environment, files: MemoryFiles(files), clock: clock)
                }

                @Test func `does not apply where nothing is set`() async {
                    await #expect { try await credential([:]).token(for: request) } throws: {
                        if case CredentialError.unavailable = $0 { true } else { false }
                    }
                    #expect(credential([:]).configuration == .notConfigured("\(variable) is not set"))
                }

                @Test(arguments: ["", "s3cr3t", "soon\\ns3cr3t", "0\\ns3cr3t"])
                func `fails where the file is of no use, and does not quote it`(_ text: String) async {
                    await #expect {
                        try await credential(["\(variable)": "/token"], ["/token": text]).token(for: request)
                    } throws: {
                        guard case CredentialError.failed(let diagnosis) = $0 else { return false }
                        return !"\\(diagnosis)".contains("s3cr3t")
                    }
                }

                @Test func `gives the token, once it is registered and chosen`() async throws {
                    let end = clock.now.addingTimeInterval(900)
                    let found = credential(
                        ["\(variable)": "/token"], ["/token": "\\(end.timeIntervalSince1970)\\nt0k3n\\n"])
                    let token = try await found.token(for: request)
                    #expect(token.secret == "t0k3n" && token.expiresAt == end)

                    var registry = CredentialRegistry()
                    registry.register\(name.typeStem)()
                    let chain = try registry.chain("\(name.text)", environment: [:])
                    #expect(chain.credentials.map(\\.name) == ["\(name.text)"])
                }
            }

            """
    }

    static func readme(_ name: CredentialName) -> String {
        """
        # \(name.module)

        A credential for [Passgres](https://github.com/passgres/passgres), chosen by `PASSGRES_CREDENTIALS=\(name.text)`.

        ```swift
        import EntraCredentials
        import \(name.module)

        var registry = CredentialRegistry.standard
        registry.register\(name.typeStem)()
        let credential = try DefaultCredential(registry: registry)
        ```

        `swift test` tests it. What is to be replaced is the body of `token(for:)` in `\(name.type).swift`, and its tests.

        """
    }
}
