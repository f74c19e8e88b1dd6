import Kube
import TestSupport
import Testing

@Suite("One agent for several tenants", .withPrometheus)
struct SharedAgentStory {
    /// Starts a target that claims in every possible way to belong to another tenant.
    private static func target(_ name: String, claiming namespace: String, _ tenant: String) async throws -> Target {
        try await Target.start { _ in
            """
            \(name) 1
            liar{namespace="\(namespace)",tenant="\(tenant)",exported_namespace="\(namespace)"} 1
            """
        }
    }

    @Test(arguments: await InstalledPrograms.prometheuses.filter(\.sendsHeaders))
    func `Each series from a shared agent arrives as its own tenant's only`(_ installed: InstalledPrometheus)
        async throws
    {
        let receiver = try await RemoteWriteReceiver.start(tenantHeader: "X-Scope-OrgID")
        let shop = try await Self.target("of_shop", claiming: "bank", "tenant-b")
        let bank = try await Self.target("of_bank", claiming: "shop", "tenant-a")
        let other = try await Self.target("of_nobody", claiming: "shopping", "tenant-a")
        try await Story.tell { story in
            var example = try Example("send-less")
            example.use(installed)
            let tenant = try #require(example.objects.first { $0.kind == "Tenant" })
            var second = tenant
            second.json["metadata", "name"] = "tenant-b"
            example.add(second)
            example.change("PrometheusAgent") { agent in
                var job: JSON = ["job_name": "app"]
                job["static_configs"] = .array(
                    [("shop", shop), ("bank", bank), ("shopping", other)].map { namespace, target in
                        ["targets": [JSON(target.address)], "labels": ["namespace": JSON(namespace)]]
                    })
                agent["spec", "scrapeConfigs"] = [job]
                agent["spec", "scrapeInterval"] = "1s"
                agent["spec", "tenantRef"] = nil
                agent["spec", "shards"] = 1
                agent["spec", "replicas"] = 1
                agent["spec", "tenantRefs"] = [
                    ["name": "tenant-a", "namespace": "observability", "namespaces": ["shop"]],
                    ["name": "tenant-b", "namespace": "observability", "namespaces": ["bank"]],
                ]
                agent["spec", "remoteWrite"] = [
                    ["name": "tenant", "queueConfig": ["batchSendDeadline": "500ms", "maxBackoff": "1s"]]
                ]
            }
            let rendered = try example.render()
            var network = try LoopbackNetwork(rendered)
            network.add("https://mimir.example.org", receiver.url)
            try await story.start(
                try Pod("StatefulSet", "cluster-agent", of: rendered), installed.prometheus, network)
            try await waitUntil("the series of each tenant arrive", within: .seconds(40)) {
                let names = Set(receiver.received.compactMap { $0.labels["__name__"] })
                return names.isSuperset(of: ["of_shop", "of_bank", "liar"])
                    && Set(receiver.received.filter { $0.labels["__name__"] == "liar" }.map(\.tenant)).count == 2
            }
            // Every target is scraped a few more times, so that a series with the wrong tenant would have arrived.
            let scrapes = [shop, bank, other].map(\.scrapes)
            try await waitUntil("all targets are scraped again", within: .seconds(40)) {
                zip([shop, bank, other], scrapes).allSatisfy { $0.scrapes >= $1 + 3 }
            }

            for series in receiver.received {
                let owner = series.labels["namespace"] == "shop" ? "tenant-a" : "tenant-b"
                #expect(["shop", "bank"].contains(series.labels["namespace"]), "\(series)")
                #expect(series.tenant == owner && series.labels["tenant"] == owner, "\(series)")
                let name = series.labels["__name__"] ?? ""
                #expect(name != "of_shop" || owner == "tenant-a")
                #expect(name != "of_bank" || owner == "tenant-b")
                #expect(name != "of_nobody")
            }
        }
        for target in [shop, bank, other] { await target.stop() }
        await receiver.stop()
    }
}
