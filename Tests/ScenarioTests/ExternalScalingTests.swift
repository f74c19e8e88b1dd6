import Kube
import KubeClient
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Receivers that Tributary runs and an autoscaler scales.
    @Suite("Managed hashrings that others scale", .timeLimit(.minutes(5))) struct ExternalScalingTests {
        private static let set = "main-receive-default"

        private static func applyView(_ scenario: Scenario, _ hashring: JSON) async throws {
            var entry: JSON = ["name": "default", "soft": true]
            for (name, value) in hashring.object ?? [:] { entry[name] = value }
            try await scenario.apply(
                GlobalView.resource, "main",
                [
                    "spec": [
                        "thanos": ["replicationFactor": 2, "hashrings": [entry], "query": ["replicas": 1]]
                    ]
                ])
        }

        /// Scales as a HorizontalPodAutoscaler does.
        private static func scale(_ scenario: Scenario, to replicas: Int) async throws {
            try await scenario.client.patch(
                .statefulSets, scenario.key(set), .merge, body: ["spec": ["replicas": JSON(replicas)]],
                WriteOptions(fieldManager: "kube-controller-manager"), subresource: "scale")
        }

        private static func expectMembers(_ scenario: Scenario, _ count: Int) async throws {
            let pods = (0..<count).map { "\(set)-\($0)" }
            try await scenario.hashrings.waitFor("default: \(pods.joined(separator: " "))", within: .seconds(60))
            try await waitUntil("there are \(count) replicas", within: .seconds(60)) {
                try await ManagedHashringTests.replicas(scenario, set) == count
            }
            try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
        }

        /// Whether Tributary applies the number of replicas.
        private static func isOurs(_ scenario: Scenario) async throws -> Bool {
            let entries = try await scenario.get(.statefulSets, set)?.json["metadata", "managedFields"]?.array ?? []
            let own = entries.filter { $0["manager"]?.string == Names.manager }
            return own.contains { $0["fieldsV1", "f:spec", "f:replicas"] != nil }
        }

        @Test(arguments: ClusterKind.available)
        func `The hashring file follows an autoscaler, which Tributary corrects only below the smallest number`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, ["externalScaling": ["minReplicas": 2]])
                try await Self.expectMembers(scenario, 2)
                try await Self.scale(scenario, to: 4)
                try await Self.expectMembers(scenario, 4)
                #expect(try await !Self.isOurs(scenario))

                // A change of the receivers leaves their number alone, also by an operator that has just started.
                try await scenario.stop(scenario.tributary)
                scenario.startOperator()
                try await Self.applyView(
                    scenario, ["externalScaling": ["minReplicas": 2], "resources": ["requests": ["cpu": "1"]]])
                try await waitUntil("the receivers have the new resources", within: .seconds(60)) {
                    let pod = try await scenario.get(.statefulSets, Self.set)?.json["spec", "template", "spec"]
                    return pod?["containers"]?[0]?["resources", "requests", "cpu"] == "1"
                }
                try await Self.expectMembers(scenario, 4)

                try await Self.scale(scenario, to: 3)
                try await Self.expectMembers(scenario, 3)
                try await Self.scale(scenario, to: 1)
                try await Self.expectMembers(scenario, 2)
                try await waitUntil("an Event says who scaled too far", within: .seconds(60)) {
                    let notes = try await scenario.events("ScaledBelowMinimum", about: "main")
                    return notes.contains { $0.contains("\"kube-controller-manager\" has scaled") }
                }
                try await Self.scale(scenario, to: 3)
                try await Self.expectMembers(scenario, 3)
                try await Self.scale(scenario, to: 0)
                try await waitUntil("receivers come back", within: .seconds(60)) {
                    try await ManagedHashringTests.replicas(scenario, Self.set) ?? 0 >= 2
                }
                let sizes = scenario.hashrings.all.compactMap { $0.first?.split(separator: " ").count }
                #expect(sizes.allSatisfy { $0 >= 3 }, "each file has at least two members: \(scenario.hashrings.all)")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A hashring is handed to an autoscaler and taken back without a change of its receivers`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, ["replicas": 4])
                try await Self.expectMembers(scenario, 4)
                try await Self.applyView(scenario, ["externalScaling": ["minReplicas": 2]])
                try await waitUntil("the receivers wait before they end", within: .seconds(60)) {
                    let pod = try await scenario.get(.statefulSets, Self.set)?.json["spec", "template", "spec"]
                    return pod?["containers"]?[0]?["lifecycle", "preStop"] != nil
                }
                try await Self.expectMembers(scenario, 4)
                try await Self.scale(scenario, to: 5)
                try await Self.expectMembers(scenario, 5)
                try await Self.applyView(scenario, ["replicas": 5])
                try await waitUntil("Tributary sets the number again", within: .seconds(60)) {
                    try await Self.isOurs(scenario)
                }
                try await Self.expectMembers(scenario, 5)
            }
        }

        @Test(.enabled(if: RealAPIServer.assets != nil, "no kube-apiserver: set KUBEBUILDER_ASSETS"))
        func `Kubectl scales the receivers, and takes an autoscaler for them`() async throws {
            try await Scenario.play(.real) { scenario in
                let kubeconfig = try #require(SharedAPIServer.current.withLock { $0?.server.kubeconfig })
                let common = ["--kubeconfig", kubeconfig, "-n", scenario.namespace]
                try await Self.applyView(scenario, ["externalScaling": ["minReplicas": 2]])
                try await Self.expectMembers(scenario, 2)
                try await Manifests.kubectl(common + ["scale", "statefulset", Self.set, "--replicas=3"])
                try await Self.expectMembers(scenario, 3)
                #expect(try await !Self.isOurs(scenario))
                try await Manifests.kubectl(common + ["autoscale", "statefulset", Self.set, "--min=2", "--max=6"])
                try await Manifests.kubectl(common + ["scale", "statefulset", Self.set, "--replicas=2"])
                try await Self.expectMembers(scenario, 2)
            }
        }
    }
}
