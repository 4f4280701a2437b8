// swift-tools-version: 6.2

import PackageDescription

// A client that uses the core alone: it must build without any system library's headers, and link none.
let package = Package(
    name: "core-only",
    dependencies: [.package(name: "passgres", path: "../../..")],
    targets: [
        .executableTarget(
            name: "CoreOnly", dependencies: [.product(name: "TokenCredentials", package: "passgres")])
    ]
)
