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
        dependencies: [.byName(name: name)] + (name == "CredentialTesting" ? [] : ["CredentialTesting"]) + dependencies,
        swiftSettings: settings)
}

let package = Package(
    name: "passgres",
    products: [
        .library(name: "TokenCredentials", targets: ["TokenCredentials"]),
        .library(name: "CredentialHTTP", targets: ["CredentialHTTP"]),
        .library(name: "EnvironmentCredentials", targets: ["EnvironmentCredentials"]),
        .library(name: "WorkloadIdentityCredentials", targets: ["WorkloadIdentityCredentials"]),
        .library(name: "AzurePipelinesCredentials", targets: ["AzurePipelinesCredentials"]),
        .library(name: "GitHubActionsCredentials", targets: ["GitHubActionsCredentials"]),
        .library(name: "OnBehalfOfCredentials", targets: ["OnBehalfOfCredentials"]),
        .library(name: "ManagedIdentityCredentials", targets: ["ManagedIdentityCredentials"]),
        .library(name: "CommandCredentials", targets: ["CommandCredentials"]),
        .library(name: "AzureCLICredentials", targets: ["AzureCLICredentials"]),
        .library(name: "AzureDeveloperCLICredentials", targets: ["AzureDeveloperCLICredentials"]),
        .library(name: "AzurePowerShellCredentials", targets: ["AzurePowerShellCredentials"]),
        .library(name: "DeviceCodeCredentials", targets: ["DeviceCodeCredentials"]),
        .library(name: "InteractiveBrowserCredentials", targets: ["InteractiveBrowserCredentials"]),
        .library(name: "SecretStoreCredentials", targets: ["SecretStoreCredentials"]),
        .library(name: "PostgresCredentials", targets: ["PostgresCredentials"]),
        .library(name: "EntraCredentials", targets: ["EntraCredentials"]),
        .library(name: "CredentialSettings", targets: ["CredentialSettings"]),
        .library(name: "PasswordKeeping", targets: ["PasswordKeeping"]),
        .library(name: "SharedTokenCache", targets: ["SharedTokenCache"]),
        .library(name: "CredentialObservability", targets: ["CredentialObservability"]),
        .library(name: "CredentialTesting", targets: ["CredentialTesting"]),
        .library(name: "LocalEntra", targets: ["LocalEntra"]),
        .executable(name: "passgres", targets: ["passgres"]),
        .executable(name: "passgres-local-entra", targets: ["passgres-local-entra"]),
        .plugin(name: "NewCredential", targets: ["NewCredential"]),
        .plugin(name: "RunPassgres", targets: ["RunPassgres"]),
        .plugin(name: "CheckConnections", targets: ["CheckConnections"]),
    ],
    traits: [
        .default(enabledTraits: ["SecretStore"]),
        .trait(
            name: "SecretStore",
            description: "Keep sign-ins in the desktop's secret service; links libsecret. Without it, only in a file."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // 0: the core, and the C libraries as they are.
        library("TokenCredentials"),
        .systemLibrary(
            name: "CTokenCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CTokenOpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        .systemLibrary(name: "CTokenSecret"),

        // 1: how the outside is reached.
        library("CredentialHTTP", ["TokenCredentials", "CTokenCurl", "CTokenOpenSSL"]),

        library(
            "CommandCredentials",
            [
                "TokenCredentials",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        library("KnownFailures", ["TokenCredentials"]),

        // 2: Entra's token endpoint.
        library("EntraTokenEndpoint", ["TokenCredentials", "CredentialHTTP"]),

        // 3: where a token comes from, and where a password goes.
        library(
            "EnvironmentCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials", "CTokenOpenSSL"]),
        library("WorkloadIdentityCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library("AzurePipelinesCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library("GitHubActionsCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library("OnBehalfOfCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library("ManagedIdentityCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library("AzureCLICredentials", ["CommandCredentials", "TokenCredentials"]),
        library("AzureDeveloperCLICredentials", ["CommandCredentials", "TokenCredentials"]),
        library("AzurePowerShellCredentials", ["CommandCredentials", "TokenCredentials"]),
        library("EntraSignIn", ["EntraTokenEndpoint", "TokenCredentials"]),
        library("DeviceCodeCredentials", ["EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        library(
            "InteractiveBrowserCredentials",
            ["EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials", "CTokenOpenSSL"]),
        library(
            "SecretStoreCredentials",
            [
                "EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials",
                .target(name: "CTokenSecret", condition: .when(traits: ["SecretStore"])),
            ]),
        library("PostgresCredentials", ["TokenCredentials"]),

        // 4: what serves them all.
        library(
            "EntraCredentials",
            [
                "TokenCredentials", "CredentialHTTP", "EnvironmentCredentials", "WorkloadIdentityCredentials",
                "ManagedIdentityCredentials", "AzureCLICredentials", "AzureDeveloperCLICredentials",
                "AzurePowerShellCredentials", "AzurePipelinesCredentials", "GitHubActionsCredentials",
                "CommandCredentials", "DeviceCodeCredentials", "InteractiveBrowserCredentials",
                "SecretStoreCredentials", "EntraTokenEndpoint",
            ]),
        library(
            "CredentialSettings",
            ["EntraCredentials", "TokenCredentials", .product(name: "Configuration", package: "swift-configuration")]),
        library("SharedTokenCache", ["TokenCredentials"]),
        library(
            "PasswordKeeping",
            [
                "PostgresCredentials", "TokenCredentials",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
            ]),
        library(
            "CredentialObservability",
            [
                "TokenCredentials", .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
            ]),
        library("CredentialTesting", ["TokenCredentials", "CredentialHTTP", "CommandCredentials"]),

        library(
            "LocalEntra",
            [
                "TokenCredentials", "CTokenOpenSSL",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),

        // 5 and 6: the tool, and the stand-in as a program.
        library(
            "PassgresCommands",
            [
                "EntraCredentials", "PostgresCredentials", "CredentialObservability", "CredentialHTTP",
                "CommandCredentials", "DeviceCodeCredentials", "InteractiveBrowserCredentials", "EntraSignIn",
                "SecretStoreCredentials", "SharedTokenCache", "PasswordKeeping", "CredentialTesting", "KnownFailures",
                "TokenCredentials", "CTokenOpenSSL",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(name: "passgres", dependencies: ["PassgresCommands"], swiftSettings: settings),

        .executableTarget(
            name: "passgres-local-entra",
            dependencies: [
                "LocalEntra", "TokenCredentials",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // What the plugins run, and the plugins.
        library("CredentialScaffold", ["TokenCredentials"]),
        .executableTarget(name: "passgres-scaffold", dependencies: ["CredentialScaffold"], swiftSettings: settings),
        library("ConnectionChecking", ["PostgresCredentials"]),
        .executableTarget(
            name: "passgres-check-connections", dependencies: ["ConnectionChecking", "TokenCredentials"],
            swiftSettings: settings),
        .plugin(
            name: "NewCredential",
            capability: .command(
                intent: .custom(
                    verb: "new-credential", description: "Writes a credential that builds and passes at once."),
                permissions: [.writeToPackageDirectory(reason: "The files of the new credential are written here.")]),
            dependencies: ["passgres-scaffold"]),
        .plugin(
            name: "RunPassgres",
            capability: .command(
                intent: .custom(verb: "passgres", description: "Runs the tool passgres."),
                permissions: [
                    .allowNetworkConnections(scope: .all(), reason: "Tokens are asked for where the credentials say.")
                ]),
            dependencies: ["passgres"]),
        .plugin(name: "CheckConnections", capability: .buildTool(), dependencies: ["passgres-check-connections"]),

        // Programs, started by tests.
        .systemLibrary(name: "CTestSpawn", path: "Tests/CTestSpawn"),
        .target(
            name: "SpawnedPrograms", dependencies: ["CTestSpawn"], path: "Tests/SpawnedPrograms",
            swiftSettings: settings),
        .executableTarget(
            name: "TokenAsker", dependencies: ["SharedTokenCache", "ManagedIdentityCredentials", "TokenCredentials"],
            path: "Tests/TokenAsker", swiftSettings: settings),
        .executableTarget(
            name: "SecretKeeper", dependencies: ["SecretStoreCredentials", "TokenCredentials"],
            path: "Tests/SecretKeeper", swiftSettings: settings),

        // libpq as the judge of what we read and write, for tests only.
        .systemLibrary(name: "CTestPQ", path: "Tests/CTestPQ"),
        .executableTarget(
            name: "PostgresJudge", dependencies: ["CTestPQ", "PostgresCredentials", "TokenCredentials"],
            path: "Tests/PostgresJudge", swiftSettings: settings),

        // Tests, one target each.
        tests(of: "TokenCredentials"),
        tests(of: "CredentialHTTP", ["TokenCredentials", "CTokenOpenSSL"]),
        tests(of: "EntraTokenEndpoint", ["CredentialHTTP", "TokenCredentials"]),
        tests(of: "AzurePipelinesCredentials", ["CredentialHTTP", "TokenCredentials"]),
        tests(of: "GitHubActionsCredentials", ["CredentialHTTP", "TokenCredentials"]),
        tests(of: "OnBehalfOfCredentials", ["CredentialHTTP", "TokenCredentials"]),
        tests(of: "EntraSignIn", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        tests(
            of: "DeviceCodeCredentials", ["EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        tests(
            of: "InteractiveBrowserCredentials",
            ["EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        tests(of: "CommandCredentials", ["TokenCredentials"]),
        tests(of: "AzureCLICredentials", ["CommandCredentials", "TokenCredentials"]),
        tests(of: "AzureDeveloperCLICredentials", ["CommandCredentials", "TokenCredentials"]),
        tests(of: "AzurePowerShellCredentials", ["CommandCredentials", "TokenCredentials"]),
        tests(of: "WorkloadIdentityCredentials", ["EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        tests(of: "ManagedIdentityCredentials", ["CredentialHTTP", "TokenCredentials"]),
        tests(
            of: "EnvironmentCredentials", ["CredentialHTTP", "TokenCredentials", "CTokenOpenSSL", "SpawnedPrograms"]),
        tests(
            of: "LocalEntra",
            [
                "TokenCredentials",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests(of: "EntraCredentials", ["LocalEntra", "CredentialHTTP", "ManagedIdentityCredentials"]),
        tests(
            of: "CredentialSettings",
            ["EntraCredentials", "TokenCredentials", .product(name: "Configuration", package: "swift-configuration")]),
        tests(
            of: "PasswordKeeping",
            [
                "PostgresCredentials", "TokenCredentials",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        tests(of: "SharedTokenCache", ["TokenAsker", "LocalEntra", "TokenCredentials"]),
        tests(
            of: "SecretStoreCredentials", ["EntraSignIn", "EntraTokenEndpoint", "CredentialHTTP", "TokenCredentials"]),
        tests(
            of: "CredentialObservability",
            [
                "TokenCredentials", .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ]),
        tests(of: "CredentialScaffold"),
        tests(of: "ConnectionChecking"),
        tests(of: "KnownFailures"),
        tests(
            of: "PassgresCommands",
            [
                "KnownFailures", "CredentialHTTP", "EntraTokenEndpoint", "PostgresCredentials", "TokenCredentials",
                "ManagedIdentityCredentials", "AzureCLICredentials", "CredentialObservability",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        // What crosses targets.
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "EntraCredentials", "EnvironmentCredentials", "WorkloadIdentityCredentials",
                "ManagedIdentityCredentials", "AzureCLICredentials", "AzureDeveloperCLICredentials",
                "AzurePowerShellCredentials", "AzurePipelinesCredentials", "GitHubActionsCredentials",
                "CommandCredentials", "DeviceCodeCredentials", "SecretStoreCredentials", "CredentialObservability",
                "CredentialTesting", "CredentialHTTP", "TokenCredentials",
                .product(name: "Logging", package: "swift-log"),
            ],
            // Read where they lie: a bundle would be one more copy of them.
            exclude: ["Scenarios"], swiftSettings: settings),
        tests(
            of: "CredentialTesting",
            [
                "EnvironmentCredentials", "WorkloadIdentityCredentials", "AzurePipelinesCredentials",
                "GitHubActionsCredentials", "OnBehalfOfCredentials", "ManagedIdentityCredentials",
                "AzureCLICredentials", "AzureDeveloperCLICredentials", "AzurePowerShellCredentials",
                "CommandCredentials", "DeviceCodeCredentials", "InteractiveBrowserCredentials",
                "SecretStoreCredentials", "CredentialHTTP", "TokenCredentials",
            ]),
        .testTarget(
            name: "LocalEntraLoginTests",
            dependencies: [
                "EnvironmentCredentials", "WorkloadIdentityCredentials", "ManagedIdentityCredentials",
                "DeviceCodeCredentials", "InteractiveBrowserCredentials", "OnBehalfOfCredentials", "LocalEntra",
                "CredentialTesting", "CredentialHTTP", "TokenCredentials",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "passgres", "LocalEntra", "EntraCredentials", "PostgresCredentials", "TokenCredentials",
                "SpawnedPrograms",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "EntraCredentials", "PostgresCredentials", "CommandCredentials", "CredentialTesting",
                "CredentialSettings", "CredentialObservability", "EnvironmentCredentials",
                "WorkloadIdentityCredentials", "SecretStoreCredentials", "TokenCredentials", "PasswordKeeping",
                "LocalEntra",
                "CTestPQ", "SpawnedPrograms",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        tests(of: "PostgresCredentials", ["CTestPQ", "PostgresJudge", "SpawnedPrograms", "TokenCredentials"]),
    ]
)
