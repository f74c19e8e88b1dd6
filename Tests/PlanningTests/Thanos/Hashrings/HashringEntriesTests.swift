import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// How the settings of tenants appear in the hashring file.
@Suite("Entries of hashring files")
struct HashringEntriesTests {
    static func scene(_ tenants: String..., thanos: String = Samples.thanos) throws -> Scene {
        var scene = try HashringPlanTests.scene(thanos)
        for tenant in tenants { try scene.add(tenant) }
        return scene
    }

    static func glob(_ name: String, _ pattern: String, on hashring: String = "hashring-0", _ more: String = "")
        -> String
    {
        Samples.tenant(name, "{id: '\(pattern)', matcher: glob, hashring: \(hashring)\(more)}")
    }

    /// An entry of the file, by its name.
    private static func entry(_ name: String, _ plan: Plan) throws -> JSON {
        let names = try plan.hashringNames()
        return try #require(try plan.hashrings().array?.first { $0["hashring"]?.string == name }, "\(names)")
    }

    // MARK: - Patterns

    @Test func `A pattern's entry comes after whole ids and before the soft hashring`()
        throws
    {
        let plan = try Self.scene(Self.glob("teams", "team-*"), Self.glob("boxes", "box-[0-9]?")).plan()
        #expect(try plan.hashringNames() == ["hashring-0", "hashring-1", "hashring-0+glob", "default"])
        let entry = try Self.entry("hashring-0+glob", plan)
        #expect(entry["tenants"] == ["box-[0-9]?", "team-*"])
        #expect(entry["tenant_matcher_type"] == "glob")
        #expect(entry["endpoints"] == (try Self.entry("hashring-0", plan))["endpoints"])
        #expect(try Self.entry("hashring-0", plan)["tenants"] == ["tenant-a"])
        #expect(plan.messages == [])
        // The status lists hashrings as in the GlobalView.
        let status = try plan.status(of: "main")
        #expect(status["hashringSummary"] == "hashring-0 3/3, hashring-1 3/3, default 3/3")
        #expect(status["hashrings"]?.array?.count == 3)
    }

    @Test func `A tenant with a pattern has no read proxy, since the pattern may match other tenants`() throws {
        let scene = try Self.scene(Self.glob("teams", "team-*"))
        let plan = scene.plan(tenant: "teams")
        #expect(plan.objects == [])
        #expect(!plan.keepsExisting)
        #expect(plan.messages == [])
        #expect(try plan.readiness(of: "teams") == "True Ready")
        let status = try plan.status(of: "teams")
        #expect(status["id"] == "team-*")
        #expect(status["hashring"] == "hashring-0")
        #expect(status["readURL"] == nil)
    }

