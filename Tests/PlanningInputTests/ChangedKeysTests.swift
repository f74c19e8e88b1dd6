import Kube
import Planning
import PlanningInput
import Receivers
import TestSupport
import Testing
import TributaryAPI

/// A change returns every custom resource whose plan it alters. The test compares plans before and after thousands of
/// random changes in a small cluster in which names often collide.
@Suite("Keys that a change concerns")
struct ChangedKeysTests {
    /// Twenty-eight runs of 100 changes, each from a seed of its own.
    @Test(arguments: 0..<28)
    func `No plan changes for a custom resource that the change does not name`(seed: Int) async throws {
        try await check(RandomCluster(seed: UInt64(seed)), seed, steps: 100)
    }

    /// Tenants behind gateways and agents that may write as them: in the other runs most have some mistake.
    @Test func `No plan changes for a custom resource that a change of credentials or grants does not name`()
        async throws
    {
        var copies = 0
        for seed in 0..<12 {
            try await check(RandomCluster(seed: UInt64(seed), isAboutCredentials: true), seed, steps: 150) { plans in
                copies += plans.values.count { $0.objects.contains { $0.name.contains("-write-as-") } }
            }
        }
        #expect(copies > 0, "agents with credentials are part of it")
    }

    private func check(
        _ cluster: RandomCluster, _ seed: Int, steps: Int, see: ([PlanKey: Plan]) -> Void = { _ in }
    ) async throws {
        var cluster = cluster
        var before = cluster.plans()
        for step in 0..<steps {
            let (change, named) = try cluster.change()
            let after = cluster.plans()
            for key in Set(before.keys).union(after.keys) where !named.contains(key) && before[key] != after[key] {
                Issue.record("seed \(seed), step \(step): \(change) alters \(key), and names \(named)")
                return
            }
            before = after
            see(after)
            // Tests of servers wait for the same few threads.
            await Task.yield()
        }
    }

    @Test func `A pattern takes effect when the exact tenant of the same id is deleted`() throws {
        var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000))
        try snapshot.take(RandomCluster.view("main", 0))
        func tenant(_ name: String, _ spec: JSON, created: String) throws -> Object {
            var object = Object(Tenant.resource, namespace: "a", name: name, ["spec": spec])
            object.json["metadata", "creationTimestamp"] = JSON(created)
            return object
        }
        let reference: JSON = ["name": "main"]
        try snapshot.take(
            tenant(
                "exact", ["globalViewRef": reference, "id": "a*", "hashring": "hard"], created: "2026-01-01T00:00:00Z"))
        try snapshot.take(
            tenant(
                "pattern", ["globalViewRef": reference, "id": "a*", "matcher": "glob", "hashring": "hard"],
                created: "2026-01-02T00:00:00Z"))
        try snapshot.take(tenant("abc", ["globalViewRef": reference], created: "2026-01-03T00:00:00Z"))
        func warnings() -> [String] {
            Planner(snapshot).plan(for: .tenant(ObjectKey(namespace: "a", name: "abc"))).diagnostics.map(\.reason)
        }
        #expect(warnings() == [])
        let named = snapshot.take(.tenant(ObjectKey(namespace: "a", name: "exact"), nil))
        #expect(warnings() == ["MatchedByPattern"])
        #expect(named.contains(.tenant(ObjectKey(namespace: "a", name: "abc"))))
    }
}
