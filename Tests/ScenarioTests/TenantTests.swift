import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    @Suite("Tenants", .timeLimit(.minutes(5))) struct TenantTests {
        @Test(arguments: ClusterKind.available)
        func `A tenant needs one object, and is ready once its read proxy is ready`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.hold(deployment: "tenant-a-read")
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a")

                let waiting = try await scenario.waitForReady(Tenant.resource, "tenant-a", "False WaitingForPods")
                let ns = scenario.namespace
                #expect(waiting.json["status", "id"] == "tenant-a")
                #expect(waiting.json["status", "hashring"] == "(soft)")
                #expect(waiting.json["status", "readURL"]?.string == "http://tenant-a-read.\(ns).svc:8080")
                #expect(
                    waiting.json["status", "writeURL"]?.string
                        == "http://thanos-receive.\(ns).svc:19291/api/v1/receive")
                #expect(Scenario.condition("Reconciling", of: waiting) == "True WaitingForPods")

                let proxy = try #require(try await scenario.get(.deployments, "tenant-a-read"))
                let arguments = proxy.json["spec", "template", "spec", "containers"]?[0]?["args"]?.array ?? []
                #expect(arguments.contains("-label-value=tenant-a"))
                #expect(arguments.contains(.string("-upstream=http://thanos-query.\(ns).svc:9090")))
                #expect(proxy.ownerReferences.map(\.uid) == [waiting.uid])
                let service = try #require(try await scenario.get(.services, "tenant-a-read"))
                #expect(service.json["spec", "ports"]?[0]?["port"] == 8080)
                let datasource = try #require(try await scenario.get(.configMaps, "tenant-a-datasource"))
                #expect(datasource.labels["grafana_datasource"] == "1")

                scenario.workloads.release(deployment: "tenant-a-read")
                let ready = try await scenario.waitForReady(Tenant.resource, "tenant-a")
                #expect(Scenario.condition("Reconciling", of: ready) == "False Ready")
                #expect(Scenario.condition("Stalled", of: ready) == "False Ready")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `No status says of an edit that it is ready before the pods are those of the edit`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                let history = try await ObjectHistory.record(scenario)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                for round in 2...6 {
                    try await scenario.applyTenant("tenant-a", ["read": ["replicas": JSON(round)]])
                    try await waitUntil("the status is about edit \(round)") {
                        let tenant = try await scenario.get(Tenant.resource, "tenant-a")
                        return tenant?.json["status", "observedGeneration"]?.int == round
                            && Scenario.condition("Ready", of: tenant) == "True Ready"
                    }
                }
                try await history.catchUp()
                await history.stop()
                let deployments = history.versions["Deployment tenant-a-read"] ?? []
                let tenants = history.versions["Tenant tenant-a"] ?? []
                for round in 2...6 {
                    let done = deployments.first {
                        $0.object.json["status", "readyReplicas"]?.int == round
                            && $0.object.json["status", "observedGeneration"]?.int == $0.object.generation
                    }
                    let said = tenants.first {
                        $0.object.json["status", "observedGeneration"]?.int == round
                            && Scenario.condition("Ready", of: $0.object) == "True Ready"
                    }
                    let versions = try [done, said].map { try #require($0?.object.resourceVersion.flatMap { Int($0) }) }
                    #expect(versions[0] < versions[1], "edit \(round)")
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A status that somebody edits is written again`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                for _ in 0..<3 {
                    try await scenario.client.patch(
                        Tenant.resource, scenario.key("tenant-a"), .merge, body: ["status": ["id": "tenant-b"]],
                        subresource: "status")
                    try await waitUntil("the status is that of the operator") {
                        try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "id"] == "tenant-a"
                    }
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The deletion of a tenant deletes what was created for it, and nothing else`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "hard-0", 1)
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                for name in ["tenant-a", "tenant-b"] {
                    try await scenario.applyTenant(name, ["hashring": "hard-0"])
                    try await scenario.waitForReady(Tenant.resource, name)
                }
                try await scenario.apply(.configMaps, "tenant-a-notes", ["data": ["note": "of another owner"]])
                try await scenario.hashrings.waitFor("hard-0(tenant-a,tenant-b): a-0", "default: b-0")
                try await scenario.client.delete(Tenant.resource, scenario.key("tenant-a"))
                try await scenario.hashrings.waitFor("hard-0(tenant-b): a-0", "default: b-0")
                try await scenario.waitUntilGone(.deployments, "tenant-a-read")
                try await scenario.waitUntilGone(.services, "tenant-a-read")
                try await scenario.waitUntilGone(.configMaps, "tenant-a-datasource")
                #expect(try await scenario.get(.configMaps, "tenant-a-notes") != nil)
                #expect(try await scenario.get(.deployments, "tenant-b-read") != nil)
                // Without its last tenant, a hard hashring is removed: with no tenants, Thanos would send it all of
                // them.
                try await scenario.client.delete(Tenant.resource, scenario.key("tenant-b"))
                try await scenario.hashrings.waitFor("default: b-0")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A tenant whose hashring does not exist gets an Event, blocks no others, and can be fixed`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "hard-0", 1)
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-b", ["hashring": "ring-b"])
                let refused = try await scenario.waitForReady(Tenant.resource, "tenant-b", "False HashringNotFound")
                let note = """
                    spec.hashring: "ring-b" is not a hashring of GlobalView "main" (it has: hard-0, default)
                    """
                #expect(Scenario.condition("Stalled", of: refused) == "True HashringNotFound")
                try await waitUntil("an Event says why") {
                    try await scenario.events("HashringNotFound", about: "tenant-b") == [note]
                }
                #expect(try await scenario.get(.deployments, "tenant-b-read") == nil)

                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.hashrings.waitFor("hard-0(tenant-a): a-0", "default: b-0")

                try await scenario.applyReceivers("c", hashring: "ring-b", 1)
                try await scenario.applyView(
                    Scenario.hashring("hard-0"), Scenario.hashring("ring-b"), Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(Tenant.resource, "tenant-b")
                try await scenario.hashrings.waitFor(
                    "hard-0(tenant-a): a-0", "ring-b(tenant-b): c-0", "default: b-0")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The older of two tenants with the same id keeps it until it is deleted`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "hard-0", 1)
                try await scenario.applyView(Scenario.hashring("hard-0"))
                // The older one is also the first by name, since Kubernetes timestamps have a resolution of one second.
                try await scenario.applyTenant("one", ["hashring": "hard-0", "id": "acme"])
                try await scenario.waitForReady(Tenant.resource, "one")
                try await scenario.applyTenant("two", ["hashring": "hard-0", "id": "acme"])
                try await scenario.waitForReady(Tenant.resource, "two", "False DuplicateID")
                try await waitUntil("an Event reports it") {
                    try await scenario.events("DuplicateID", about: "two").count == 1
                }
                try await scenario.waitForReady(Tenant.resource, "one")
                try await scenario.hashrings.waitFor("hard-0(acme): a-0")
                try await scenario.client.delete(Tenant.resource, scenario.key("one"))
                try await scenario.waitForReady(Tenant.resource, "two")
                try await scenario.waitUntilGone(.deployments, "one-read")
                #expect(scenario.hashrings.latest == ["hard-0(acme): a-0"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A tenant can be created before its GlobalView`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False GlobalViewNotFound")
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                // The read proxy stays when the view is deleted.
                try await scenario.client.delete(GlobalView.resource, scenario.key("main"))
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False GlobalViewNotFound")
                #expect(try await scenario.get(.deployments, "tenant-a-read") != nil)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Edits of a tenant's objects are reverted, and fields of other owners stay`(kind: ClusterKind) async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                let before = try #require(try await scenario.get(.deployments, "tenant-a-read"))
                var container = before.json["spec", "template", "spec", "containers"]?[0] ?? [:]
                let arguments = container["args"]
                container["args"] = ["-label-value=tenant-b"]
                let edit: JSON = [
                    "metadata": ["labels": ["team": "blue"], "annotations": ["example.com/owner": "blue"]],
                    "spec": [
                        "revisionHistoryLimit": 3, "template": ["spec": ["containers": [container]]],
                    ],
                ]
                try await scenario.patch(.deployments, "tenant-a-read", edit)
                let repaired = try await waitFor("the arguments are restored") { () -> Object? in
                    let now = try await scenario.get(.deployments, "tenant-a-read")
                    return now?.json["spec", "template", "spec", "containers"]?[0]?["args"] == arguments ? now : nil
                }
                #expect(repaired.labels["team"] == "blue")
                #expect(repaired.annotations["example.com/owner"] == "blue")
                #expect(repaired.json["spec", "revisionHistoryLimit"] == 3)
                #expect(repaired.uid == before.uid)

                let service = try #require(try await scenario.get(.services, "tenant-a-read"))
                try await scenario.client.delete(.services, service.key)
                try await waitUntil("the Service exists again") {
                    try await scenario.get(.services, "tenant-a-read").map { $0.uid != service.uid } ?? false
                }
                // An object without Tributary's label is still found.
                let unlabel: JSON = ["metadata": ["labels": ["app.kubernetes.io/managed-by": .null]]]
                try await scenario.patch(.configMaps, "tenant-a-datasource", unlabel)
                try await waitUntil("the label is restored") {
                    try await scenario.get(.configMaps, "tenant-a-datasource")?
                        .labels["app.kubernetes.io/managed-by"] == "tributary"
                }
            }
        }
    }
}
