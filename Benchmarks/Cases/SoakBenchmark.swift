import Kube
import KubeClient
import LocalCluster
import TestSupport
import TributaryAPI

/// An hour of an operator's life in some minutes: edits, tenants and pods that come and go, watches that break, an API server
/// that restarts. Its memory, descriptors, threads and watches must not grow.
enum SoakBenchmark {
    /// How long it takes; the environment variable `SOAK_SECONDS` overrides it.
    private static let time = Duration.seconds(ChildProcess.environment["SOAK_SECONDS"].flatMap { Int($0) } ?? 240)
    /// What an hour has, in as many rounds.
    private static let rounds = 360
    private static let tenants = 200
    private static let namespace = "fleet"

    private struct Sample {
        var minute: Int
        var resident: Double
        var anonymous: Double
        var descriptors: Int
        var threads: Int
        var watches: Int
    }

    static func run(_ report: Report) async throws {
        try await Server.with(.local, port: try freePort()) { server in
            guard let local = server.local else { return }
            let receivers = Receivers(server: server, namespace: namespace, count: 5, hasGateway: false)
            try await receivers.make()
            try await server.forEach(0..<tenants) { number in
                try await server.client.create(Tenant.resource, FleetBenchmark.tenant(number))
            }
            let kubelet = DeploymentStatuses(server, namespace: namespace)
            defer { kubelet.stop() }
            try await OperatorProcess.with(server) { process in
                _ = try await process.lastWrite(quietFor: .seconds(3))
                var samples: [Sample] = []
                let began = ContinuousClock.now
                for round in 0..<rounds {
                    try await Task.sleep(until: began + time * round / rounds, clock: .continuous)
                    // While the API server restarts, what fails is done in the next round.
                    try? await work(round, server, receivers)
                    try await disturb(round, local)
                    guard process.child.isRunning else { throw WaitingError(description: process.child.log) }
                    if round % 6 == 5 { samples.append(sample(round / 6 + 1, process, local)) }
                }
                write(samples)
                judge(samples, report)
            }
        }
    }

    private static func work(_ round: Int, _ server: Server, _ receivers: Receivers) async throws {
        for number in 0..<5 {
            let tenant = FleetBenchmark.tenant((round * 5 + number) % tenants)
            try await server.client.patch(
                Tenant.resource, tenant.key, .merge,
                body: ["spec": ["read": ["replicas": JSON(1 + (round * 5 / tenants + 1) % 2)]]])
        }
        try await receivers.setLast(ready: round % 2 == 0)
        // A guest stays for three rounds.
        func guest(_ round: Int) -> Object {
            Object(
                Tenant.resource, namespace: namespace, name: "guest-\(round)",
                ["spec": ["globalViewRef": ["name": JSON(Receivers.viewName)]]])
        }
        try await server.client.create(Tenant.resource, guest(round))
        // A pod of a read proxy comes and goes, each time another one.
        func pod(_ round: Int) -> Object {
            Object(
                .pods, namespace: namespace, name: "t-00000-read-\(round)",
                labels: [
                    "app.kubernetes.io/managed-by": "tributary", "app.kubernetes.io/instance": "t-00000",
                    "app.kubernetes.io/component": "read-proxy", "app.kubernetes.io/name": "prom-label-proxy",
                ], ["spec": ["containers": [["name": "proxy", "image": "example.com/proxy:1"]]]])
        }
        try await server.client.create(.pods, pod(round))
        for old in [round - 3, round - 4] where old >= 0 {
            _ = try? await server.client.delete(Tenant.resource, guest(old).key)
            _ = try? await server.client.delete(.pods, pod(old).key)
        }
    }

    private static func disturb(_ round: Int, _ local: LocalCluster) async throws {
        // Not more often: a watcher waits longer each time if it broke less than two minutes before, and those are not compressed.
        if round % 180 == 60 { local.dropWatches() }
        if round % 60 == 30 { local.compact() }
        guard round % 150 == 149 else { return }
        await local.stop()
        try await local.start()
    }

    private static func sample(_ minute: Int, _ process: OperatorProcess, _ local: LocalCluster) -> Sample {
        let pid = process.child.pid
        let memory = process.memory
        return Sample(
            minute: minute, resident: memory.resident, anonymous: memory.anonymous,
            descriptors: TemporaryDirectory.names(in: "/proc/\(pid)/fd").count,
            threads: TemporaryDirectory.names(in: "/proc/\(pid)/task").count, watches: local.watchCount)
    }

    private static func write(_ samples: [Sample]) {
        print("minute  resident MB  anonymous MB  descriptors  threads  watches")
        for sample in samples where sample.minute % 5 == 0 || sample.minute == 1 {
            print(
                [
                    pad("\(sample.minute)", 6), pad(sample.resident.short, 11), pad(sample.anonymous.short, 12),
                    pad("\(sample.descriptors)", 11), pad("\(sample.threads)", 7), pad("\(sample.watches)", 7),
                ].joined(separator: "  "))
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Compares the last quarter of the hour with the second one. The first one is for warming up.
    private static func judge(_ samples: [Sample], _ report: Report) {
        // What breaks just before a sample makes single ones high or low.
        func median(_ quarter: Int, _ value: (Sample) -> Double) -> Double {
            let values = samples.filter { ($0.minute - 1) / 15 == quarter }.map(value).sorted()
            return values.isEmpty ? 0 : values[values.count / 2]
        }
        func compare(_ name: String, _ value: (Sample) -> Double, slack: (Double) -> Double, _ unit: String) {
            let (before, after) = (median(1, value), median(3, value))
            let limit = slack(before)
            report.set(
                "\(name) in the last quarter of an hour of soak", .local, "\(after.short)\(unit)",
                limit: "≤ \(limit.short)\(unit)", isOver: after > limit)
            if after > limit { report.fail() }
        }
        compare("resident memory", { $0.resident }, slack: { $0 * 1.1 + 1 }, " MB")
        compare("memory of the process alone", { $0.anonymous }, slack: { $0 * 1.1 + 1 }, " MB")
        compare("descriptors", { Double($0.descriptors) }, slack: { $0 + 4 }, "")
        compare("threads", { Double($0.threads) }, slack: { $0 + 2 }, "")
        compare("watches", { Double($0.watches) }, slack: { $0 + 4 }, "")
    }
}
