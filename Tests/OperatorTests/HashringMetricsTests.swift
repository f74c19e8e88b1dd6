import Kube
import Observability
import Planning
import PlanningInput
import Receivers
import Testing
import TributaryAPI

@testable import Operator

/// Metrics of hashrings, as they follow from plans.
@Suite("The metrics of hashrings") struct HashringMetricsTests {
    private static let key = ObjectKey(namespace: "o11y", name: "main")
    private static let planKey = PlanKey.globalView(key)

    private let registry = MetricsRegistry()

    /// The lines of the metrics about hashrings and views, without what all of them have.
    private var lines: [String] {
        registry.text().split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#") && $0.hasPrefix("tributary_")
        }
    }

    private static func view(_ rings: JSON) throws -> GlobalView {
        try GlobalView(
            Object(
                GlobalView.resource, namespace: key.namespace, name: key.name,
                [
                    "spec": [
                        "thanos": [
                            "replicationFactor": 2, "hashrings": rings, "query": ["url": "http://query:9090"],
                            "writeURL": "http://receive:19291/api/v1/receive",
                        ]
                    ]
                ]))
    }

    private static func ring(_ name: String, soft: Bool = false, _ membership: JSON = .null) -> JSON {
        let ring: JSON = [
            "name": JSON(name), "soft": soft ? true : .null,
            "adopt": ["selector": ["matchLabels": ["ring": JSON(name)]]], "membership": membership,
        ]
        return ring.droppingNulls
    }

    /// A ring's StatefulSet and its pods, all of them ready.
    private static func add(_ name: String, ring: String, _ replicas: Int, to snapshot: inout Snapshot) {
        let set = Object(
            .statefulSets, namespace: key.namespace, name: name, labels: ["ring": ring],
            ["spec": ["replicas": JSON(replicas), "serviceName": JSON(name)]])
        snapshot.take(.receiverSet(set.key, ReceiverSet(set)))
        for number in 0..<replicas {
            let pod = Object(
                .pods, namespace: key.namespace, name: "\(name)-\(number)",
                ownerReferences: [
                    OwnerReference(
                        apiVersion: "apps/v1", kind: "StatefulSet", name: name, uid: "u", controller: true)
                ],
                [
                    "status": [
                        "conditions": [
                            ["type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"]
                        ]
                    ]
                ])
            snapshot.take(.receiverPod(pod.key, ReceiverPod(pod), of: set.key))
        }
    }

    private static func tenant(_ name: String, on ring: String, in snapshot: inout Snapshot) throws {
        let object = Object(
            Tenant.resource, namespace: key.namespace, name: name,
            ["spec": ["globalViewRef": ["name": "main"], "hashring": JSON(ring)]])
        snapshot.take(.tenant(object.key, Boxed(try Tenant(object))))
    }

    /// Takes what a plan publishes into the snapshot, as the watch would.
    private static func publish(_ plan: Plan, in snapshot: inout Snapshot) {
        for object in plan.objects {
            if let published = PublishedHashrings(object) { snapshot.take(.hashrings(object.key, published)) }
        }
    }

    @Test func `Each hashring shows its members and each view its file, and removed ones show nothing`() throws {
        let metrics = HashringMetrics(registry)
        var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000))
        let both: JSON = [Self.ring("hard"), Self.ring("soft", soft: true)]
        snapshot.take(.globalView(Self.key, Boxed(try Self.view(both))))
        Self.add("a", ring: "soft", 3, to: &snapshot)
        Self.add("b", ring: "hard", 2, to: &snapshot)
        try Self.tenant("shop", on: "hard", in: &snapshot)
        let plan = Planner(snapshot).plan(for: Self.planKey)
        metrics.update(plan, for: Self.planKey)
        let hash = try #require(plan.hashrings?.hash)
        #expect(
            lines == [
                #"tributary_globalview_tenants{namespace="o11y",globalview="main"} 1"#,
                #"tributary_hashring_desired{namespace="o11y",globalview="main",hashring="hard"} 2"#,
                #"tributary_hashring_desired{namespace="o11y",globalview="main",hashring="soft"} 3"#,
                #"tributary_hashring_hash{namespace="o11y",globalview="main"} \#(hash)"#,
                #"tributary_hashring_held{namespace="o11y",globalview="main",hashring="hard"} 0"#,
                #"tributary_hashring_held{namespace="o11y",globalview="main",hashring="soft"} 0"#,
                #"tributary_hashring_last_change_timestamp_seconds{namespace="o11y",globalview="main"} 1800000000"#,
                #"tributary_hashring_members{namespace="o11y",globalview="main",hashring="hard"} 2"#,
                #"tributary_hashring_members{namespace="o11y",globalview="main",hashring="soft"} 3"#,
                #"tributary_hashring_pending{namespace="o11y",globalview="main",hashring="hard"} 0"#,
                #"tributary_hashring_pending{namespace="o11y",globalview="main",hashring="soft"} 0"#,
                #"tributary_hashring_published{namespace="o11y",globalview="main"} 1"#,
                #"tributary_hashring_tenants{namespace="o11y",globalview="main",hashring="hard"} 1"#,
                #"tributary_hashring_tenants{namespace="o11y",globalview="main",hashring="soft"} 0"#,
            ])
        Self.publish(plan, in: &snapshot)
        snapshot.take(.globalView(Self.key, Boxed(try Self.view([Self.ring("soft", soft: true)]))))
        metrics.update(Planner(snapshot).plan(for: Self.planKey), for: Self.planKey)
        #expect(!registry.text().contains(#"hashring="hard""#))
        #expect(registry.text().contains(#"hashring="soft""#))
        metrics.forget(Self.planKey)
        #expect(lines.isEmpty)
    }

    @Test func `A hashring that is held and a view that cannot be published show that for as long as it lasts`() throws
    {
        let metrics = HashringMetrics(registry)
        var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000))
        snapshot.take(.globalView(Self.key, Boxed(try Self.view([Self.ring("soft", soft: true)]))))
        Self.add("a", ring: "soft", 3, to: &snapshot)
        Self.publish(Planner(snapshot).plan(for: Self.planKey), in: &snapshot)
        Self.add("a", ring: "soft", 1, to: &snapshot)
        metrics.update(Planner(snapshot).plan(for: Self.planKey), for: Self.planKey)
        let held = #"tributary_hashring_held{namespace="o11y",globalview="main",hashring="soft"}"#
        #expect(lines.contains("\(held) 1"))
        // An unreadable or invalid view keeps what is published; the numbers stay, and a reason comes with them.
        var invalid = Plan()
        invalid.keepsExisting = true
        invalid.diagnostics = [.error(Self.planKey, "spec", "InvalidSpec", "is wrong")]
        metrics.update(invalid, for: Self.planKey)
        let refused = #"tributary_hashring_refused{namespace="o11y",globalview="main",reason="InvalidSpec"} 1"#
        #expect(lines.contains(refused) && lines.contains("\(held) 1"))
        Self.add("a", ring: "soft", 3, to: &snapshot)
        metrics.update(Planner(snapshot).plan(for: Self.planKey), for: Self.planKey)
        #expect(!lines.contains(refused) && lines.contains("\(held) 0"))
    }

    @Test func `Receivers that have loaded another file than the published one are counted once they are asked`() throws
    {
        let metrics = HashringMetrics(registry)
        var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000))
        snapshot.take(.globalView(Self.key, Boxed(try Self.view([Self.ring("soft", soft: true)]))))
        Self.add("a", ring: "soft", 3, to: &snapshot)
        let plan = Planner(snapshot).plan(for: Self.planKey)
        Self.publish(plan, in: &snapshot)
        let hash = try #require(plan.hashrings?.hash)
        // The file has been published for a minute.
        var view = try Self.view([Self.ring("soft", soft: true)])
        view.status = try #require(plan.statuses.first).status.decode()
        snapshot.take(.globalView(Self.key, Boxed(view)))
        snapshot.now.seconds += 60
        for (number, loaded) in [hash, hash + 1, 7].enumerated() {
            snapshot.take(
                .loadedHashring(ObjectKey(namespace: "o11y", name: "a-\(number)"), .loaded(loaded), at: snapshot.now))
        }
        metrics.update(Planner(snapshot).plan(for: Self.planKey), for: Self.planKey)
        #expect(
            lines.contains(#"tributary_hashring_older_receivers{namespace="o11y",globalview="main",hashring="soft"} 2"#)
        )
    }
}
