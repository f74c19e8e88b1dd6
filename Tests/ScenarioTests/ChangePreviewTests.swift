import Kube
import KubeClient
import Operator
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    @Suite("The preview of changes", .timeLimit(.minutes(5))) struct ChangePreviewTests {
        @Test(arguments: ClusterKind.available)
        func `A preview shows what the operator would change, writes nothing, and is right about it`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "hard-0", 2)
                try await scenario.applyReceivers("b", hashring: "default", 1)
                let view = try await scenario.applyView(
                    Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.hashrings.waitFor("hard-0(tenant-a): a-0 a-1", "default: b-0")
                let agent: JSON = ["spec": ["tenantRef": ["name": "tenant-a"], "podMonitorSelector": [:]]]
                try await scenario.apply(PrometheusAgent.resource, "cluster", agent)
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")

                func preview(_ files: Object...) async throws -> ChangePreview {
                    try await ChangePreview(of: files, in: scenario.client)
                }
                func file(_ resource: Resource, _ name: String, _ content: JSON) -> Object {
                    Object(resource, namespace: scenario.namespace, name: name, content)
                }
                let spec = try #require(view.json["spec"])
                let same = try await preview(
                    file(GlobalView.resource, "main", ["spec": spec]), file(PrometheusAgent.resource, "cluster", agent))
                #expect(same.problems.isEmpty)
                #expect(same.differences.isEmpty, "\(same.differences)")

                var more = agent
                more["spec", "replicas"] = 2
                let tenant: JSON = ["spec": ["globalViewRef": ["name": "main"], "hashring": "hard-0"]]
                let changed = try await preview(
                    file(PrometheusAgent.resource, "cluster", more), file(Tenant.resource, "tenant-b", tenant))
                #expect(changed.problems.isEmpty)
                let names = Set(changed.differences.compactMap(\.after).map { "\($0.kind) \($0.name)" })
                #expect(names.isSuperset(of: ["StatefulSet cluster-agent", "Deployment tenant-b-read"]), "\(names)")
                #expect(names.contains("ConfigMap main-hashrings"), "\(names)")
                #expect(try await scenario.get(.deployments, "tenant-b-read") == nil)
                let set = try #require(try await scenario.get(.statefulSets, "cluster-agent"))
                #expect(set.json["spec", "replicas"] == 1)

                // Receivers that no hashring has asked for so far.
                try await scenario.applyReceivers("c", hashring: "other", 1)
                var wider = spec
                let rings = spec["thanos", "hashrings"]?.array ?? []
                wider["thanos", "hashrings"] = .array([Scenario.hashring("other")] + rings)
                let wide = file(GlobalView.resource, "main", ["spec": wider])
                let other = file(
                    Tenant.resource, "tenant-c", ["spec": ["globalViewRef": ["name": "main"], "hashring": "other"]])
                try await waitUntil("the preview has the receivers of the new hashring") {
                    try await preview(wide, other).differences.compactMap(\.after).contains {
                        $0.name == "main-hashrings" && ($0.json["data"]?.text().contains("c-0.") ?? false)
                    }
                }

                // What was shown is what comes.
                let shown = try #require(changed.differences.compactMap(\.after).first { $0.kind == "StatefulSet" })
                try await scenario.apply(PrometheusAgent.resource, "cluster", more)
                try await waitUntil("the agent has two replicas") {
                    try await scenario.get(.statefulSets, "cluster-agent")?.json["spec"] == shown.json["spec"]
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A preview names what goes, and an object of somebody else that has the name`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                let agent: JSON = ["spec": ["remoteWrite": [["name": "a", "url": "http://a/write"]], "shards": 1]]
                try await scenario.apply(
                    PrometheusAgent.resource, "cluster", ["spec": agent["spec"] ?? [:]])
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                try await scenario.apply(.configMaps, "tenant-c-datasource", ["data": ["of": "another"]])
                var account = agent
                account["spec", "serviceAccountName"] = "own"
                let preview = try await ChangePreview(
                    of: [
                        Object(PrometheusAgent.resource, namespace: scenario.namespace, name: "cluster", account),
                        Object(
                            Tenant.resource, namespace: scenario.namespace, name: "tenant-c",
                            ["spec": ["globalViewRef": ["name": "main"]]]),
                    ], in: scenario.client)
                let gone = preview.differences.filter { $0.after == nil }.compactMap(\.before)
                #expect(gone.map { "\($0.kind) \($0.name)" } == ["ServiceAccount cluster-agent"])
                #expect(
                    preview.problems == [
                        "ConfigMap \(scenario.namespace)/tenant-c-datasource: exists and was not made by Tributary: the "
                            + "operator leaves it as it is"
                    ])
            }
        }
    }
}
