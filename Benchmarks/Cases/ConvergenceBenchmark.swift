import Kube
import KubeClient
import PlanningInput
import TestSupport
import TributaryAPI

/// Compares an operator's first convergence with a bare load generator, which applies the same objects to the same server, and
/// measures edits at a steady rate.
enum ConvergenceBenchmark {
    private static let namespace = "fleet"
    /// Where the load generator applies the same objects.
    private static let copies = "copies"

    static func run(on server: Server, tenants count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): an operator makes the objects of \(count) tenants")
        try await Receivers(server: server, namespace: namespace, count: 3).make()
        try await server.forEach(0..<count) { number in
            try await server.client.create(Tenant.resource, FleetBenchmark.tenant(number))
        }
        let kubelet = DeploymentStatuses(server, namespace: namespace)
        defer { kubelet.stop() }
        try await OperatorProcess.with(server) { process in
            let rate = try await process.writesPerSecond()
            report.set("writes in a second, first convergence of \(count) Tenants", server.side, count: rate)
            let bare = try await bareRate(server)
            report.set("applies in a second, a bare load generator", server.side, count: bare)
            report.set("… of the operator in those", server.side, ratio: rate / bare, atLeast: 0.7)
            try await EditBenchmark.run(on: server, tenants: count, namespace: namespace, report)
        }
    }

    /// Applies what the operator has made once more, into another namespace, as fast as it goes.
    private static func bareRate(_ server: Server) async throws -> Double {
        try await server.apply(Object(.namespaces, name: copies))
        let kubelet = DeploymentStatuses(server, namespace: copies)
        defer { kubelet.stop() }
        var objects: [(Resource, Object)] = []
        let query = ListQuery(labelSelector: "\(Names.managedByLabel)=\(Names.manager)")
        for resource in [Resource.deployments, .services, .configMaps, .serviceAccounts, .networkPolicies] {
            objects += try await server.client.listAll(resource, namespace: namespace, query).items.map {
                (resource, copy($0))
            }
        }
        // Kind by kind would be another load than an operator's.
        objects.sort { $0.1.name < $1.1.name }
        let all = objects
        Progress.say("\(server.side.name): a load generator applies the same \(all.count) objects")
        let began = ContinuousClock.now
        try await server.forEach(0..<all.count) { number in
            let (resource, object) = all[number]
            _ = try await server.client.apply(resource, object, fieldManager: "load", force: true)
        }
        return Double(all.count) / (ContinuousClock.now - began).seconds
    }

    private static func copy(_ object: Object) -> Object {
        var copy = object
        copy.json["status"] = nil
        let metadata: JSON = [
            "name": JSON(object.name), "namespace": JSON(copies),
            // Not those of Tributary, which would find the copies.
            "labels": JSON(object.labels.filter { $0.key != Names.managedByLabel }),
        ]
        copy.json["metadata"] = metadata
        for member in ["clusterIP", "clusterIPs"] { copy.json["spec", member] = nil }
        return copy
    }
}