    @Test func `An agent cannot use a tenant with a pattern`() throws {
        var scene = try Self.scene(Self.glob("teams", "team-*"))
        try scene.add(Samples.agent.replacing("tenant-a", with: "teams"))
        let message =
            "Tenant \"observability/teams\" has the pattern \"team-*\" as its id, which no agent can send; name "
            + "a Tenant "
            + "with a whole id"
        #expect(
            scene.plan(agent: "cluster").messages == [
                "error: PrometheusAgent observability/cluster: spec.tenantRef: \(message)"
            ])
        let error = #expect(throws: TenantNotNamed.self) { try scene.planner.manifests(forTenant: "teams") }
        #expect(error?.description.contains("--tenant teams: the id is the pattern \"team-*\"") == true)
    }

    @Test func `A tenant whose id matches another tenant's pattern gets a warning that names the hashring`() throws {
        var scene = try Self.scene(
            Self.glob("teams", "team-*", on: "hashring-1"), Samples.tenant("team-x"),
            Samples.tenant("team-y", "{hashring: hashring-0}"), Samples.tenant("other"))
        let plan = scene.plan(tenant: "team-x")
        let message =
            "spec.hashring: \"team-x\" matches \"team-*\" of Tenant \"observability/teams\" for hashring "
            + "\"hashring-1\", so "
            + "its series go there; set spec.hashring, or narrow the pattern"
        #expect(plan.messages == ["warning: Tenant observability/team-x: \(message)"])
        #expect(plan.diagnostics.map(\.reason) == ["MatchedByPattern"])
        #expect(try plan.status(of: "team-x")["hashring"] == "hashring-1 (by team-*)")
        #expect(!plan.objects.isEmpty)
        // A whole id on a hard hashring comes first, and other ids do not match.
        #expect(scene.plan(tenant: "team-y").messages == [])
        #expect(scene.plan(tenant: "other").messages == [])
        #expect(scene.plan(tenant: "teams").messages == [])
        let concerned = scene.snapshot.take(.tenant(Scene.key("teams"), nil))
        #expect(
            concerned
                == Set(["team-x", "team-y", "teams"].map { .tenant(Scene.key($0)) } + [.globalView(Scene.key("main"))]))
        #expect(scene.plan(tenant: "team-x").messages == [])
        #expect(try scene.plan(tenant: "team-x").status(of: "team-x")["hashring"] == "(soft)")
    }

    @Test func `A tenant whose pattern overlaps with one of an earlier hashring gets a warning`() throws {
        let scene = try Self.scene(
            Self.glob("first", "team-*"), Self.glob("second", "*-eu", on: "hashring-1"),
            Self.glob("third", "box-*", on: "hashring-1"), Self.glob("same", "team-?"))
        #expect(
            scene.plan(tenant: "second").messages == [
                "warning: Tenant observability/second: spec.hashring: ids that also match \"team-*\" of Tenant "
                    + "\"observability/first\" for hashring \"hashring-0\" go there, since that hashring comes "
                    + "first; each "
                    + "id should match one pattern"
            ])
        for name in ["first", "third", "same"] { #expect(scene.plan(tenant: name).messages == []) }
    }

    // MARK: - Labels

    @Test func `Tenants with the same external labels share an entry`() throws {
        let plan = try Self.scene(
            Samples.tenant("b", "{hashring: hashring-0, externalLabels: {region: eu, tier: gold}}"),
            Samples.tenant("a", "{hashring: hashring-0, externalLabels: {tier: gold, region: eu}}"),
            Samples.tenant("c", "{hashring: hashring-0, externalLabels: {region: us}}")
        ).plan()
        #expect(plan.messages == [])
        let file = try #require(try plan.hashrings().array)
        #expect(file.count == 5)
        #expect(file.map { $0["tenants"] ?? .null }.contains(["a", "b"]))
        let entry = try #require(file.first { $0["tenants"] == ["a", "b"] })
        #expect(entry["external_labels"] == ["region": "eu", "tier": "gold"])
        #expect(file.first { $0["tenants"] == ["c"] }?["external_labels"] == ["region": "us"])
        #expect(file.first { $0["tenants"] == ["tenant-a"] }?["external_labels"] == nil)
        #expect(Set(file.compactMap { $0["hashring"]?.string }).count == 5)
        #expect(file.last?["hashring"] == "default")
    }

    @Test func `A tenant on the soft hashring cannot have a pattern or external labels`() throws {
        let scene = try Self.scene(
            Samples.tenant("a", "{hashring: default, externalLabels: {region: eu}}"),
            Self.glob("b", "b-*", on: "default"))
        for (name, what) in [("a", "external labels have no effect"), ("b", "patterns have no effect")] {
            let plan = scene.plan(tenant: name)
            #expect(
                plan.messages == [
                    "error: Tenant observability/\(name): spec.hashring: \"default\" is the soft hashring, "
                        + "where \(what); name another hashring"
                ])
            #expect(try plan.readiness(of: name) == "False HashringSoft")
        }
    }

    @Test func `A tenant cannot set the tenant label`() throws {
        let scene = try Self.scene(
            Samples.tenant("a", "{hashring: hashring-0, externalLabels: {tenant_id: tenant-b}}"))
        #expect(
            scene.plan(tenant: "a").messages == [
                "error: Tenant observability/a: spec.externalLabels: \"tenant_id\" is the tenant label, which is added "
                    + "to each series; remove it here"
            ])
    }

    // MARK: - What is published goes on

    @Test func `The hashring of a single tenant keeps its members when they vanish`() throws {
        var scene = try Self.scene()
        try scene.add(Samples.tenant("tenant-a", "{hashring: hashring-0, externalLabels: {region: eu}}"))
        try scene.publish(scene.plan())
        scene.removeReceivers("hashring-0")
        let plan = scene.plan()
        #expect(try plan.hashrings() == (try JSON(parsing: #require(scene.snapshot.published.values.first?.text))))
        #expect(try plan.status(of: "main")["hashrings"]?[0]?["members"] == 3)
    }

    @Test func `A tenant that is invalid or retained keeps its entry with pattern, labels and shard size`() throws {
        var scene = try Self.scene(
            Samples.tenant("labelled", "{hashring: hashring-0, externalLabels: {region: eu}}"),
            Samples.tenant("shard", "{shuffleShardSize: 3, deletionPolicy: Retain}"),
            Self.glob("teams", "team-*", ", deletionPolicy: Retain"), thanos: Self.sharded(2))
        try scene.publish(scene.plan())
        let before = try scene.plan().hashrings()
        #expect(before.text().contains("\"external_labels\":{\"region\":\"eu\"}"))
        try scene.add(Samples.tenant("labelled", "{hashring: no-such-ring}"))
        scene.snapshot.take(.tenant(Scene.key("teams"), nil))
        scene.snapshot.take(.tenant(Scene.key("shard"), nil))
        for _ in 0..<2 {
            let plan = scene.plan()
            #expect(try plan.hashrings() == before)
            #expect(
                try plan.object("ConfigMap", "main-hashrings").annotations == [
                    "tributary.dev/retained-tenants": "team-*,shard"
                ])
            try scene.publish(plan)
        }
    }

    // MARK: - Shards

    /// The sample with shuffle sharding on the soft hashring.
    private static func sharded(_ size: Int, _ more: String = "") -> String {
        Samples.thanos.replacing(
            "soft: true", with: "soft: true\n      shuffleSharding: {shardSize: \(size)\(more)}")
    }

    /// The name of the sharded entry, split into the hashring's name and the part that changes with the file.
    private static func name(_ plan: Plan) throws -> (hashring: String, version: String) {
        let name = try #require(try plan.hashringNames().last)
        let parts = name.split(separator: "+v")
        return (String(try #require(parts.first)), String(try #require(parts.last)))
    }

    @Test func `A shuffle-sharded hashring has a name that changes with every change of the file`() throws {
        var scene = try Self.scene(thanos: Self.sharded(2, ", zoneAwarenessDisabled: true, cacheSize: 7"))
        let first = scene.plan()
        #expect(first.messages == [])
        #expect(
            try first.hashrings()[2]?["shuffle_sharding_config"]
                == ["shard_size": 2, "cache_size": 7, "zone_awareness_disabled": true])
        #expect(try Self.name(first).hashring == "default")
        try scene.publish(first)
        // The same file has the same name, or it would change forever.
        #expect(try scene.plan().object("ConfigMap", "main-hashrings") == first.object("ConfigMap", "main-hashrings"))
        #expect(try scene.plan().status(of: "main")["hashrings"]?.array?.last?["name"] == "default")

        // A change of another hashring, of the hashring itself, and back.
        var versions = [try Self.name(first).version]
        for change in 0..<3 {
            if change == 0 { try scene.add(Samples.tenant("tenant-c", "{hashring: hashring-1}")) }
            if change == 1 { try scene.receivers("default", replicas: 4, ready: 4) }
            if change == 2 { scene.snapshot.take(.tenant(Scene.key("tenant-c"), nil)) }
            let plan = scene.plan()
            #expect(plan.messages == [], "the step is one that running receivers live through")
            #expect(plan.objects.first != nil)
            versions.append(try Self.name(plan).version)
            try scene.publish(plan)
        }
        #expect(Set(versions).count == 4)
        #expect(try scene.plan().hashrings()[2]?["endpoints"]?.array?.count == 4)

        // Without shuffle sharding it has its own name again.
        try scene.add(Samples.thanos)
        let off = scene.plan()
        #expect(off.messages == [])
        #expect(try off.hashringNames() == ["hashring-0", "hashring-1", "default"])
        #expect(try off.members(of: "default").count == 4)
    }

    @Test func `A tenant may use more or fewer receivers than others`() throws {
        let thanos = Self.sharded(2).replacing(
            "- name: hashring-0\n", with: "- name: hashring-0\n      shuffleSharding: {shardSize: 2}\n")
        let plan = try Self.scene(
            Samples.tenant("large", "{shuffleShardSize: 3}"), Samples.tenant("also-large", "{shuffleShardSize: 3}"),
            Samples.tenant("usual", "{shuffleShardSize: 2}"),
            Samples.tenant("hard", "{hashring: hashring-0, shuffleShardSize: 3}"),
            Self.glob("teams", "team-*", ", shuffleShardSize: 3"), thanos: thanos
        ).plan()
        #expect(plan.messages == [])
        let overrides = try (plan.hashrings().array ?? []).map { hashring in
            hashring["shuffle_sharding_config", "overrides"] ?? .null
        }
        func override(_ tenants: JSON, _ matcher: String = "exact") -> JSON {
            [["shard_size": 3, "tenants": tenants, "tenant_matcher_type": JSON(matcher)]]
        }
        #expect(
            overrides == [
                override(["hard"]), .null, override(["team-*"], "glob"), override(["also-large", "large"]),
            ])
    }

    @Test func `A tenant with an infeasible shard size gets an error, and other tenants keep their shards`() throws {
        var scene = try Self.scene(
            Samples.tenant("large", "{shuffleShardSize: 9}"), Samples.tenant("small", "{shuffleShardSize: 1}"),
            Samples.tenant("right", "{shuffleShardSize: 3}"), thanos: Self.sharded(2))
        for _ in 0..<2 {
            let plan = scene.plan()
            #expect(plan.messages == [])
            let config = try plan.hashrings()[2]?["shuffle_sharding_config"]
            #expect(
                config?["overrides"] == [["shard_size": 3, "tenants": ["right"], "tenant_matcher_type": "exact"]])
            let large = scene.plan(tenant: "large")
            #expect(
                large.messages == [
                    "error: Tenant observability/large: spec.shuffleShardSize: 9 exceeds the hashring's 3 endpoints: "
                        + "requests of these tenants fail or crash the receiver; set a smaller size or add "
                        + "receivers; until "
                        + "then the tenant uses the shard size 2 of hashring \"default\""
                ])
            #expect(try large.readiness(of: "large") == "False ShardInfeasible")
            #expect(!large.objects.isEmpty, "its people go on reading")
            #expect(scene.plan(tenant: "small").diagnostics.map(\.reason) == ["ShardInfeasible"])
            #expect(scene.plan(tenant: "right").messages == [])
            try scene.publish(plan)
        }
        // Once there are enough receivers, the tenant has its own shard size.
        try scene.receivers("default", replicas: 9, ready: 9)
        let plan = scene.plan()
        #expect(try plan.hashrings()[2]?["shuffle_sharding_config", "overrides"]?.array?.count == 2)
        try scene.publish(plan)
        #expect(scene.plan(tenant: "large").messages == [])
    }

    @Test func `A tenant whose shard size has no effect gets a warning`() throws {
        let scene = try Self.scene(Samples.tenant("a", "{shuffleShardSize: 2}"))
        #expect(
            scene.plan(tenant: "a").messages == [
                "warning: Tenant observability/a: spec.shuffleShardSize: has no effect: hashring \"default\" has no "
                    + "shuffleSharding"
            ])
        #expect(try scene.plan().hashrings()[2]?["shuffle_sharding_config"] == nil)
        let other = try Scene(
            Samples.prometheus, Samples.tenant("a", "{shuffleShardSize: 2, limits: {headSeriesLimit: 1}}"))
        #expect(
            other.plan(tenant: "a").messages
                == ["limits", "shuffleShardSize"].map { field in
                    "warning: Tenant observability/a: spec.\(field): has no effect: GlobalView \"main\" does "
                        + "not use Thanos"
                })
    }

    @Test func `A shuffle-sharded hashring never has fewer members than a shard`() throws {
        var scene = try Self.scene(thanos: Self.sharded(3))
        try scene.publish(scene.plan())
        try scene.receivers("default", replicas: 2, ready: 2)
        let plan = scene.plan()
        #expect(try plan.hashrings()[2]?["endpoints"]?.array?.count == 3)
        #expect(
            try plan.condition("Stalled", of: "main").message
                == "hashring \"default\" keeps its 3 members although receive-default-2 should leave: fewer would "
                + "be below shuffleSharding.shardSize 3")
    }
}
