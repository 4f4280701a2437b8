import CredentialScaffold
import CredentialTesting
import FoundationEssentials
import Testing

@Suite struct `The scaffold of a credential` {
    @Test(arguments: [
        ("vault", "VaultCredential", "VaultCredentials", "VAULT"),
        ("hash-vault2", "HashVault2Credential", "HashVault2Credentials", "HASH_VAULT2"),
    ])
    func `names things as files and code need them`(
        _ text: String, _ type: String, _ module: String, _ variable: String
    ) throws {
        let name = try CredentialName(text)
        #expect(name.type == type && name.module == module && name.variableStem == variable)
    }

    @Test(arguments: [
        "", "Vault", "-vault", "vault-", "a--b", "2vault", "a b", "../vault", "a/b", "é", "a\nb", "azure-cli",
        "command",
        String(repeating: "a", count: 65),
    ])
    func `takes no other name`(_ text: String) {
        #expect(throws: ScaffoldError.self) { try CredentialName(text) }
    }

    @Test(arguments: [
        (["vault"], ScaffoldCommand.Form.package, "vault", PackageRequirement?.none),
        (["--root", "/here", "--form", "program", "vault"], .program, "/here/vault", nil),
        (["--root", "/here", "vault", "--form", "target"], .target, "/here", nil),
        (["--root", "/here", "vault", "--directory", "there"], .package, "there", nil),
        (["--form", "target", "vault"], .target, ".", nil),
        (["vault", "--form", "program", "--directory", "/x"], .program, "/x", nil),
        (["--passgres-path", "/a", "vault", "--passgres-path", "/b"], .package, "vault", .path("/b")),
        (["vault", "--passgres-url", "https://u"], .package, "vault", .version("https://u", from: "0.1.0")),
        (
            ["vault", "--passgres-url", "https://u", "--passgres-version", "1.2.3"], .package, "vault",
            .version("https://u", from: "1.2.3")
        ),
        (
            ["vault", "--passgres-url", "https://u", "--passgres-revision", "abc"], .package, "vault",
            .revision("https://u", "abc")
        ),
    ])
    func `reads its arguments`(
        _ arguments: [String], _ form: ScaffoldCommand.Form, _ directory: String, _ passgres: PackageRequirement?
    ) throws {
        let command = try ScaffoldCommand(arguments)
        #expect(command.form == form && command.directory == directory && command.passgres == passgres)
    }

    static let resolved: [(String, PackageRequirement?)] = [
        (
            #"{"pins":[{"identity":"passgres","kind":"remoteSourceControl","location":"https://u/P.git","#
                + #""state":{"branch":"main","revision":"abc"}}],"version":3}"#, .branch("https://u/p", "main")
        ),
        (
            #"{"pins":[{"identity":"passgres","location":"https://u/p","state":{"revision":"abc"}}],"version":2}"#,
            .revision("https://u/p", "abc")
        ),
        (
            #"{"pins":[{"location":"https://u/p","state":{"revision":"abc","version":"1.2.3"}}],"version":2}"#,
            .version("https://u/p", from: "1.2.3")
        ),
        (
            #"{"object":{"pins":[{"package":"p","repositoryURL":"https://u/p","state":{"branch":"main","revision":"abc","#
                + #""version":null}}]},"version":1}"#, .branch("https://u/p", "main")
        ),
        (#"{"pins":[{"location":"https://u/other","state":{"branch":"main"}}],"version":3}"#, nil), ("", nil),
    ]

    @Test(arguments: resolved)
    func `takes a dependency as it was resolved, and never without a commit`(
        _ text: String, _ requirement: PackageRequirement?
    ) throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write(text, to: "Package.resolved")
        let line = ["--passgres-url", "https://u/p", "--passgres-resolved", file, "vault"]
        guard let requirement else {
            let error = #expect(throws: ScaffoldError.self) { try ScaffoldCommand(line) }
            #expect(error?.description.contains("--passgres-branch") == true)
            return
        }
        #expect(try ScaffoldCommand(line).passgres == requirement)
        #expect(try ScaffoldCommand(line + ["--passgres-branch", "b"]).passgres == .branch("https://u/p", "b"))
        #expect(!requirement.code.contains("no revision"))
    }

    @Test(arguments: [
        [], ["a", "b"], ["vault", "--form"], ["vault", "--form", "house"], ["vault", "--bogus", "x"],
        ["vault", "--directory", ""],
    ])
    func `refuses arguments that are none`(_ arguments: [String]) {
        #expect(throws: ScaffoldError.self) { try ScaffoldCommand(arguments) }
    }

    @Test func `writes requirements as a manifest reads them`() {
        #expect(PackageRequirement.path(#"/a "b"\c"#).code == #".package(name: "passgres", path: "/a \"b\"\\c")"#)
        #expect(PackageRequirement.path("a\nb").code == #".package(name: "passgres", path: "a\u{a}b")"#)
        #expect(PackageRequirement.version("u", from: "1.0.0").code == #".package(url: "u", from: "1.0.0")"#)
        #expect(PackageRequirement.branch("u", "main").code == #".package(url: "u", branch: "main")"#)
        #expect(PackageRequirement.revision("u", "abc").code == #".package(url: "u", revision: "abc")"#)
    }

    @Test func `writes a package, and over nothing`() throws {
        let scratch = try ScratchDirectory()
        let command = try ScaffoldCommand(["vault", "--directory", scratch.path + "/new", "--passgres-path", "../p"])
        _ = try command.run()
        #expect(scratch.text(of: "new/Package.swift")?.contains(#".package(name: "passgres", path: "../p")"#) == true)
        #expect(
            scratch.text(of: "new/Sources/VaultCredentials/VaultCredential.swift")?.contains("VAULT_TOKEN_FILE") == true
        )
        #expect(scratch.text(of: "new/Tests/VaultCredentialsTests/VaultCredentialTests.swift") != nil)
        #expect(scratch.text(of: "new/README.md")?.contains("registry.registerVault()") == true)
        let before = scratch.text(of: "new/Package.swift")
        let error = #expect(throws: ScaffoldError.self) { try command.run() }
        #expect(error?.description.hasSuffix("is there already") == true)
        #expect(scratch.text(of: "new/Package.swift") == before)
    }

    @Test func `adds a target to a manifest there is`() throws {
        let scratch = try ScratchDirectory()
        let arguments = ["vault", "--form", "target", "--directory", scratch.path]
        #expect(throws: ScaffoldError.self) { try ScaffoldCommand(arguments).run() }
        let other = try ScratchDirectory()
        try other.write("let package = Package(name: \"x\")", to: "Package.swift")
        _ = try ScaffoldCommand(["vault", "--form", "target", "--directory", other.path, "--passgres-path", "/p"]).run()
        let manifest = try #require(other.text(of: "Package.swift"))
        #expect(manifest.hasPrefix("let package = Package(name: \"x\")\n"))
        #expect(manifest.contains("package.dependencies.append(.package(name: \"passgres\", path: \"/p\"))"))
        #expect(manifest.contains("package.targets += ["))
        #expect(!Scaffold.manifestAddition(try CredentialName("vault"), requiring: nil).contains("dependencies.append"))
    }

    @Test func `has every doc comment and line in the project's own style`() throws {
        for file in Scaffold.package(try CredentialName("a-vault"), requiring: .path("/p")) {
            #expect(
                file.text.hasSuffix("\n") && !file.text.contains(" \n") && !file.text.contains("\t"), "\(file.path)")
            #expect(file.text.split(separator: "\n").allSatisfy { $0.count <= 130 }, "\(file.path)")
        }
    }
}
