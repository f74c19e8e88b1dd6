import Explanations
import Kube
import KubeClient
import LocalCluster
import Operator
import PlanningInput
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI
import YAML

/// The table of permissions beside what an operator really asks for: while it has every kind of object to make, to change and
/// to delete.
@Suite("Permissions that are used", .timeLimit(.minutes(5))) struct PermissionUseTests {
    /// A permission, as far as a request tells.
    private struct Use: Hashable, Comparable, CustomStringConvertible {
        var resource: String
        var verb: String
        var description: String { "\(verb) \(resource)" }
        static func < (left: Use, right: Use) -> Bool { left.description < right.description }
    }

    /// What no request of this test needs, and why it is granted all the same.
    private static let notAsked: Set<String> = {
        // Kubernetes lets the operator grant to agents only what it has itself.
        let granted = [
            "pods", "services", "endpoints", "endpointslices.discovery.k8s.io", "ingresses.networking.k8s.io",
        ].flatMap { resource in ["get", "list", "watch"].map { "\($0) \(resource)" } }
        return Set(granted).union([
            // Admission plugins and the authorizer ask for these.
            "update globalviews.tributary.dev/finalizers", "update tenants.tributary.dev/finalizers",
            "update prometheusagents.tributary.dev/finalizers", "bind clusterroles.rbac.authorization.k8s.io",
            // Asked for when an agent's samples do not arrive, which takes a Prometheus (see DeliveryStory).
            "get pods/log",
            // Repetitions of an Event are counted.
            "patch events.events.k8s.io",
        ])
    }()

    @Test func `The operator may read and change the Lease of each shard that there can be, and no other`() throws {
        let base = ObjectKey(namespace: "tributary-system", name: "tributary.tributary.dev")
        let shards = try (0..<NamespaceShard.most).map { index in
            try #require(NamespaceShard(index, of: NamespaceShard.most)).lease(from: base).name
        }
        let permitted = OperatorPermission.all.filter { $0.resource == "leases" && $0.verbs != ["create"] }
        #expect(permitted.map(\.name) == shards)
    }

    @Test func `The operator uses the permissions of its table, and no others`() async throws {
        let cluster = LocalCluster()
        try await cluster.start()
        do {
            try await play(cluster)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }

    private func play(_ cluster: LocalCluster) async throws {
        let configuration = try ClusterConfiguration(server: cluster.url)
        let client = KubeClient(configuration, options: KubeClient.Options(userAgent: "installer"), logger: quiet)
        defer { Task { await client.shutdown() } }
        let optional = MonitorKind.allCases.map(\.resource) + [.httpRoutes, .grafanaDatasources, .certificates]
        try await Manifests.apply(TributaryAPI.customResourceDefinitions.map { Object($0) }, client)
        try await Manifests.apply(optional.map(\.looseDefinition), client)
        let examples = try Checkout.list("examples").filter { !$0.contains(".") && !$0.hasSuffix("controller") }
        let files = try examples.flatMap { try Checkout.list($0) }.sorted() + ["Tests/Fixtures/permissions/more.yaml"]
        for file in files where file.hasSuffix(".yaml") {
            for document in try YAML.parse(try Checkout.read(file)) { try await apply(Object(document.value), client) }
        }

        let home = Object(.namespaces, namespace: nil, name: "tributary-system", [:])
        try await client.apply(.namespaces, home, fieldManager: "installer", force: true)
        var options = OperatorConfiguration()
        options.lease = ObjectKey(namespace: "tributary-system", name: "tributary.tributary.dev")
        options.pod = ObjectKey(namespace: "tributary-system", name: "tributary-0")
        let running = RunningOperator(configuration, options)
        do {
            try await waitUntil("everything is made", within: .seconds(120)) {
                Self.unused(Self.used(cluster)).allSatisfy { $0.verb == "delete" }
            }
            // Each feature is switched off, so that what was made for it is deleted.
            for object in try await customResources(client) {
                try await client.patch(
                    try #require(Manifests.resource(of: object)), object.key, .merge,
                    body: ["spec": Self.withoutFeatures(object)])
            }
            try await waitUntil("everything is deleted", within: .seconds(120)) {
                Self.unused(Self.used(cluster)).isEmpty
            }
        } catch {
            #expect(Self.unused(Self.used(cluster)).sorted() == [], "in the table, and not asked for")
        }
        try await running.stop()
        let granted = Set(OperatorPermission.all.flatMap(Self.uses))
        #expect(Self.used(cluster).subtracting(granted).sorted() == [], "asked for, and not in the table")
    }

    private func apply(_ object: Object, _ client: KubeClient) async throws {
        guard let resource = Manifests.resource(of: object) ?? Self.monitor(object) else { return }
        try await client.apply(resource, object, fieldManager: "installer", force: true)
    }

    private static func monitor(_ object: Object) -> Resource? {
        MonitorKind.allCases.map(\.resource).first { $0.kind == object.kind && $0.apiVersion == object.apiVersion }
    }

    private func customResources(_ client: KubeClient) async throws -> [Object] {
        var all: [Object] = []
        for resource in [GlobalView.resource, Tenant.resource, PrometheusAgent.resource] {
            all += try await client.list(resource).items
        }
        return all
    }

    /// The patch of a specification that leaves only what is required.
    private static func withoutFeatures(_ object: Object) -> JSON {
        var patch: JSON = [:]
        for (member, _) in object.json["spec"]?.object ?? [:] where !["globalViewRef", "tenantRef"].contains(member) {
            patch[member] = .null
        }
        if object.kind == GlobalView.resource.kind { patch["external"] = ["writeURL": "https://example.org/push"] }
        return patch
    }

    /// What the operator has asked for.
    private static func used(_ cluster: LocalCluster) -> Set<Use> {
        var used: Set<Use> = []
        for request in cluster.requests where request.userAgent == "tributary" && !request.resource.isEmpty {
            let resource = request.resource + (request.subresource.map { "/\($0)" } ?? "")
            // Server-side apply needs both, since it creates what is not there.
            let creates = request.verb == "apply" && request.subresource == nil
            let verb = request.verb == "apply" ? "patch" : request.verb
            for verb in [verb] + (creates ? ["create"] : []) { used.insert(Use(resource: resource, verb: verb)) }
        }
        return used
    }

    /// What is granted and was not asked for.
    ///
    /// A watch needs a list where the API server does not stream lists. Who may list may as well get single objects, which the
    /// operator does where it must see what others have made of one.
    private static func unused(_ used: Set<Use>) -> Set<Use> {
        let granted = OperatorPermission.all.flatMap { permission -> [Use] in
            uses(of: permission).filter { use in
                guard ["get", "list"].contains(use.verb) else { return true }
                return !used.contains(Use(resource: use.resource, verb: "watch"))
            }
        }
        return Set(granted).subtracting(used).filter { !notAsked.contains($0.description) }
    }

    private static func uses(of permission: OperatorPermission) -> [Use] {
        let parts = permission.resource.split(separator: "/", maxSplits: 1).map(String.init)
        let base = permission.group.isEmpty ? parts[0] : "\(parts[0]).\(permission.group)"
        let resource = base + (parts.count > 1 ? "/\(parts[1])" : "")
        return permission.verbs.map { Use(resource: resource, verb: $0) }
    }
}
