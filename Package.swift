// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A library of ours. What it links is what its dependencies name, and nothing else.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of the target whose name they carry.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.byName(name: name), "CredentialTesting"] + dependencies,
        swiftSettings: settings)
}

let package = Package(
    name: "passgres",
    products: [
        .library(name: "TokenCredentials", targets: ["TokenCredentials"]),
        .library(name: "CredentialHTTP", targets: ["CredentialHTTP"]),
        .library(name: "CredentialTesting", targets: ["CredentialTesting"]),
    ],
    targets: [
        // 0: the core, and the C libraries as they are.
        library("TokenCredentials"),
        .systemLibrary(
            name: "CTokenCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CTokenOpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        // 1: how the outside is reached.
        library("CredentialHTTP", ["TokenCredentials", "CTokenCurl", "CTokenOpenSSL"]),

        // 4: what serves them all.
        library("CredentialTesting", ["TokenCredentials", "CredentialHTTP"]),

        // Tests, one target each.
        tests(of: "TokenCredentials"),
        tests(of: "CredentialHTTP"),
    ]
)
