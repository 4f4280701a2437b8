// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "CloudSQLCredential",
    products: [.library(name: "CloudSQLCredentials", targets: ["CloudSQLCredentials"])],
    dependencies: [.package(name: "passgres", path: "../../..")],
    targets: [
        .target(
            name: "CloudSQLCredentials",
            dependencies: [
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialHTTP", package: "passgres"),
            ]),
        .testTarget(
            name: "CloudSQLCredentialsTests",
            dependencies: [
                "CloudSQLCredentials",
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialHTTP", package: "passgres"),
                .product(name: "CredentialTesting", package: "passgres"),
            ]),
    ]
)
