import Kube
import TributaryAPI

/// The tenants of one global view that shape its hashrings or its limits: what would else be looked for among all.
struct TenantTraits: Sendable {
    /// Those with a pattern for an id.
    private(set) var globs: [ObjectKey: GlobPattern] = [:]
    /// Those with a shard size of their own.
    private(set) var sharded: Set<ObjectKey> = []
    /// Those with limits of their own.
    private(set) var limited: Set<ObjectKey> = []

    var isEmpty: Bool { globs.isEmpty && sharded.isEmpty && limited.isEmpty }

    mutating func add(_ tenant: Tenant) {
        let key = tenant.metadata.key
        if tenant.isGlob { globs[key] = GlobPattern(tenant.id) }
        if tenant.spec.shuffleShardSize != nil { sharded.insert(key) }
        if tenant.spec.limits != nil { limited.insert(key) }
    }

    mutating func remove(_ key: ObjectKey) {
        globs[key] = nil
        sharded.remove(key)
        limited.remove(key)
    }
}

extension Tenant {
    /// Whether the tenant is one that ``TenantTraits`` keeps.
    var shapesMoreThanItself: Bool { isGlob || spec.shuffleShardSize != nil || spec.limits != nil }
}
