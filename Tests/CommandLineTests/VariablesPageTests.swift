import EntraCredentials
import Foundation
import Testing

@Suite struct `The page of variables` {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `is what the tool prints`() async throws {
        let page = try String(contentsOf: Self.root.appending(path: "Docs/Variables.md"), encoding: .utf8)
        let ending = try await Tool()("variables-page")
        #expect(ending.status == 0)
        #expect(ending.output == page, "run: passgres variables-page > Docs/Variables.md")
    }

    @Test func `has every variable that the sources look up`() throws {
        let known = Set(KnownVariable.all.map(\.name))
        #expect(known.count == KnownVariable.all.count)
        // What a variable's name looks like where one is looked up or named in a constant.
        let name = /"((?:AZURE|AZURESUBSCRIPTION|PASSGRES|IDENTITY|IMDS|MSI|SYSTEM|ACTIONS|SSL_CERT|AZD|XDG)_[A-Z_]+)"/
        // Set for the tools that are run, or for the stand-in; nobody sets them for us.
        let others: Set = [
            "AZURE_CORE_COLLECT_TELEMETRY", "AZURE_CORE_NO_COLOR", "AZURE_DEV_COLLECT_TELEMETRY",
            "PASSGRES_LOCAL_LDAP_PORT", "PASSGRES_LOCAL_DATABASE_PORT",
        ]
        let files = FileManager.default.enumerator(
            at: Self.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var found: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            found.formUnion(text.matches(of: name).map { String($0.1) })
        }
        #expect(found.count > 30)
        #expect(found.subtracting(known).subtracting(others).sorted() == [])
    }

    @Test func `marks what is secret`() {
        let secrets = KnownVariable.all.filter { $0.secrecy == .secret }.map(\.name)
        for name in KnownVariable.all.map(\.name) {
            let soundsSecret = ["SECRET", "PASSWORD", "_TOKEN", "ACCESSTOKEN", "IDENTITY_HEADER"].contains(
                where: name.hasSuffix)
            #expect(secrets.contains(name) == soundsSecret, "\(name)")
        }
    }

    @Test(arguments: [
        ("PASSGRES_CREDENTIAL", "Did you mean PASSGRES_CREDENTIALS?"),
        ("PASSGRES_LOGLEVEL", "Did you mean PASSGRES_LOG_LEVEL?"),
    ])
    func `knows which name was meant`(_ name: String, _ words: String) async throws {
        let ending = try await Tool([name: "hush-hush"])("token")
        #expect(ending.status == 78)
        #expect(ending.errors.contains(words) && ending.errors.contains("Known here: PASSGRES_CREDENTIALS"))
        #expect(!ending.errors.contains("hush-hush"))
    }

    @Test func `leaves the variables of programs alone`() async throws {
        let ending = try await Tool(["PASSGRES_VAULT_ADDRESS": "x", "PATH": "/nonexistent"])(
            "token", "--credentials", "command")
        #expect(ending.status == 69, "\(ending.errors)")
    }
}
