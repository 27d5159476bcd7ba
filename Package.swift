// swift-tools-version: 6.3

import PackageDescription

// One list for every target: the strictest language mode the toolchain offers, warnings as errors.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

// Field arithmetic in a debug build is slower by two orders of magnitude, and the check that no secret decides a branch
// should look at the code that runs: this module is always optimized. Release builds are by themselves.
let optimized =
    settings + [
        .unsafeFlags(
            ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
            .when(configuration: .debug)
        )
    ]

let package = Package(
    name: "oracle",
    products: [
        .executable(name: "oracle", targets: ["oracle"]),
        // What the package in Benchmarks measures.
        .library(
            name: "Modules",
            targets: [
                "P2PNode", "Simulation", "Peer", "Consensus", "Gossip", "BLS12381", "Cryptography",
                "Primitives",
            ]
        ),
        .library(name: "CSodium", targets: ["CSodium"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms.git", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        // Floor 0: identifiers, bytes and the libraries of the system.
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]
        ),
        .systemLibrary(
            name: "CSecp256k1",
            pkgConfig: "libsecp256k1",
            providers: [.apt(["libsecp256k1-dev"])]
        ),
        .systemLibrary(
            name: "CLibcrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CLinux"),
        .target(name: "Primitives", dependencies: ["CLibcrypto"], swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: ["Primitives"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PrimitivesTests",
            dependencies: ["Primitives", "TestSupport"],
            swiftSettings: settings
        ),
        // Floor 1: safe faces of libsodium, libsecp256k1 and libcrypto.
        .target(
            name: "Cryptography",
            dependencies: ["Primitives", "CSodium", "CSecp256k1", "CLibcrypto", "CLinux"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CryptographyTests",
            dependencies: ["Cryptography", "Primitives", "TestSupport", "CSecp256k1"],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CMemcheck", path: "Tests/CMemcheck"),
        .executableTarget(
            name: "ConstantTimeCheck",
            dependencies: ["BLS12381", "Cryptography", "Primitives", "CMemcheck"],
            path: "Tests/ConstantTimeCheck",
            exclude: ["public.supp"],
            swiftSettings: settings
        ),
        // Floor 2: BLS signatures, which no system library has.
        .target(name: "BLS12381", dependencies: ["Cryptography", "Primitives"], swiftSettings: optimized),
        .testTarget(
            name: "BLS12381Tests",
            dependencies: ["BLS12381", "Cryptography", "Primitives", "TestSupport"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "BLS12381Answers",
            dependencies: ["BLS12381", "Cryptography", "Primitives"],
            path: "Tests/BLS12381Answers",
            exclude: ["compare.py"],
            swiftSettings: settings
        ),
        // Floor 3: protocol logic as values.
        .target(name: "Gossip", dependencies: ["Primitives", "Cryptography"], swiftSettings: settings),
        .testTarget(
            name: "GossipTests",
            dependencies: ["Gossip", "Cryptography", "Primitives", "TestSupport"],
            swiftSettings: settings
        ),
        .target(name: "Consensus", dependencies: ["Primitives", "Cryptography"], swiftSettings: settings),
        .testTarget(
            name: "ConsensusTests",
            dependencies: ["Consensus", "Cryptography", "Primitives", "TestSupport"],
            swiftSettings: settings
        ),
        .target(
            name: "KeyOperations",
            dependencies: ["BLS12381", "Cryptography", "Primitives"],
            swiftSettings: settings
        ),
        .target(
            name: "CeremonySupport",
            dependencies: ["KeyOperations", "BLS12381", "Cryptography", "Primitives"],
            path: "Tests/CeremonySupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "KeyOperationsTests",
            dependencies: [
                "KeyOperations", "BLS12381", "Cryptography", "Primitives", "TestSupport", "CeremonySupport",
            ],
            swiftSettings: settings
        ),
        // Floor 4: the chain, with what its contracts say about members and validators.
        .target(
            name: "Ethereum",
            dependencies: ["KeyOperations", "BLS12381", "Primitives", "Cryptography"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EthereumTests",
            dependencies: [
                "Ethereum", "KeyOperations", "BLS12381", "Cryptography", "Primitives", "TestSupport",
            ],
            swiftSettings: settings
        ),
        // Floor 5: what is handed on to other programs.
        .target(
            name: "ValidatorFiles",
            dependencies: ["Ethereum", "KeyOperations", "BLS12381", "Cryptography", "Primitives"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ValidatorFilesTests",
            dependencies: [
                "ValidatorFiles", "Ethereum", "KeyOperations", "BLS12381", "Cryptography", "Primitives",
                "TestSupport", "CeremonySupport",
            ],
            swiftSettings: settings
        ),
        // Floor 5 too: the beacon chain's nodes as a client sees them.
        .target(
            name: "BeaconAPI",
            dependencies: ["Ethereum", "KeyOperations", "BLS12381", "Primitives"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BeaconAPITests",
            dependencies: [
                "BeaconAPI", "Ethereum", "KeyOperations", "BLS12381", "Primitives", "TestSupport",
            ],
            swiftSettings: settings
        ),
        // Floor 5 too: a whole member as one value, still without sockets.
        .target(
            name: "Peer",
            dependencies: [
                "Consensus", "Ethereum", "Gossip", "KeyOperations", "BLS12381", "Cryptography", "Primitives",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PeerTests",
            dependencies: [
                "Peer", "Consensus", "Ethereum", "Gossip", "KeyOperations", "BLS12381", "Cryptography",
                "Primitives", "TestSupport", "CeremonySupport",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings
        ),
        // Floor 6: whole committees of such members in virtual time.
        .target(
            name: "Simulation",
            dependencies: ["Peer", "Consensus", "Ethereum", "Gossip", "Cryptography", "Primitives"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Simulation", "Peer", "Consensus", "Ethereum", "Gossip", "Cryptography", "Primitives",
                "TestSupport",
            ],
            swiftSettings: settings
        ),
        // Floor 6 too: the chains' transport, apart because its library takes long to build.
        .target(
            name: "EthereumHTTP",
            dependencies: [
                "BeaconAPI", "Ethereum",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // Floor 7: the shells.
        .target(
            name: "P2PNode",
            dependencies: [
                "Peer", "ValidatorFiles", "BeaconAPI", "Consensus", "Ethereum", "Gossip", "KeyOperations",
                "BLS12381", "Cryptography", "Primitives", "CLinux",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "P2PNodeTests",
            dependencies: [
                "P2PNode", "ValidatorFiles", "Consensus", "Ethereum", "KeyOperations", "Gossip", "BLS12381",
                "Primitives", "Cryptography", "TestSupport", "CeremonySupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        // Floor 8: the program.
        .executableTarget(
            name: "oracle",
            dependencies: [
                "P2PNode", "EthereumHTTP", "ValidatorFiles", "Ethereum", "KeyOperations", "BLS12381",
                "Simulation", "Consensus", "Gossip", "Cryptography", "Primitives",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings
        ),
        // Makes the logs that `testnet/bench catch-up` measures with.
        .executableTarget(
            name: "LogWriter",
            dependencies: [
                "P2PNode", "Gossip", "Cryptography", "Primitives",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/LogWriter",
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["oracle", "P2PNode", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChainTests",
            dependencies: [
                "oracle", "P2PNode", "EthereumHTTP", "BeaconAPI", "KeyOperations", "BLS12381", "Ethereum",
                "Cryptography",
                "Primitives", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
    ]
)

// They need the compiler's fuzzer runtime, which no other build has: `scripts/fuzz` builds them.
if let fuzzed = Context.environment["ORACLE_FUZZ"] {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Fuzz/CFuzzer"),
        .target(name: "FuzzDriver", dependencies: ["CFuzzer"], path: "Fuzz/Driver", swiftSettings: settings),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "FuzzDriver", "Ethereum", "Consensus", "Gossip", "BLS12381", "Cryptography", "Primitives",
            ],
            path: "Fuzz/Run",
            swiftSettings: settings
        ),
    ]
    // Apart, because the libraries of a node take long to build.
    if fuzzed == "node" {
        package.targets.append(
            .executableTarget(
                name: "FuzzNode",
                dependencies: [
                    "FuzzDriver", "P2PNode", "Consensus", "Primitives",
                    .product(name: "SystemPackage", package: "swift-system"),
                ],
                path: "Fuzz/Node",
                swiftSettings: settings
            )
        )
    }
}
