// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "Server",
    dependencies: [
        .package(name: "passgres", path: "../../.."),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(
            name: "ServerParts",
            dependencies: [
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "PostgresCredentials", package: "passgres"),
                .product(name: "PasswordKeeping", package: "passgres"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "Server",
            dependencies: [
                "ServerParts",
                .product(name: "EntraCredentials", package: "passgres"),
                .product(name: "PostgresCredentials", package: "passgres"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "ServerParts",
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "PostgresCredentials", package: "passgres"),
                .product(name: "CredentialTesting", package: "passgres"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)
