import Kube
import PlanningInput
import Testing

@testable import Operator

@Suite("Shards of namespaces") struct NamespaceShardTests {
    private let names = (0..<2000).map { "team-\($0)" } + ["default", "a", "", "observability"]

    @Test(arguments: 1...NamespaceShard.most)
    func `Every namespace falls to exactly one shard, and shards are about equal`(count: Int) throws {
        let shards = try (0..<count).map { try #require(NamespaceShard($0, of: count)) }
        for name in names { #expect(shards.count { $0.has(namespace: name) } == 1) }
        for shard in shards {
            let share = names.count { shard.has(namespace: $0) } * count
            #expect((names.count / 2...names.count * 3 / 2).contains(share), "\(shard)")
        }
    }

    /// Another function would be another layout: two versions of the operator would not agree on who writes.
    @Test func `Which shard a namespace falls to never changes`() {
        let found = ["default", "observability", "team-a", "team-b", "team-c", "team-d"].map { name in
            (0..<16).first { NamespaceShard($0, of: 16)?.has(namespace: name) == true }
        }
        #expect(found == [15, 3, 5, 1, 10, 14])
    }

    @Test func `A view and its tenants are in one shard`() {
        for index in 0..<5 {
            let shard = NamespaceShard(index, of: 5)
            let view = PlanKey.globalView(ObjectKey(namespace: "team-a", name: "main"))
            let tenant = PlanKey.tenant(ObjectKey(namespace: "team-a", name: "shop"))
            #expect(shard?.has(view) == shard?.has(tenant))
        }
    }

    @Test func `There is no shard without a number of its own`() {
        #expect(NamespaceShard(0, of: 0) == nil)
        #expect(NamespaceShard(2, of: 2) == nil)
        #expect(NamespaceShard(-1, of: 2) == nil)
        #expect(NamespaceShard(0, of: NamespaceShard.most + 1) == nil)
    }

    @Test func `The first shard has the lease of an operator without shards`() {
        let base = ObjectKey(namespace: "tributary-system", name: "tributary.tributary.dev")
        #expect(NamespaceShard.all.lease(from: base) == base)
        #expect(NamespaceShard(0, of: 3)?.lease(from: base) == base)
        #expect(NamespaceShard(2, of: 3)?.lease(from: base).name == "tributary.tributary.dev-2")
        #expect(NamespaceShard(2, of: 3)?.layout(from: base).leases.count == NamespaceShard.most)
    }
}
