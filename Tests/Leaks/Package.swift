// swift-tools-version: 6.2

import PackageDescription

// Ten thousand signatures under the address sanitizer, which reports what was not given back.
let package = Package(
    name: "leaks",
    dependencies: [.package(name: "passgres", path: "../..")],
    targets: [
        .executableTarget(
            name: "Signatures", dependencies: [.product(name: "EnvironmentCredentials", package: "passgres")])
    ]
)
