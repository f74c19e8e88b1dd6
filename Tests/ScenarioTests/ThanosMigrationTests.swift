import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI
import YAML

extension Scenarios {
    /// The walk of `docs/migrating-thanos.md`, on manifests of the same shape as those of thanos-operator and kube-thanos.
    @Suite("Migration of Thanos from others", .timeLimit(.minutes(5))) struct ThanosMigrationTests {
        /// Receivers of one StatefulSet of three, with what reads the hashring file.
        private struct Receivers {
            var set: String
            var labels: JSON
            var arguments: [String]
            /// The ConfigMap that the receivers mount; nil if only routers do.
            var configMap: String?
        }

        private static func apply(_ receivers: Receivers, _ scenario: Scenario) async throws {
            let pod: JSON = [
                "containers": [
                    [
                        "name": "receive", "image": "quay.io/thanos/thanos:v0.41.0",
                        "args": JSON(["receive"] + receivers.arguments),
                        "env": [
                            ["name": "NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                            ["name": "NAMESPACE", "valueFrom": ["fieldRef": ["fieldPath": "metadata.namespace"]]],
                        ],
                        "volumeMounts": receivers.configMap == nil
                            ? [] : [["name": "rings", "mountPath": "/var/lib/thanos-receive"]],
                    ]
                ],
                "volumes": .array(
                    receivers.configMap.map { [["name": "rings", "configMap": ["name": JSON($0)]]] } ?? []),
            ]
            try await scenario.apply(
                .statefulSets, receivers.set, labels: receivers.labels.strings,
                [
                    "spec": [
                        "replicas": 3, "serviceName": JSON(receivers.set),
                        "selector": ["matchLabels": receivers.labels],
                        "template": ["metadata": ["labels": receivers.labels], "spec": pod],
                    ]
                ])
        }

        /// A hashring that adopts the StatefulSets with these labels.
        private static func hashring(_ name: String, soft: Bool, _ labels: JSON) -> JSON {
            ["name": JSON(name), "soft": .bool(soft), "adopt": ["selector": ["matchLabels": labels]]]
        }

        private static func applyView(_ scenario: Scenario, _ thanos: JSON) async throws {
            var thanos = thanos
            thanos["query"] = ["url": JSON("http://thanos-query.\(scenario.namespace).svc:9090")]
            thanos["writeURL"] = JSON("http://thanos-receive.\(scenario.namespace).svc:19291/api/v1/receive")
            try await scenario.apply(GlobalView.resource, "main", ["spec": ["thanos": thanos]])
        }

        private static func file(_ scenario: Scenario, _ configMap: String) async throws -> JSON? {
            let text = try await scenario.get(.configMaps, configMap)?.json["data", "hashrings.json"]?.string
            return try text.map { try JSON(parsing: $0) }
        }

        /// Everything about StatefulSets that somebody could notice.
        private static func traces(_ scenario: Scenario, _ sets: [String]) async throws -> [JSON] {
            var traces: [JSON] = []
            for set in sets {
                let object = try #require(try await scenario.get(.statefulSets, set))
                traces.append([
                    "uid": JSON(object.uid ?? ""), "generation": JSON(object.generation ?? 0),
                    "labels": JSON(object.labels), "spec": object.json["spec"] ?? .null,
                ])
            }
            return traces
        }

        private static func endpoints(_ set: String, _ end: String) -> JSON {
            .array((0..<3).map { ["address": JSON("\(set)-\($0).\(set).\(end):10901"), "az": ""] })
        }

        // MARK: - thanos-operator

        @Test(arguments: ClusterKind.available)
        func `The receivers of thanos-operator are adopted as they are, and their routers' ConfigMap is taken over`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                let router = "thanos-receive-router-example"
                var labels: [String: JSON] = [:]
                for hashring in ["blue", "green"] {
                    let set = "thanos-receive-ingester-example-\(hashring)"
                    labels[hashring] = [
                        "app.kubernetes.io/managed-by": "thanos-operator", "operator.thanos.io/owner": "example",
                        "operator.thanos.io/hashring": JSON(hashring),
                    ]
                    try await Self.apply(
                        Receivers(
                            set: set, labels: labels[hashring] ?? [:],
                            arguments: ["--receive.local-endpoint=$(NAME).\(set).$(NAMESPACE).svc:10901"]), scenario)
                }
                let sets = ["blue", "green"].map { "thanos-receive-ingester-example-\($0)" }
                let end = "\(scenario.namespace).svc"
                let theirs: JSON = [
                    [
                        "hashring": "blue", "tenants": ["team-a"], "tenant_matcher_type": "exact",
                        "endpoints": Self.endpoints(sets[0], end), "algorithm": "ketama",
                    ],
                    ["hashring": "green", "endpoints": Self.endpoints(sets[1], end), "algorithm": "ketama"],
                ]
                // It belongs to the ThanosReceive, for which another object stands in.
                let owner = try await scenario.apply(.configMaps, "example", [:])
                try await scenario.client.create(
                    .configMaps,
                    Object(
                        .configMaps, namespace: scenario.namespace, name: router,
                        labels: ["app.kubernetes.io/managed-by": "thanos-operator"],
                        ownerReferences: [
                            OwnerReference(
                                apiVersion: "v1", kind: "ConfigMap", name: owner.name, uid: owner.uid ?? "",
                                controller: true, blockOwnerDeletion: true)
                        ], ["data": ["hashrings.json": JSON(theirs.text())]]))
                let before = try await Self.traces(scenario, sets)

                try await scenario.applyTenant("team-a", ["hashring": "blue"])
                try await Self.applyView(
                    scenario,
                    [
                        "replicationFactor": 2, "configMapName": JSON(router),
                        "hashrings": [
                            Self.hashring("blue", soft: false, labels["blue"] ?? [:]),
                            Self.hashring("green", soft: true, labels["green"] ?? [:]),
                        ],
                    ])
                // As long as thanos-operator owns the ConfigMap, nothing changes.
                try await scenario.waitForReady(
                    GlobalView.resource, "main", "False ObjectConflict", within: .seconds(60))
                #expect(try await Self.file(scenario, router) == theirs)

                try await scenario.patch(
                    .configMaps, router,
                    [
                        "metadata": [
                            "ownerReferences": .null, "labels": ["app.kubernetes.io/managed-by": "tributary"],
                        ]
                    ])
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(90))
                let ours = try #require(try await Self.file(scenario, router))
                for (index, ring) in (theirs.array ?? []).enumerated() {
                    #expect(ours[index]?["hashring"] == ring["hashring"])
                    #expect(ours[index]?["tenants"]?.array ?? [] == ring["tenants"]?.array ?? [])
                    let addresses = { (ring: JSON?) in (ring?["endpoints"]?.array ?? []).map { $0["address"] ?? $0 } }
                    #expect(addresses(ours[index]) == addresses(ring), "no series moves to another receiver")
                }
                try await waitUntil("an Event says who wrote the file before", within: .seconds(60)) {
                    try await !scenario.events("HashringTakenOver", about: "main").isEmpty
                }
                #expect(try await scenario.events("ReceiverArguments", about: "main").isEmpty)
                #expect(try await Self.traces(scenario, sets) == before, "nothing of the receivers changes")

                // The way back: the view goes, and the file stays for whoever takes it next.
                try await scenario.client.delete(
                    GlobalView.resource, scenario.key("main"), DeleteOptions(propagation: .orphan))
                try await waitUntil("the view is on its way out", within: .seconds(60)) {
                    let view = try await scenario.get(GlobalView.resource, "main")
                    return view == nil || view?.isBeingDeleted == true
                }
                #expect(try await Self.file(scenario, router) == ours)
            }
        }

        // MARK: - kube-thanos

        @Test(arguments: ClusterKind.available)
        func `The receivers of kube-thanos keep the addresses that they call themselves`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                let set = "thanos-receive-default"
                let labels: JSON = [
                    "app.kubernetes.io/name": "thanos-receive", "controller.receive.thanos.io/hashring": "default",
                ]
                try await Self.apply(
                    Receivers(
                        set: set, labels: labels,
                        arguments: [
                            "--receive.replication-factor=2",
                            "--receive.local-endpoint=$(NAME).\(set).$(NAMESPACE):10901",
                            "--receive.hashrings-file=/var/lib/thanos-receive/hashrings.json",
                        ], configMap: "hashring"), scenario)
                let addresses = (0..<3).map { JSON("\(set)-\($0).\(set).\(scenario.namespace):10901") }
                let theirs: JSON = [["endpoints": .array(addresses), "hashring": "default", "tenants": []]]
                try await scenario.client.create(
                    .configMaps,
                    Object(
                        .configMaps, namespace: scenario.namespace, name: "hashring",
                        labels: ["app.kubernetes.io/managed-by": "tributary"],
                        ["data": ["hashrings.json": JSON(theirs.text())]]),
                    WriteOptions(fieldManager: "kubectl-client-side-apply"))
                let before = try await Self.traces(scenario, [set])
                try await Self.applyView(
                    scenario,
                    [
                        "replicationFactor": 2, "algorithm": "hashmod", "configMapName": "hashring",
                        "hashrings": [
                            Self.hashring("default", soft: true, ["controller.receive.thanos.io/hashring": "default"])
                        ],
                    ])
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
                let ours = try #require(try await Self.file(scenario, "hashring"))
                #expect(ours[0]?["algorithm"] == "hashmod")
                #expect((ours[0]?["endpoints"]?.array ?? []).map { $0["address"] ?? $0 } == addresses)
                #expect(try await Self.traces(scenario, [set]) == before)
                // What is to do is said: the receivers look for a new file every 5 minutes.
                try await waitUntil("an Event names the argument", within: .seconds(60)) {
                    let notes = try await scenario.events("ReceiverArguments", about: "main")
                    return notes.count == 1
                        && notes[0].contains("--receive.hashrings-file-refresh-interval is not set, which means 5m")
                }
            }
        }
    }
}
