import Kube
import TestSupport
import Testing

@testable import Explanations

@Suite struct `The explanation of a tenant` {
    private let key = ObjectKey(namespace: "observability", name: "tenant-a")

    private func files(_ change: (String, String)..., more: String = "") throws -> Files {
        var files = try Files()
        for path in try Checkout.list("examples/walls") where path.hasSuffix(".yaml") {
            var text = try Checkout.read(path)
            for (old, new) in change { text = text.replacing(old, with: new) }
            try files.add(text)
        }
        if !more.isEmpty { try files.add(more) }
        return files
    }

    @Test func `The explanation of a tenant follows its series from the agent to the read URL`() throws {
        let explanation = try #require(try files().tenants.explain(key))
        #expect(explanation.works)
        let good = explanation.findings.filter { $0.verdict == .good }
        #expect(good.map(\.reason) == ["Writes", "InHashring", "ReadURL"])
        #expect(good.first?.object == "PrometheusAgent monitoring/cluster")
    }

    @Test func `The explanation of a tenant names the agent that the Tenant does not let write`() throws {
        let explanation = try #require(
            try files(("- namespace: monitoring\n    name: cluster", "- namespace: monitoring\n    name: clusters"))
                .tenants.explain(key))
        #expect(!explanation.works)
        let bad = explanation.findings.filter { $0.verdict == .bad }
        #expect(bad.map(\.reason) == ["AgentNotGranted"])
        #expect(bad.first?.object == "PrometheusAgent monitoring/cluster")
        // The grant is for an agent that is not there.
        let note = explanation.findings.first { $0.reason == "AgentNotFound" }
        #expect(note?.message.hasSuffix("Did you mean \"monitoring/cluster\"?") == true)
        #expect(explanation.outcome == "the way breaks at PrometheusAgent monitoring/cluster: AgentNotGranted")
    }

    @Test func `The explanation of a tenant names the agent whose samples do not arrive, and a Tenant without any`()
        throws
    {
        var files = try files()
        var agent = try #require(files.objects.first { $0.kind == "PrometheusAgent" })
        let refused: JSON = [
            "type": "Delivering", "status": "False", "reason": "Unauthorized", "message": "the gateway answers 401",
        ]
        agent.json["status"] = [
            "conditions": [["type": "Ready", "status": "True", "reason": "Ready", "message": ""], refused]
        ]
        try files.add(agent)
        var tenant = try #require(files.objects.first { $0.kind == "Tenant" && $0.key == key })
        tenant.json["status"] = [
            "conditions": [
                [
                    "type": "Receiving", "status": "False", "reason": "NoSeries",
                    "message": "the last series came at noon",
                ]
            ]
        ]
        try files.add(tenant)
        let explanation = try #require(files.tenants.explain(key))
        #expect(!explanation.works)
        let bad = explanation.findings.filter { $0.verdict == .bad }
        #expect(bad.map(\.reason) == ["Unauthorized", "NoSeries"])
        #expect(bad.first?.object == "PrometheusAgent \(agent.key)")
        #expect(bad.map(\.message) == ["the gateway answers 401", "the last series came at noon"])
    }

    @Test func `The explanation of a tenant names the missing global view`() throws {
        let explanation = try #require(
            try files(("globalViewRef:\n    name: main", "globalViewRef:\n    name: maim")).tenants.explain(key))
        #expect(!explanation.works)
        #expect(explanation.findings.contains { $0.verdict == .bad && $0.field == "spec.globalViewRef.name" })
    }

    @Test func `The explanation of a tenant says once which hashring is missing, and names no other`() throws {
        var files = try files()
        var tenant = try #require(files.objects.first { $0.kind == "Tenant" && $0.name == "tenant-b" })
        tenant.json["spec", "hashring"] = "ring-c"
        tenant.json["status"] = [
            "conditions": [["type": "Ready", "status": "False", "reason": "HashringNotFound", "message": "as above"]]
        ]
        try files.add(tenant)
        let explanation = try #require(files.tenants.explain(tenant.key))
        #expect(explanation.findings.filter { $0.verdict == .bad }.map(\.field) == ["spec.hashring"])
        #expect(!explanation.findings.contains { $0.reason == "InHashring" })
    }

    @Test func `The explanation of a tenant names a credential that cannot be one`() throws {
        let explanation = try #require(
            try files(
                more: """
                    apiVersion: v1
                    kind: Secret
                    metadata:
                      name: tenant-a-write-credential
                      namespace: observability
                      labels:
                        app.kubernetes.io/managed-by: tributary
                        app.kubernetes.io/component: write-credential
                        app.kubernetes.io/instance: tenant-a
                        app.kubernetes.io/name: credential
                        app.kubernetes.io/part-of: tributary
                        tributary.dev/credential: write
                    data: {token: "\(Base64.encode("short".utf8))"}
                    """
            ).tenants.explain(key))
        #expect(!explanation.works)
        #expect(explanation.findings.contains { $0.verdict == .bad && $0.reason.hasPrefix("Credential") })
    }

    @Test func `The explanation of a tenant says which receivers are not in the hashring, by the status of the view`()
        throws
    {
        var files = try files()
        var view = try #require(files.objects.first { $0.kind == "GlobalView" })
        view.json["status"] = [
            "hashrings": [
                [
                    "name": "default", "members": 2, "desired": 3,
                    "pending": [["pod": "r-2", "reason": "NotReady", "since": "2026-11-21T09:14:02Z"]],
                ]
            ]
        ]
        try files.add(view)
        let explanation = try #require(files.tenants.explain(key))
        let ring = explanation.findings.first { $0.reason == "InHashring" }
        #expect(ring?.message == "its series go to hashring \"default\", which has 2 of 3 receivers")
        let note = explanation.findings.first { $0.reason == "NotReady" }
        #expect(
            note?.message == "receiver r-2 waits to join or to leave hashring \"default\", since 2026-11-21T09:14:02Z")
    }

    @Test func `A tenant that is not there has no explanation`() throws {
        #expect(try files().tenants.explain(ObjectKey(namespace: "observability", name: "none")) == nil)
    }
}
