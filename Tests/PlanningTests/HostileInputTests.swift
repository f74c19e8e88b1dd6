import Hashring
import Kube
import Planning
import PlanningInput
import Receivers
import Testing
import TributaryAPI
import YAML

/// Plans of input that is invalid or larger than intended.
@Suite("Hostile input")
struct HostileInputTests {
    static let view = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, namespace: o11y, uid: u1, generation: 1}
        spec:
          thanos:
            query: {url: "http://query.o11y.svc:9090"}
            hashrings:
            - {name: ring-0, adopt: {selector: {matchLabels: {ring: ring-0}}}}
            - {name: soft, soft: true, adopt: {selector: {matchLabels: {ring: soft}}}}
        """

    static func snapshot(_ texts: String...) throws -> Snapshot {
        var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000))
        for text in texts {
            for document in try YAML.parse(text) {
                try snapshot.take(Object(document.value))
            }
        }
        return snapshot
    }

    static func set(_ name: String, replicas: Int, more: String = "") -> String {
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: \(name), namespace: o11y, labels: {ring: \(name)}}
        spec: {replicas: \(replicas), serviceName: \(name), selector: {matchLabels: {app: \(name)}}\(more)}
        """
    }

    static func agent(_ name: String, in namespace: String) -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: \(name), namespace: \(namespace), uid: u1}
        spec:
          remoteWrite: [{url: "http://central:9090/api/v1/write"}]
          scrapeConfigs:
          - {job_name: pods, kubernetes_sd_configs: [{role: pod, namespaces: {names: [shop]}}]}
        """
    }

    static func plan(view snapshot: Snapshot) -> Plan {
        Planner(snapshot).plan(for: .globalView(ObjectKey(namespace: "o11y", name: "main")))
    }

    @Test func `A StatefulSet with a million replicas is planned within bounds`() throws {
        let snapshot = try Self.snapshot(Self.view, Self.set("soft", replicas: 1_000_000))
        let set = try #require(snapshot.receiverSets.values.first)
        #expect(set.ordinals.count == 5000)
    }

    @Test func `Pods with the largest possible ordinals do not end the program`() throws {
        let start = ", ordinals: {start: \(Int.max)}"
        let set = try #require(
            try Self.snapshot(Self.set("soft", replicas: 3, more: start)).receiverSets.values.first)
        #expect(set.ordinals.count == 3)
    }

    @Test func `A status stays valid with any number of waiting receivers`() throws {
        var snapshot = try Self.snapshot(
            Self.view, Self.set("ring-0", replicas: 1), Self.set("soft", replicas: 4000))
        let file = HashringFile([
            Hashring(name: "soft", endpoints: [Endpoint(address: "soft-0.soft.o11y.svc.cluster.local:10901")])
        ])
        let configMap = Object(
            .configMaps, namespace: "o11y", name: "main-hashrings",
            ["data": [PublishedHashrings.fileName: JSON(file.encoded())]])
        snapshot.take(.hashrings(configMap.key, PublishedHashrings(configMap)))
        let status = try #require(Self.plan(view: snapshot).statuses.first?.status)
        let problems = GlobalView.schema.validate(["status": status]).filter { $0.path.steps.first == .key("status") }
        #expect(problems.isEmpty)
        let message = status["conditions"]?.array?.first?["message"]?.string ?? ""
        #expect(message.contains("and 39"))
        #expect(message.utf8.count < 1000)
    }

    @Test func `Without the custom resource, existing objects are not deleted`() {
        let snapshot = Snapshot(now: .now)
        let key = ObjectKey(namespace: "o11y", name: "main")
        for kind in [PlanKey.globalView(key), .tenant(key), .agent(key)] {
            #expect(Planner(snapshot).plan(for: kind).keepsExisting)
            #expect(Planner(snapshot).plan(for: kind, status: [:]).keepsExisting)
        }
    }

    @Test func `Two agents never use the same Role in a third namespace`() throws {
        let snapshot = try Self.snapshot(Self.agent("b-c", in: "a"), Self.agent("c", in: "a-b"))
        let roles = Planner(snapshot).plan().objects.filter { $0.kind == "Role" }
        #expect(roles.count == 2)
        #expect(Set(roles.map(\.key)).count == 2)
    }

    @Test func `Tenants keep their objects while their global view is invalid`() throws {
        let wrong = Self.view + "\n  external: {writeURL: \"http://x/\"}\n"
        let tenant = """
            apiVersion: tributary.dev/v1alpha1
            kind: Tenant
            metadata: {name: shop, namespace: o11y, uid: u2}
            spec: {globalViewRef: {name: main}}
            """
        let key = PlanKey.tenant(ObjectKey(namespace: "o11y", name: "shop"))
        #expect(try !Planner(Self.snapshot(Self.view, tenant)).plan(for: key).objects.isEmpty)
        let plan = try Planner(Self.snapshot(wrong, tenant)).plan(for: key)
        #expect(plan.objects.isEmpty)
        #expect(plan.keepsExisting)
        #expect(plan.diagnostics.map(\.reason) == ["GlobalViewInvalid"])
    }
}
