import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Planning
import PlanningInput
import Receivers
import TestSupport

/// Measures `tributary hashring` with the flags of thanos-receive-controller: the time until the generated ConfigMap has a
/// receiver that became ready, and until it no longer has one that was removed.
enum DropInBenchmark {
    private static let changes = 200

    static func run(on server: Server, receivers count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): the drop-in with \(count) receivers, scaled \(changes) times")
        let receivers = DropInReceivers(
            receivers: Receivers(server: server, namespace: "drop-in-\(count)", count: count))
        try await receivers.make()
        let flags = [
            "-namespace", receivers.namespace, "-configmap-name", DropInReceivers.base, "-configmap-generated-name",
            DropInReceivers.generated, "-file-name", PublishedHashrings.fileName,
        ]
        try await OperatorProcess.with(server, "hashring", flags, addressFlag: "-internal-addr") { process in
            try await measure(receivers, report)
            report.set(
                "drop-in: resident memory, \(count) receivers", server.side, megabytes: process.memory.resident)
        }
    }

    private static func measure(_ receivers: DropInReceivers, _ report: Report) async throws {
        let (server, count) = (receivers.receivers.server, receivers.receivers.count)
        let last = receivers.receivers.lastPod
        var pods = Sightings<Bool>(WatchScope(.pods, namespace: receivers.namespace), server.client) { pod in
            pod.key == last ? ReceiverPod(pod)?.isReady : nil
        }
        var sets = Sightings<Int>(WatchScope(.statefulSets, namespace: receivers.namespace), server.client) {
            $0.json["spec", "replicas"]?.int
        }
        var files = Sightings<Int>(WatchScope(.configMaps, namespace: receivers.namespace), server.client) { file in
            guard file.name == DropInReceivers.generated else { return nil }
            return PublishedHashrings(file)?.file?.rings.first?.endpoints.count
        }
        _ = try await files.time(of: count)
        var (joins, leaves) = (Samples(), Samples())
        // The first changes include start-up costs: connections and memory.
        for number in -10..<changes {
            if number == 0 { server.local?.clearRequests() }
            try await receivers.scale(to: count - 1)
            let scaled = try await sets.time(of: count - 1)
            let left = try await files.time(of: count - 1)
            try await receivers.receivers.setLast(ready: false)
            _ = try await pods.time(of: false)
            try await receivers.scale(to: count)
            _ = try await sets.time(of: count)
            try await receivers.receivers.setLast(ready: true)
            let ready = try await pods.time(of: true)
            let joined = try await files.time(of: count)
            guard number >= 0 else { continue }
            leaves.add(left - scaled)
            joins.add(joined - ready)
        }
        let ring = "\(count) receivers"
        for (what, samples) in [("last pod ready", joins), ("scale-down", leaves)] {
            report.set("drop-in: \(what) → ConfigMap, \(ring), median", server.side, samples.median, atMost: 10)
            report.set(
                "drop-in: \(what) → ConfigMap, \(ring), p99", server.side, samples.percentile(99), atMost: 50)
        }
        guard let local = server.local else { return }
        let requests = local.requests.filter { $0.userAgent.hasPrefix("tributary/") && $0.verb != "watch" }
        let writes = requests.count { $0.verb == "update" && $0.resource == "configmaps" }
        report.set(
            "drop-in: ConfigMap updates per change, \(ring)", .local, count: Double(writes) / Double(2 * changes),
            exactly: 1)
        report.set(
            "drop-in: other requests per change, \(ring)", .local,
            count: Double(requests.count - writes) / Double(2 * changes), exactly: 0)
    }
}

/// Receivers for thanos-receive-controller: labelled, and with a base ConfigMap.
private struct DropInReceivers {
    let receivers: Receivers

    static let base = "tenants"
    static let generated = "tenants-generated"

    var namespace: String { receivers.namespace }

    func make() async throws {
        try await receivers.makePods(labels: [
            "controller.receive.thanos.io": "thanos-receive-controller",
            "controller.receive.thanos.io/hashring": "soft",
        ])
        try await receivers.server.apply(
            Object(
                .configMaps, namespace: namespace, name: Self.base,
                ["data": [PublishedHashrings.fileName: #"[{"hashring":"soft"}]"#]]))
    }

    func scale(to count: Int) async throws {
        try await receivers.server.client.patch(
            .statefulSets, ObjectKey(namespace: namespace, name: Receivers.setName), .merge,
            body: ["spec": ["replicas": JSON(count)]])
    }
}
