import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

extension Samples {
    /// A global view with a gateway.
    static let walled = walled()

    static func walled(_ gateway: String = "{}", _ more: String = "{}") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          <<: \(more)
          gateway: \(gateway)
          external:
            writeURL: https://mimir.example.org/api/v1/push
            queryURL: https://mimir.example.org/prometheus
            tenantHeader: X-Scope-OrgID
        """
    }

    static func secret(_ name: String, _ values: [String: String], labels: String = "{}") -> String {
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: \(name), labels: \(labels)}
        stringData: {\(values.sorted { $0.key < $1.key }.map { "\($0.key): \"\($0.value)\"" }.joined(separator: ", "))}
        """
    }
}

extension Scene {
    /// Fills the random bytes with a number.
    mutating func makeRandom(_ byte: UInt8) { snapshot.entropy = [UInt8](repeating: byte, count: 32) }

    /// Applies the Secrets of a tenant's plan, and the tenant's status.
    mutating func applyCredentials(of tenant: String) throws {
        let plan = plan(tenant: tenant)
        for object in plan.objects where object.kind == "Secret" { try snapshot.take(object) }
        try setStatus(of: tenant, plan)
    }

    mutating func setStatus(of tenant: String, _ plan: Plan) throws {
        var changed = try #require(snapshot.tenants[Self.key(tenant)])
        changed.status = try plan.status(of: tenant).decode()
        snapshot.take(.tenant(changed.key, Boxed(changed)))
    }

    /// Changes a tenant's specification or metadata.
    mutating func change(_ tenant: String, _ body: (inout Tenant) -> Void) throws {
        var changed = try #require(snapshot.tenants[Self.key(tenant)])
        body(&changed)
        snapshot.take(.tenant(changed.key, Boxed(changed)))
    }

    /// Makes the pods of the gateway ready.
    mutating func startGateway() {
        let workload = Workload(
            Object(["spec": ["replicas": 2], "status": ["readyReplicas": 2, "updatedReplicas": 2]]))
        snapshot.take(.workload(WorkloadKey(.deployments, Self.key("main-gateway")), workload, of: nil))
    }

    mutating func pass(hours: Int) { snapshot.now = snapshot.now.advanced(by: .seconds(hours * 3600)) }
}

extension Object {
    /// A value of a Secret.
    func value(_ key: String) throws -> String {
        let data = try #require(
            json["data", key]?.string, "no key \(key) in \(json["data"]?.object?.keys.sorted() ?? [])")
        return String(decoding: try #require(Base64.decode(data.utf8)), as: UTF8.self)
    }

    /// The keys of a Secret.
    var dataKeys: [String] { (json["data"]?.object.map { Array($0.keys) } ?? []).sorted() }
}
