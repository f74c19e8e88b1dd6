import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import TestSupport
import TributaryAPI

/// Measures thousands of tenants: a first operator creates their objects, and a second one finds everything done.
///
/// Without a gateway, each tenant has a read proxy; with one, all share a proxy, and each has two credentials.
enum FleetBenchmark {
    private static let namespace = "fleet"

    static func run(on server: Server, tenants count: Int, hasGateway: Bool = false, _ report: Report) async throws {
        guard let local = server.local else { return }
        let suffix = hasGateway ? " behind a gateway" : ""
        Progress.say("\(server.side.name): \(count) tenants\(suffix) are created")
        try await Receivers(server: server, namespace: namespace, count: 3, hasGateway: hasGateway).make()
        try await server.forEach(0..<count) { number in
            try await server.client.create(Tenant.resource, tenant(number))
        }
        let requests = Requests(of: local)
        try await start(server, count, suffix, requests, report)
        requests.reset()
        try await restart(server, count, suffix, requests, report)
    }

    static func tenant(_ number: Int) -> Object {
        let digits = String(number)
        let name = "t-" + String(repeating: "0", count: 5 - digits.count) + digits
        return Object(
            Tenant.resource, namespace: namespace, name: name,
            ["spec": ["globalViewRef": ["name": JSON(Receivers.viewName)]]])
    }

    private static func start(
        _ server: Server, _ count: Int, _ suffix: String, _ requests: Requests, _ report: Report
    ) async throws {
        Progress.say("\(server.side.name): an operator starts and creates their objects")
        let kubelet = DeploymentStatuses(server, namespace: namespace)
        defer { kubelet.stop() }
        let tenants = Store<Bool>()
        let scope = WatchScope(Tenant.resource, namespace: namespace)
        let watching = Task {
            await Watcher(scope, into: tenants, client: server.client, logger: Server.logger) { isReady($0) }.run()
        }
        defer { watching.cancel() }
        let began = ContinuousClock.now
        try await OperatorProcess.with(server) { process in
            try await waitUntil("all tenants are ready", within: .seconds(600)) {
                try await Task.sleep(for: .milliseconds(100))
                return tenants.values.count { $0 } == count
            }
            let time = ContinuousClock.now - began
            report.set("\(count) Tenants\(suffix) ready, from the start", .local, time)
            try await settle(process, requests)
            let each = Double(count)
            report.set(
                "applies per new Tenant\(suffix.isEmpty ? " (3 objects)" : suffix)", .local,
                count: requests.applies / each)
            report.set("status applies per new Tenant\(suffix)", .local, count: requests.statuses / each)
            report.set("other requests per new Tenant\(suffix)", .local, count: requests.others / each)
            report.set(
                "resident memory, \(count) new Tenants\(suffix)", .local, megabytes: process.memory.resident,
                atMost: suffix.isEmpty ? 100 : nil)
            report.set("resident memory, \(count) new Tenants\(suffix), peak", .local, megabytes: process.memory.peak)
        }
    }

    private static func restart(
        _ server: Server, _ count: Int, _ suffix: String, _ requests: Requests, _ report: Report
    ) async throws {
        Progress.say("\(server.side.name): an operator starts and finds everything done")
        let began = ContinuousClock.now
        try await OperatorProcess.with(server) { process in
            try await waitUntil("all tenants are reconciled", within: .seconds(300)) {
                try await Task.sleep(for: .milliseconds(100))
                return try await process.metric("controller_runtime_reconcile_total") > Double(count)
            }
            report.set(
                "restart with \(count) Tenants\(suffix), until all are reconciled", .local, ContinuousClock.now - began)
            try await settle(process, requests)
            report.set(
                "writes after a restart\(suffix)", .local, count: requests.applies + requests.statuses, exactly: 0)
            report.set(
                "other requests after a restart\(suffix), without watches", .local, count: requests.others, exactly: 0)
            report.set(
                "resident memory, \(count) Tenants\(suffix)", .local, megabytes: process.memory.resident,
                atMost: suffix.isEmpty ? 100 : nil)
            report.set("resident memory, \(count) Tenants\(suffix), peak", .local, megabytes: process.memory.peak)
        }
    }

    /// Waits until the queue is empty and there have been no requests for some time.
    private static func settle(_ process: OperatorProcess, _ requests: Requests) async throws {
        var seen = -1.0
        try await waitUntil("there are no more requests", within: .seconds(120)) {
            let now = requests.applies + requests.statuses + requests.others
            defer { seen = now }
            if now == seen, try await process.metric("workqueue_depth") == 0 { return true }
            try await Task.sleep(for: .seconds(3))
            return false
        }
    }

    private static func isReady(_ object: Object) -> Bool {
        let conditions = object.json["status", "conditions"]?.array ?? []
        return conditions.contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" }
    }
}
