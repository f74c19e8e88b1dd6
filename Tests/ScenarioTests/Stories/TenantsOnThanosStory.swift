import FoundationEssentials
import Kube
import TestSupport
import Testing
import TributaryAPI

/// Patterns, labels, limits and shards of tenants, with real receivers that read the planned files.
@Suite("Story 4: Thanos Receive with settings of tenants", .withThanos)
struct TenantsOnThanosStory {
    @Test
    func `Patterns, labels, limits and shards apply to each tenant, and receivers survive every change`()
        async throws
    {
        try await Story.tell { story in
            var receivers = try await ExampleReceivers(story) { _ in }

            // tenant-a may not send three series at a time. The others may.
            let refused = try await receivers.write(3, as: "tenant-a")
            #expect(refused.code == 413)
            #expect(refused.body.contains("too many timeseries"))
            #expect(try await receivers.write(2, as: "tenant-a").code == 200)
            for tenant in ["tenant-b", "sre", "team-x"] {
                #expect(try await receivers.write(3, as: tenant).code == 200, "\(tenant)")
            }
            // The pattern puts team-x on the hard hashring. sre is on the soft one.
            #expect(try await receivers.tenants(on: 0) == ["tenant-a", "tenant-b", "team-x"])
            #expect(try await receivers.tenants(on: 1) == ["sre"])

            // Only the series of tenant-b have its label.
            let query = try await receivers.query()
            let labelled = try await query.query("written{region=\"eu\"}")
            #expect(Set(labelled.map { $0.labels["tenant_id"] }) == ["tenant-b"])
            let all = Set(try await query.query("written").map { $0.labels["tenant_id"] })
            #expect(all == ["tenant-a", "tenant-b", "team-x", "sre"])

            // The operator would publish each file after the one before.
            for name in ["newcomer", "another"] {
                receivers.example.add(
                    Object(
                        Tenant.resource, namespace: "observability", name: name,
                        ["spec": ["globalViewRef": ["name": "main"], "hashring": "hashring-0", "shuffleShardSize": 1]]))
                try await receivers.publish()
                #expect(try await receivers.write(1, as: name).code == 200)
                #expect(try await receivers.write(1, as: "sre").code == 200)
            }
            #expect(try await receivers.tenants(on: 0).isSuperset(of: ["newcomer", "another"]))

            // Removed limits no longer apply, although receivers forget some of them only on a restart.
            receivers.example.change("Tenant", "tenant-a") { $0["spec", "limits"] = nil }
            try await receivers.publish()
            try await eventually("tenant-a may send as much as the others") {
                try await receivers.write(3, as: "tenant-a").code == 200
            }
        }
    }

    @Test func `A limit of head series applies until it is removed, without a restart of the receivers`() async throws {
        let counts = try await ScriptedServer.start { _, reply in
            try await reply.respond(
                200, headers: [("Content-Type", "application/json")],
                Array(
                    """
                    {"status": "success", "data": {"resultType": "vector", "result": [
                    {"metric": {"tenant": "tenant-a"}, "value": [1, "9"]}]}}
                    """.utf8))
        }
        try await Story.tell { story in
            var receivers = try await ExampleReceivers(story) { example in
                example.change("GlobalView") { view in
                    view["spec", "thanos", "limits"] = [
                        "global": ["metaMonitoringURL": JSON(counts.url), "maxConcurrency": 4]
                    ]
                }
                example.change("Tenant", "tenant-a") { $0["spec", "limits"] = ["headSeriesLimit": 5] }
            }
            // Thanos counts every 15 s, and drops its counts when it reads the limits again.
            try await eventually("tenant-a has too many series", within: .seconds(120)) {
                try await receivers.write(1, as: "tenant-a").code == 429
            }
            #expect(try await receivers.write(1, as: "tenant-b").code == 200)

            receivers.example.change("GlobalView") { $0["spec", "thanos", "limits"] = nil }
            receivers.example.change("Tenant", "tenant-a") { $0["spec", "limits"] = nil }
            try await receivers.publish()
            try await eventually("tenant-a may write again") {
                try await receivers.write(1, as: "tenant-a").code == 200
            }
            // It still may once receivers have counted again, with the URL that they still need.
            let before = counts.requests.count
            try await eventually("receivers have counted again", within: .seconds(120)) {
                counts.requests.count >= before + 2
            }
            #expect(try await receivers.write(1, as: "tenant-a").code == 200)
        }
        await counts.stop()
    }
}
