import Hashring
import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Patterns, limits and shards of tenants reach the published files, and problems reach the status of the tenants.
    @Suite("Patterns, limits and shards of tenants", .timeLimit(.minutes(5))) struct TenantShapeTests {
        @Test(arguments: ClusterKind.available)
        func `A pattern puts tenants on its hashring, and tenants that it moves get an Event`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "hard-0", 1)
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("team-x")
                try await scenario.waitForReady(Tenant.resource, "team-x")

                try await scenario.applyTenant("teams", ["hashring": "hard-0", "id": "team-*", "matcher": "glob"])
                try await scenario.applyTenant(
                    "labelled", ["hashring": "hard-0", "externalLabels": ["region": "eu"]])
                let file = try await waitFor("both tenants have their own entry") { () -> HashringFile? in
                    let file = try scenario.hashrings.texts.last.map { try HashringFile(parsing: $0) }
                    return file?.rings.count == 3 ? file : nil
                }
                #expect(file.rings.map(\.tenants) == [["labelled"], ["team-*"], []])
                #expect(file.rings[0].externalLabels == ["region": "eu"])
                #expect(file.rings[1].name == "hard-0+glob")
                try await scenario.waitForReady(Tenant.resource, "teams")
                try await waitUntil("the tenant's status has the hashring of the pattern") {
                    try await scenario.get(Tenant.resource, "team-x")?.json["status", "hashring"]
                        == "hard-0 (by team-*)"
                }
                try await waitUntil("an Event reports it") {
                    try await scenario.events("MatchedByPattern", about: "team-x").count == 1
                }
                try await scenario.client.delete(Tenant.resource, scenario.key("teams"))
                try await waitUntil("the tenant is on the soft hashring again") {
                    try await scenario.get(Tenant.resource, "team-x")?.json["status", "hashring"] == "(soft)"
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Limits are published and repaired, and stay for a retained tenant that is deleted meanwhile`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                func text() async throws -> String? {
                    try await scenario.get(.configMaps, "main-receive-limits")?.json["data", "limits.yaml"]?.string
                }
                let limited = "write:\n  tenants:\n    tenant-a:\n      request:\n        series_limit: 7\n"
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant(
                    "tenant-a", ["limits": ["requests": ["seriesLimit": 7]], "deletionPolicy": "Retain"])
                try await waitUntil("the limits are published") { try await text() == limited }
                try await scenario.patch(.configMaps, "main-receive-limits", ["data": ["limits.yaml": "write: {}\n"]])
                try await waitUntil("the limits are restored") { try await text() == limited }

                try await scenario.stop(scenario.tributary)
                try await scenario.client.delete(Tenant.resource, scenario.key("tenant-a"))
                try await scenario.waitUntilGone(Tenant.resource, "tenant-a")
                scenario.startOperator()
                // Another tenant's limits are added, and those of the deleted tenant stay.
                try await scenario.applyTenant("tenant-b", ["limits": ["requests": ["seriesLimit": 8]]])
                let both = limited + "    tenant-b:\n      request:\n        series_limit: 8\n"
                try await waitUntil("the limits of both tenants are published") { try await text() == both }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A tenant gets its shard once there are enough receivers, by files that running receivers accept`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("b", hashring: "default", 1)
                var hashring = Scenario.hashring("default", soft: true)
                hashring["shuffleSharding"] = ["shardSize": 1]
                try await scenario.applyView(hashring)
                try await scenario.applyTenant("tenant-a", ["shuffleShardSize": 2])
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False ShardInfeasible")
                try await scenario.scale("b", to: 2)
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")

                let texts = scenario.hashrings.texts.filter { !$0.isEmpty }
                let files = try texts.map { try HashringFile(parsing: $0) }
                #expect(files.last?.rings[0].shuffleSharding?.overrides.map(\.tenants) == [["tenant-a"]])
                #expect(Set(files.map(\.rings[0].name)).count == files.count)
                for (index, file) in files.enumerated().dropFirst() {
                    let findings = file.validate(
                        replicationFactor: 1, defaultAlgorithm: .ketama, previous: texts[index - 1], text: texts[index])
                    #expect(findings.filter { $0.severity == .error } == [])
                }
            }
        }
    }
}
