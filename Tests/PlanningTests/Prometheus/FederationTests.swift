import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Spokes that belong to a tenant")
struct FederationTests {
    private static func view(_ more: String = "") -> String {
        Samples.prometheus.replacing(
            "labels: {cluster: legacy}",
            with: "labels: {cluster: legacy\(more)}\n"
                + "      tenantRef: {name: tenant-a}")
    }

    private static func jobs(_ plan: Plan) throws -> [JSON] {
        let text = try plan.object("ConfigMap", "main-prometheus").json["data", "prometheus.yaml"]?.string
        return try YAML.parseOne(try #require(text)).value["scrape_configs"]?.array ?? []
    }

    @Test func `The label of its tenant is forced on every series of a spoke`() throws {
        let plan = try Scene(Self.view(), Samples.tenant("tenant-a", "{id: acme}")).plan()
        #expect(plan.messages == [])
        let job = try #require(try Self.jobs(plan).first)
        #expect(job["honor_labels"] == true)
        #expect(
            job["metric_relabel_configs"]
                == [["target_label": "tenant", "replacement": "acme", "action": "replace"]])
        #expect(job["static_configs"]?[0]?["labels"] == ["cluster": "legacy", "tenant": "acme"])
    }

    @Test func `A spoke whose tenant is unclear is left out alone, and the pods stay as they are`() throws {
        let side = Samples.prometheus.replacing("name: main", with: "name: side")
        let tenant = Samples.tenant("tenant-a", "{id: acme}")
        let with = try Scene(Self.view(), tenant).plan().object("StatefulSet", "main-prometheus")
        let cases: [(texts: [String], message: String)] = [
            ([], "tenantRef.name: there is no Tenant \"observability/tenant-a\""),
            (
                [side, tenant.replacing("name: main", with: "name: side")],
                "tenantRef.name: Tenant \"observability/tenant-a\" belongs to GlobalView \"side\""
            ),
            (
                [Samples.tenant("tenant-a", "{id: \"acme-*\", matcher: glob}")],
                "tenantRef.name: Tenant \"observability/tenant-a\" is not served: spec.hashring"
            ),
            (
                [
                    Samples.tenant("tenant-a", created: "2026-11-21T08:00:00Z", "{id: acme}"),
                    Samples.tenant("older", created: "2026-11-20T08:00:00Z", "{id: acme}"),
                ], "tenantRef.name: Tenant \"observability/tenant-a\" is not served: spec.id"
            ),
        ]
        for (texts, message) in cases {
            var scene = try Scene(Self.view())
            for text in texts { try scene.add(text) }
            let plan = scene.plan()
            #expect(plan.diagnostics.map(\.reason) == ["SpokeRejected"], "\(message)")
            let said = plan.messages.first ?? ""
            #expect(said.contains("spec.prometheus.federate[0].\(message)"), "\(said)")
            #expect(said.hasSuffix("; spoke \"legacy\" is left out"), "\(said)")
            #expect(try Self.jobs(plan) == [], "\(message)")
            #expect(try plan.object("StatefulSet", "main-prometheus") == with, "\(message)")
        }
    }

    @Test func `The labels of a spoke cannot give it to another tenant`() throws {
        let tenant = Samples.tenant("tenant-a", "{id: acme}")
        let plan = try Scene(Self.view(", tenant: other"), tenant).plan()
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.prometheus.federate[0].labels.tenant: is \"other\" and "
                    + "should be \"acme\", the id of tenantRef, or absent; spoke \"legacy\" is left out"
            ])
        #expect(try Self.jobs(plan) == [])
        let same = try Scene(Self.view(", tenant: acme"), tenant).plan()
        #expect(same.messages == [])
        #expect(try Self.jobs(same).count == 1)
    }

    @Test func `A view is planned again when the tenant of a spoke moves between other views`() throws {
        var scene = try Scene(
            Self.view(), Samples.tenant("tenant-a").replacing("name: main", with: "name: side"))
        let before = scene.plan().messages
        let moved = try YAML.parseOne(
            Samples.tenant("tenant-a").replacing("name: main", with: "name: third")
        ).value
        var object = Object(moved)
        object.json["metadata", "namespace"] = JSON(Scene.namespace)
        let named = scene.snapshot.take(.tenant(object.key, Boxed(try Tenant(object))))
        #expect(scene.plan().messages != before)
        #expect(named.contains(.globalView(Scene.key("main"))))
    }
}
