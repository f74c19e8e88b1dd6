import Kube
import KubeClient
import TestSupport
import TributaryAPI

/// Measures one operator with as much as it is meant for: 10,000 Tenants, 1,000 PrometheusAgents, 200 receivers and 20,000
/// monitors. The environment variable `SCALE` is the percentage of that.
enum ScaleBenchmark {
    private static let percent = ChildProcess.environment["SCALE"].flatMap { Int($0) } ?? 100
    private static let tenants = 10_000 * percent / 100
    private static let agents = 1_000 * percent / 100
    private static let monitorsOfEach = 20
    private static let receivers = max(3, 200 * percent / 100)
    private static let agentNamespaces = 20

    private static let monitors = Resource(
        group: "monitoring.coreos.com", version: "v1", kind: "ServiceMonitor", plural: "servicemonitors")

    static func run(on server: Server, _ report: Report) async throws {
        guard let local = server.local else { return }
        let all = "\(tenants) Tenants, \(agents) agents, \(receivers) receivers, \(agents * monitorsOfEach) monitors"
        Progress.say("\(server.side.name): \(all) are created")
        try await make(server)
        let spaces = (0..<agentNamespaces).map(space)
        let kubelets =
            [DeploymentStatuses(server, namespace: "fleet")]
            + spaces.map { DeploymentStatuses(server, of: .statefulSets, namespace: $0) }
        defer { for kubelet in kubelets { kubelet.stop() } }
        let requests = Requests(of: local)
        let name = "at \(percent) % of the whole scale"
        Progress.say("\(server.side.name): an operator starts and creates their objects")
        try await OperatorProcess.with(server) { process in
            let began = ContinuousClock.now
            let last = try await process.lastWrite(quietFor: .seconds(10))
            let writes = requests.applies + requests.statuses
            report.set("first convergence, \(all)", .local, last - began)
            report.set("writes of the first convergence, \(name)", .local, count: writes)
            report.set("writes in a second, \(name)", .local, count: writes / (last - began).seconds)
            report.set(
                "requests per object made, \(name)", .local,
                ratio: (requests.applies + requests.others) / max(requests.applies, 1), atMost: 1.1)
            report.set(
                "resident memory after the first convergence, \(name)", .local, megabytes: process.memory.resident)
            report.set("resident memory, peak, \(name)", .local, megabytes: process.memory.peak)
        }
        requests.reset()
        Progress.say("\(server.side.name): an operator starts and finds everything done")
        let began = ContinuousClock.now
        try await OperatorProcess.with(server) { process in
            let count = Double(tenants + agents + 1)
            try await waitUntil("all are reconciled", within: .seconds(600)) {
                try await Task.sleep(for: .milliseconds(100))
                let done = try await process.metric("controller_runtime_reconcile_total")
                let waiting = try await process.metric("workqueue_depth")
                return done >= count && waiting == 0
            }
            report.set("restart, until all are reconciled, \(name)", .local, ContinuousClock.now - began)
            _ = try await process.lastWrite(quietFor: .seconds(10))
            report.set(
                "writes after a restart, \(name)", .local, count: requests.applies + requests.statuses, exactly: 0)
            report.set("resident memory after a restart, \(name)", .local, megabytes: process.memory.resident)
        }
    }

    private static func space(_ number: Int) -> String { "cluster-\(number)" }

    private static func make(_ server: Server) async throws {
        try await Receivers(server: server, namespace: "fleet", count: receivers).make()
        try await server.apply(monitors.looseDefinition)
        try await waitUntil("ServiceMonitors are served") { (try? await server.client.list(monitors)) != nil }
        for number in 0..<agentNamespaces { try await server.apply(Object(.namespaces, name: space(number))) }
        try await server.forEach(0..<agents * monitorsOfEach) { number in
            let agent = number / monitorsOfEach
            let name = "m-\(number)"
            try await server.client.create(
                monitors,
                Object(
                    monitors, namespace: space(agent % agentNamespaces), name: name, labels: ["agent": "a-\(agent)"],
                    ["spec": ["selector": ["matchLabels": ["app": JSON(name)]], "endpoints": [["port": "web"]]]]))
        }
        try await server.forEach(0..<agents) { number in
            try await server.client.create(
                PrometheusAgent.resource,
                Object(
                    PrometheusAgent.resource, namespace: space(number % agentNamespaces), name: "a-\(number)",
                    [
                        "spec": [
                            "serviceMonitorSelector": ["matchLabels": ["agent": JSON("a-\(number)")]],
                            "remoteWrite": [["name": "central", "url": "https://central.example.org/api/v1/write"]],
                        ]
                    ]))
        }
        try await server.forEach(0..<tenants) { number in
            try await server.client.create(Tenant.resource, FleetBenchmark.tenant(number))
        }
    }
}
