import CredentialHTTP
import CredentialTesting
import Testing
import TokenCredentials

@testable import ManagedIdentityCredentials

@Suite struct `The Azure Arc agent` {
    static let environment: ProcessEnvironment = [
        "IDENTITY_ENDPOINT": "http://127.0.0.1:40342/metadata/identity/oauth2/token",
        "IMDS_ENDPOINT": "http://127.0.0.1:40342",
    ]
    static let url =
        "http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version=2020-06-01&resource=\(World.escaped)"
    static let key = "key-7b1e-secret=="
    static let path = "/var/opt/azcmagent/tokens/7b1e.key"

    static func challenge(_ value: String?) -> HTTPResponse {
        .text("", status: 401, headers: value.map { [("WWW-Authenticate", $0)] } ?? [])
    }

    func outcome(
        _ identity: ManagedIdentity? = nil, challenge: HTTPResponse = challenge("Basic realm=\(path)"),
        reply: HTTPResponse = World.reply, keys: MemoryKeys = MemoryKeys(keys: ["7b1e.key": key]),
        environment: ProcessEnvironment = environment, files: MemoryFiles = MemoryFiles()
    ) async -> (outcome: Result<AccessToken, CredentialError>, requests: [HTTPRequest]) {
        let http = ScriptedTransport(.success(challenge), .success(reply))
        let credential = World.credential(identity, environment, http: http, files: files, keys: keys)
        return (await credential.outcome(), http.requests)
    }

    @Test(arguments: ["Basic realm=\(path)", "Basic realm=\"\(path)\"", "basic Realm=\(path)"])
    func `is asked twice, the second time with the file's contents`(_ challenge: String) async throws {
        let (outcome, requests) = await outcome(challenge: Self.challenge(challenge))
        #expect(outcome.word == "token")
        #expect(requests.map(\.url) == [Self.url, Self.url])
        #expect(requests.allSatisfy { $0.method == .get && $0.proxy == .never && $0.body == nil })
        #expect(requests.first?.headers.map(\.name) == ["Metadata"])
        let second = try #require(requests.last)
        #expect(second.headers.map(\.name) == ["Metadata", "Authorization"])
        #expect(second.header("Metadata") == "true")
        #expect(second.header("Authorization") == "Basic \(Self.key)")
    }

    @Test func `is asked at its own address where only its program tells of it`() async {
        let (outcome, requests) = await outcome(
            environment: [:], files: MemoryFiles(["/opt/azcmagent/bin/himds": "ELF"]))
        #expect(outcome.word == "token")
        #expect(requests.map(\.url) == [Self.url, Self.url])
    }

    static let challenges: [(String?, String)] = [
        (nil, "without a challenge"),
        ("Bearer realm=\(path)", "of another kind than Basic"),
        ("Basic", "of another kind than Basic"),
        ("Basic realm=", "outside /var/opt/azcmagent/tokens"),
        ("Basic realm=tokens/7b1e.key", "outside /var/opt/azcmagent/tokens"),
        ("Basic realm=/etc/shadow", "outside /var/opt/azcmagent/tokens"),
        ("Basic realm=/var/opt/azcmagent/tokens2/7b1e.key", "outside /var/opt/azcmagent/tokens"),
        ("Basic realm=\"\(path)", "outside /var/opt/azcmagent/tokens"),
        ("Basic realm=/var/opt/azcmagent/tokens/../7b1e.key", "not plain"),
        ("Basic realm=/var/opt/azcmagent/tokens/a/7b1e.key", "not plain"),
        ("Basic realm=/var/opt/azcmagent/tokens/..key", "not plain"),
        ("Basic realm=/var/opt/azcmagent/tokens/7b 1e.key", "not plain"),
        ("Basic realm=/var/opt/azcmagent/tokens/7b1e.pem", "does not end in .key"),
        ("Basic realm=/var/opt/azcmagent/tokens/.key", "does not end in .key"),
        ("Basic realm=/var/opt/azcmagent/tokens/\(String(repeating: "a", count: 252)).key", "does not end in .key"),
    ]

