// swift-tools-version: 6.2

import PackageDescription

// What an application pays on every login, beside what it would pay otherwise. Built apart, with optimisation.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "passgres", path: "../..")],
    targets: [
        .systemLibrary(name: "CBenchPQ"),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "TokenCredentials", package: "passgres"),
                .product(name: "PostgresCredentials", package: "passgres"), "CBenchPQ",
            ],
            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
    ]
)
