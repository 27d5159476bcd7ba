// swift-tools-version: 6.3

import Foundation
import PackageDescription

// The modules keep most of what they declare to their package. To the compiler a package is a name, that of its folder
// unless a target is given no access under it: what measures them is compiled under the name of the folder above.
let above = URL(filePath: Context.packageDirectory).deletingLastPathComponent().lastPathComponent.lowercased()

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-package-name", above]),
]

let package = Package(
    name: "oracle-benchmarks",
    dependencies: [
        .package(name: "oracle", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark.git", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
    ],
    targets: [
        .target(
            name: "Support",
            dependencies: [.product(name: "Modules", package: "oracle")],
            path: "Support",
            packageAccess: false,
            swiftSettings: settings
        ),
        // What one call takes, as distributions.
        .executableTarget(
            name: "Operations",
            dependencies: [
                "Support",
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Modules", package: "oracle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Operations",
            packageAccess: false,
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        // What many parts do together: counts, rates and shares.
        .executableTarget(
            name: "Systems",
            dependencies: [
                "Support",
                .product(name: "CSodium", package: "oracle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Modules", package: "oracle"),
            ],
            path: "Systems",
            packageAccess: false,
            swiftSettings: settings
        ),
    ]
)
