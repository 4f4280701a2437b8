// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "RDSCredential",
    products: [.library(name: "RDSCredentials", targets: ["RDSCredentials"])],
    dependencies: [.package(name: "passgres", path: "../../..")],
    targets: [
        .target(
            name: "RDSCredentials",
            dependencies: [
                .product(name: "TokenCredentials", package: "passgres")
            ]),
        .testTarget(
            name: "RDSCredentialsTests",
            dependencies: [
                "RDSCredentials",
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "CredentialTesting", package: "passgres"),
            ], resources: [.copy("vectors.json")]),
    ]
)
