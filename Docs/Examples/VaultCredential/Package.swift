// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "VaultCredential",
    products: [.library(name: "VaultCredentials", targets: ["VaultCredentials"])],
    dependencies: [.package(name: "passgres", path: "../../..")],
    targets: [
        .target(
            name: "VaultCredentials",
            dependencies: [
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialHTTP", package: "passgres"),
            ]),
        .testTarget(
            name: "VaultCredentialsTests",
            dependencies: [
                "VaultCredentials",
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialHTTP", package: "passgres"),
                .product(name: "CredentialTesting", package: "passgres"),
            ]),
    ]
)
