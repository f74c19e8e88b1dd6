// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where changes are checked (see .ci/run), so that a newer compiler's warnings stop nobody else.
let strict: [SwiftSetting] = Context.environment["TRIBUTARY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
    ] + strict

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let collections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// The program with libFuzzer, whose runtime is there only with `--sanitize fuzzer`; see `make fuzz`.
let fuzzing: [Target] =
    Context.environment["TRIBUTARY_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz", swiftSettings: settings)
    ]

/// A library target of the operator, and beside it the target with its tests.
func library(
    _ name: String, _ dependencies: [Target.Dependency], tests: [Target.Dependency] = [], exclude: [String] = [],
    embedding resources: [String] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, resources: resources.map { .embedInCode($0) },
            swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies + tests, exclude: exclude,
            swiftSettings: settings),
    ]
}

let libraries: [[Target]] = [
    library("Crypto", ["CCrypto", "CCrypt"]),
    library("Kube", [collections]),
    library("YAML", ["CYAML", "Kube"], tests: ["TestSupport"]),
    library("Observability", ["CMalloc", "Kube", logging, nio, nioHTTP1, nioPosix], tests: ["TestSupport"]),
    library("KubeClient", ["CCurl", "Kube", "YAML", logging, deque, subprocess], tests: ["TestSupport"]),
    library(
        "KubeRuntime", ["Crypto", "KubeClient", "Kube", "Observability", logging, deque, lifecycle],
        tests: ["LocalCluster", "TestSupport"]),
    library("Hashring", ["Crypto", "Kube", "YAML", collections], tests: ["TestSupport"]),
    library("Receivers", ["Hashring", "Kube"], tests: ["TestSupport", "YAML"]),
    library("PrometheusConfig", ["Kube"], tests: ["TestSupport", "YAML"]),
    library("ConfigReload", ["Observability", logging], tests: ["TestSupport"]),
    library(
        "WriteRelay", ["CSnappy", "KubeClient", "Kube", "Observability", logging, nio, nioHTTP1],
        tests: ["TestSupport"]),
    library("ClientIdentity", ["Crypto", "Observability", "Kube", nioHTTP1], tests: ["TestSupport"]),
    library("TributaryAPI", ["Kube"], tests: ["KubeClient", "TestSupport", "YAML", logging]),
    library(
        "PlanningInput", ["TributaryAPI", "PrometheusConfig", "Receivers", "Hashring", "Crypto", "Kube"],
        tests: ["Planning", "TestSupport"]),
    library(
        "Planning",
        ["PlanningInput", "TributaryAPI", "PrometheusConfig", "Receivers", "Hashring", "Crypto", "Kube", "YAML"],
        tests: ["TestSupport"], exclude: ["Golden"]),
    library(
        "Conversion", ["PlanningInput", "TributaryAPI", "PrometheusConfig", "Kube"],
        tests: ["Planning", "TestSupport", "YAML"]),
    library(
        "Explanations",
        ["Planning", "PlanningInput", "PrometheusConfig", "Receivers", "TributaryAPI", "Hashring", "Kube"],
        tests: ["TestSupport", "YAML"]),
    library(
        "Topology", ["Explanations", "PlanningInput", "Receivers", "Hashring", "TributaryAPI", "Kube"],
        tests: ["Planning", "TestSupport", "YAML"]),
    library(
        "StatusPage", ["Topology", "Observability", "Kube"],
        tests: ["Explanations", "PlanningInput", "TributaryAPI", "TestSupport"],
        embedding: ["Resources/page.html", "Resources/page.css", "Resources/page.js", "Resources/icon.svg"]),
    library(
        "HashringController",
        ["Receivers", "Hashring", "KubeRuntime", "KubeClient", "Kube", "Observability", logging],
        tests: ["LocalCluster", "TestSupport"]),
    library("LocalCluster", ["Kube", "YAML", logging, nio, nioHTTP1, nioPosix], tests: ["TestSupport"]),
    library(
        "Operator",
        [
            "Planning", "PlanningInput", "PrometheusConfig", "Receivers", "TributaryAPI", "KubeRuntime", "KubeClient",
            "Kube", "Topology", "StatusPage", "Explanations",
            "Observability", logging,
        ],
        tests: ["LocalCluster", "TestSupport", "YAML"]),
]

let package = Package(
    name: "tributary",
    products: [.executable(name: "tributary", targets: ["tributary"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .executableTarget(
            name: "tributary",
            dependencies: [
                "Operator", "HashringController", "Conversion", "Topology", "Explanations", "Planning",
                "PlanningInput",
                "PrometheusConfig", "Receivers", "TributaryAPI", "KubeRuntime", "KubeClient",
                "Kube", "YAML", "Observability", "Hashring", "LocalCluster", "ConfigReload", "WriteRelay",
                "ClientIdentity",
                logging, lifecycle, lifecycleSignals, arguments,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Planning", "PlanningInput", "Receivers", "TributaryAPI", "KubeRuntime", "KubeClient", "Kube", "YAML",
                "LocalCluster",
                "TestSupport", logging,
            ],
            path: "Benchmarks",
            exclude: ["README.md"],
            swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: ["CSpawn", "KubeClient", "Kube", "YAML", subprocess, nio, nioHTTP1, nioPosix],
            path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Planning", "PlanningInput", "TributaryAPI", "PrometheusConfig", "Hashring", "KubeClient", "Kube",
                "YAML",
                "LocalCluster", "Observability", nio, nioHTTP1, nioEmbedded,
            ],
            path: "Tests/FuzzTargets", swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "TestSupport", "LocalCluster", "KubeClient", "KubeRuntime", "Kube", "YAML", "TributaryAPI", "Planning",
                "PlanningInput",
                "Operator", "HashringController", "Receivers", "Hashring", "Crypto", "Observability", "tributary",
                "StatusPage", "Topology", "Explanations",
                logging,
                subprocess,
            ],
            swiftSettings: settings),
    ] + libraries.flatMap { $0 } + fuzzing
)