    @Test(arguments: challenges)
    func `gets no key that its challenge has no right to`(_ challenge: String?, _ expected: String) async {
        let (outcome, requests) = await outcome(challenge: Self.challenge(challenge))
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.problem.contains(expected) == true)
        #expect(requests.count == 1)
    }

    @Test(arguments: [
        (KeyFileError.denied, "may not be read by this account", "himds"),
        (.absent, "is not there", "again"), (.link, "is a symbolic link", "trust"),
        (.notARegularFile, "is not a regular file", "trust"), (.tooLarge, "is longer than 4096 bytes", "trust"),
        (.foreign, "belongs to neither root nor the agent", "trust"),
        (.system(errno: 5), "Input/output error", "himds"),
    ])
    func `fails with a hint where the key cannot be read`(_ error: KeyFileError, _ problem: String, _ remedy: String)
        async
    {
        let (outcome, requests) = await outcome(keys: MemoryKeys(otherwise: error))
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.problem.contains(problem) == true)
        #expect(outcome.diagnosis?.remedy?.contains(remedy) == true)
        #expect(requests.count == 1)
    }

    @Test(arguments: ["", "key-with\nbreak", "key-with-break\n", "key\u{0}"])
    func `is not sent a key that cannot stand in a header`(_ key: String) async {
        let (outcome, requests) = await outcome(keys: MemoryKeys(keys: ["7b1e.key": key]))
        #expect(outcome.word == "failed")
        #expect(requests.count == 1)
        #expect(!outcome.shown.contains("key-with"))
    }

    @Test func `must challenge`() async {
        let (outcome, requests) = await outcome(challenge: World.reply)
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.problem.contains("answered without its challenge") == true)
        #expect(requests.count == 1)
        #expect(!outcome.shown.contains(World.token))
    }

    @Test func `may refuse the key`() async {
        let (outcome, _) = await outcome(reply: .text(#"{"error":"unauthorized"}"#, status: 401))
        #expect(outcome.word == "failed")
        #expect(outcome.diagnosis?.kind == .refused)
        #expect(!outcome.shown.contains(Self.key))
    }

    static let resourceID = "/subscriptions/S/x"
    static let echoes: [(ManagedIdentity, String, String, String)] = [
        (.clientID(World.client), "&client_id=\(World.client)", #""client_id":"\#(World.client)""#, "token"),
        (.clientID("ABC"), "&client_id=ABC", #""client_id":"abc""#, "token"),
        (.clientID("ABC"), "&client_id=ABC", #""client_id":"def""#, "failed"),
        (.clientID("ABC"), "&client_id=ABC", #""object_id":"ABC""#, "failed"),
        (.clientID("ABC"), "&client_id=ABC", #""x":1"#, "failed"),
        (.objectID("o-1"), "&object_id=o-1", #""object_id":"O-1""#, "token"),
        (.objectID("o-1"), "&object_id=o-1", #""client_id":"o-1""#, "failed"),
        (
            .resourceID(resourceID), "&msi_res_id=%2Fsubscriptions%2FS%2Fx", #""msi_res_id":"/subscriptions/s/X""#,
            "token"
        ),
        (.resourceID(resourceID), "&msi_res_id=%2Fsubscriptions%2FS%2Fx", #""mi_res_id":"\#(resourceID)""#, "token"),
        (
            .resourceID(resourceID), "&msi_res_id=%2Fsubscriptions%2FS%2Fx",
            #""msi_res_id":"\#(resourceID)","mi_res_id":"/other""#, "failed"
        ),
        (.systemAssigned, "", #""client_id":"whatever""#, "token"),
    ]

    @Test(arguments: echoes)
    func `has to say whose token it is`(
        _ identity: ManagedIdentity, _ query: String, _ member: String, _ word: String
    ) async {
        let reply = HTTPResponse.text(#"{"access_token":"\#(World.token)","expires_in":"60",\#(member)}"#)
        let (outcome, requests) = await outcome(identity, reply: reply)
        #expect(outcome.word == word)
        #expect(requests.map(\.url) == [Self.url + query, Self.url + query])
        #expect(!outcome.shown.contains(World.token))
    }
}
