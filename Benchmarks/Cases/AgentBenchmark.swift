import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Planning
import PlanningInput
import TestSupport
import TributaryAPI

/// Edits a ServiceMonitor repeatedly, and measures the time until the Secret with the agent's configuration changes, and the
/// operator's memory with thousands of other monitors.
enum AgentBenchmark {
    private static let edits = 200
    private static let monitors = Resource(
        group: "monitoring.coreos.com", version: "v1", kind: "ServiceMonitor", plural: "servicemonitors")

    static func run(on server: Server, others count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): a monitor is edited \(edits) times with \(count) others")
        let namespace = "agent-\(count)"
        try await install(on: server)
        try await server.apply(Object(.namespaces, name: namespace))
        try await server.forEach(0..<count) { number in
            try await server.client.create(monitors, monitor("other-\(number)", in: namespace))
        }
        try await server.apply(
            Object(
                PrometheusAgent.resource, namespace: namespace, name: "cluster",
                [
                    "spec": [
                        "serviceMonitorSelector": [:],
                        "remoteWrite": [["name": "central", "url": "https://central.example.org/api/v1/write"]],
                    ]
                ]))
        try await OperatorProcess.with(server) { process in
            try await measure(server, namespace, count, report)
            try await Task.sleep(for: .seconds(2))
            let limit: Double = count == 0 ? 25 : 60
            report.set(
                "resident memory, \(count) monitors, after \(edits) edits", server.side,
                megabytes: process.memory.resident, atMost: limit)
            report.set(
                "resident memory, \(count) monitors, peak", server.side, megabytes: process.memory.peak)
        }
        for object in try await server.client.listAll(PrometheusAgent.resource, namespace: namespace).items {
            try await server.client.delete(PrometheusAgent.resource, object.key)
        }
    }

    private static func install(on server: Server) async throws {
        try await server.apply(monitors.looseDefinition)
        try await waitUntil("ServiceMonitors are served") { (try? await server.client.list(monitors)) != nil }
    }

    private static func monitor(_ name: String, in namespace: String, path: String = "/metrics") -> Object {
        Object(
            monitors, namespace: namespace, name: name, labels: ["team": "shop"],
            [
                "spec": [
                    "selector": ["matchLabels": ["app": JSON(name)]],
                    "endpoints": [
                        [
                            "port": "web", "path": JSON(path), "interval": "30s",
                            "metricRelabelings": [
                                ["sourceLabels": ["__name__"], "regex": "go_.*", "action": "drop"]
                            ],
                        ]
                    ],
                ]
            ])
    }

    private static func edit(_ server: Server, _ monitor: Object) async throws {
        try await server.client.apply(monitors, monitor, fieldManager: "benchmarks", force: true)
    }

    private static func measure(
        _ server: Server, _ namespace: String, _ count: Int, _ report: Report
    ) async throws {
        let name = ObjectKey(namespace: namespace, name: "edited")
        var seen = Sightings<String>(WatchScope(monitors, namespace: namespace), server.client) { object in
            object.key == name ? object.json["spec", "endpoints"]?[0]?["path"]?.string : nil
        }
        // Each edit writes one of the Secrets with the configuration, so all writes are counted.
        let written = Locked(0)
        var secrets = Sightings<Int>(WatchScope(.secrets, namespace: namespace), server.client) { object in
            guard object.name.hasPrefix("cluster-agent") else { return nil }
            return written.withLock { written in
                written += 1
                return written
            }
        }
        try await waitUntil("the configuration is written", within: .seconds(120)) {
            let agent = try await server.client.get(
                PrometheusAgent.resource, ObjectKey(namespace: namespace, name: "cluster"))
            return agent.json["status", "monitors"]?.int == count
        }
        try await edit(server, monitor(name.name, in: namespace, path: "/first"))
        try await waitUntil("nothing more is written", within: .seconds(60)) {
            let before = written.withLock { $0 }
            try await Task.sleep(for: .seconds(1))
            return before == written.withLock { $0 }
        }
        // The first edits include start-up costs: connections and memory.
        var (event, whole) = (Samples(), Samples())
        for number in -10..<edits {
            if number == 0 { server.local?.clearRequests() }
            let expected = written.withLock { $0 } + 1
            let sent = ContinuousClock.now
            try await edit(server, monitor(name.name, in: namespace, path: "/edit\(number)"))
            let happened = try await seen.time(of: "/edit\(number)")
            let saw = try await secrets.time(of: expected)
            guard number >= 0 else { continue }
            event.add(saw - happened)
            whole.add(saw - sent)
        }
        let side = server.side
        let beside = "\(count) others"
        report.set("event → configuration Secret, \(beside), median", side, event.median, atMost: count == 0 ? 10 : 20)
        report.set("event → configuration Secret, \(beside), p99", side, event.percentile(99))
        report.set("monitor's apply sent → Secret seen, \(beside), median", side, whole.median)
        guard let local = server.local else { return }
        let requests = local.requests.filter { $0.userAgent.hasPrefix("tributary/") && $0.verb != "watch" }
        report.set(
            "Secret applies per edit, \(beside)", .local,
            count: Double(requests.count { $0.verb == "apply" && $0.resource == "secrets" }) / Double(edits), exactly: 1
        )
        report.set(
            "other requests per edit, \(beside)", .local,
            count: Double(requests.count { $0.verb != "apply" || $0.resource != "secrets" }) / Double(edits), exactly: 0
        )
    }
}
