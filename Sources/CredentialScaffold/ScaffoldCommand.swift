/// The command line of `passgres-scaffold`, taken apart.
package struct ScaffoldCommand: Equatable, Sendable {
    /// What is to be written.
    package enum Form: String, Sendable, CaseIterable {
        /// A package of its own.
        case package
        /// A target in the package of the directory.
        case target
        /// A program in the shell's language.
        case program
    }

    package static let usage = """
        usage: new-credential NAME [--form package|target|program] [--directory PATH]
                              [--passgres-path PATH | --passgres-url URL
                               [--passgres-version VERSION | --passgres-branch BRANCH | --passgres-revision COMMIT]]
        Writes a credential that builds and passes its tests at once: a package of its own (the default), a target in the
        package of the directory, or a program in the shell's language.
        """

    package var name: CredentialName
    package var form: Form
    package var directory: String
    package var passgres: PackageRequirement?

    /// Takes the arguments apart; an option may stand more than once, and the last one counts.
    ///
    /// Throws ``ScaffoldError`` for an argument that is none.
    package init(_ arguments: [String]) throws(ScaffoldError) {
        var names: [String] = []
        var options: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                names.append(argument)
                continue
            }
            guard Self.options.contains(argument) else { throw ScaffoldError("there is no option \(argument)") }
            guard let value = rest.popFirst(), !value.isEmpty else { throw ScaffoldError("\(argument) needs a value") }
            options[argument] = value
        }
        guard let text = names.first, names.count == 1 else { throw ScaffoldError("one name is needed") }
        name = try CredentialName(text)
        guard let form = Form(rawValue: options["--form"] ?? "package") else {
            throw ScaffoldError("--form takes package, target or program")
        }
        self.form = form
        let root = options["--root"] ?? "."
        directory =
            options["--directory"] ?? (form == .target ? root : root == "." ? name.text : "\(root)/\(name.text)")
        if let path = options["--passgres-path"] {
            passgres = .path(path)
        } else if let url = options["--passgres-url"] {
            passgres = try Self.requirement(url, options)
        }
    }

    /// What the options say; where they name only a file with what was resolved, what that says.
    private static func requirement(
        _ url: String, _ options: [String: String]
    ) throws(ScaffoldError) -> PackageRequirement {
        if let revision = options["--passgres-revision"] { return .revision(url, revision) }
        if let branch = options["--passgres-branch"] { return .branch(url, branch) }
        if let version = options["--passgres-version"] { return .version(url, from: version) }
        guard let file = options["--passgres-resolved"] else { return .version(url, from: "0.1.0") }
        if let requirement = ResolvedPackages(file: file)?.requirement(for: url) { return requirement }
        throw ScaffoldError(
            "\(file) does not say which commit of \(url) is used: name it with --passgres-version, --passgres-branch or "
                + "--passgres-revision")
    }

    /// `--root` and `--passgres-resolved` are the plugin's own: the package it was called in, and its `Package.resolved`.
    private static let options: Set = [
        "--form", "--directory", "--root", "--passgres-path", "--passgres-url", "--passgres-version",
        "--passgres-branch", "--passgres-revision", "--passgres-resolved",
    ]

    /// Writes what was asked for and returns what to tell the user, a line each.
    ///
    /// Throws ``ScaffoldError`` if a file is there already, or what the system says.
    package func run() throws -> [String] {
        let writer = ScaffoldWriter(directory: directory)
        switch form {
        case .package:
            let passgres = passgres ?? .version("https://github.com/passgres/passgres", from: "0.1.0")
            let files = try writer.write(Scaffold.package(name, requiring: passgres))
            return files + ["Next: swift test --package-path \(directory)"]
        case .target:
            let files = try writer.write(Scaffold.target(name))
            try writer.appendToManifest(Scaffold.manifestAddition(name, requiring: passgres))
            return files + ["\(directory)/Package.swift", "Next: swift test --filter \(name.module)Tests"]
        case .program:
            let files = try writer.write(Scaffold.program(name))
            return files + ["Next: \(directory)/test.sh, then put the program where PATH leads"]
        }
    }
}
