/// What a new credential begins with: files that build and pass as they are.
package enum Scaffold {
    /// The files of a package of its own, in a directory of its own.
    package static func package(_ name: CredentialName, requiring passgres: PackageRequirement) -> [ScaffoldFile] {
        target(name) + [
            ScaffoldFile("Package.swift", manifest(name, passgres)),
            ScaffoldFile("README.md", readme(name)),
            ScaffoldFile(".gitignore", ".build/\nPackage.resolved\n"),
        ]
    }

    /// The sources and tests of a target in a package that there is already.
    package static func target(_ name: CredentialName) -> [ScaffoldFile] {
        [
            ScaffoldFile("Sources/\(name.module)/\(name.type).swift", credential(name)),
            ScaffoldFile("Sources/\(name.module)/CredentialRegistry+\(name.typeStem).swift", registration(name)),
            ScaffoldFile("Tests/\(name.module)Tests/\(name.type)Tests.swift", tests(name)),
        ]
    }

    /// What a manifest ends with after a target was added to its package.
    ///
    /// - Parameter passgres: The dependency to add too; `nil` where the package has it.
    package static func manifestAddition(_ name: CredentialName, requiring passgres: PackageRequirement?) -> String {
        var text = "\n// The credential `\(name.text)`.\n"
        if let passgres { text += "package.dependencies.append(\(passgres.code))\n" }
        return text + """
            package.products.append(.library(name: "\(name.module)", targets: ["\(name.module)"]))
            package.targets += [
            \(targets(name, indent: "    "))
            ]

            """
    }

    private static func targets(_ name: CredentialName, indent: String) -> String {
        """
        .target(
            name: "\(name.module)", dependencies: [.product(name: "TokenCredentials", package: "passgres")]),
        .testTarget(
            name: "\(name.module)Tests",
            dependencies: [
                "\(name.module)",
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialTesting", package: "passgres"),
            ]),
        """.split(separator: "\n").map { indent + $0 }.joined(separator: "\n")
    }

    private static func manifest(_ name: CredentialName, _ passgres: PackageRequirement) -> String {
        """
        // swift-tools-version: 6.2

        import PackageDescription

        let package = Package(
            name: "\(name.text)-credentials",
            products: [.library(name: "\(name.module)", targets: ["\(name.module)"])],
            dependencies: [
                \(passgres.code)
            ],
            targets: [
        \(targets(name, indent: "        "))
            ]
        )

        """
    }
}
