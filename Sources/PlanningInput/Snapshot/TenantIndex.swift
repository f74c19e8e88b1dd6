import Kube
import TributaryAPI

/// The tenants by what plans look them up by.
struct TenantIndex: Sendable {
    private struct ID: Hashable {
        var view: ObjectKey
        var id: String
    }

    private struct HashringName: Hashable {
        var view: ObjectKey
        var name: String
    }

    private var byView: [ObjectKey: Set<ObjectKey>] = [:]
    private var byID: [ID: Set<ObjectKey>] = [:]
    private var byHashring: [HashringName: Set<ObjectKey>] = [:]
    private var traits: [ObjectKey: TenantTraits] = [:]
    /// The first error in each tenant's specification. Found once, since a view's plan reads all of them.
    private(set) var errors: [ObjectKey: FieldError] = [:]

    mutating func remove(_ tenant: Tenant) {
        let (key, view) = (tenant.metadata.key, tenant.globalViewKey)
        byView.remove(key, from: view)
        byID.remove(key, from: ID(view: view, id: tenant.id))
        if let hashring = tenant.spec.hashring {
            byHashring.remove(key, from: HashringName(view: view, name: hashring))
        }
        traits[view]?.remove(key)
        if traits[view]?.isEmpty == true { traits[view] = nil }
        errors[key] = nil
    }

    mutating func insert(_ tenant: Tenant) {
        let (key, view) = (tenant.metadata.key, tenant.globalViewKey)
        byView[view, default: []].insert(key)
        byID[ID(view: view, id: tenant.id), default: []].insert(key)
        if let hashring = tenant.spec.hashring {
            byHashring[HashringName(view: view, name: hashring), default: []].insert(key)
        }
        var own = TenantTraits()
        own.add(tenant)
        if !own.isEmpty { traits[view, default: TenantTraits()].add(tenant) }
        errors[key] = tenant.validate().summary
    }

    /// The keys of the tenants of a view, in no order.
    func keys(of view: ObjectKey) -> Set<ObjectKey> { byView[view] ?? [] }
    /// The keys of the tenants of a view with one id, in no order.
    func keys(withID id: String, of view: ObjectKey) -> Set<ObjectKey> { byID[ID(view: view, id: id)] ?? [] }
    /// The keys of the tenants of a view that name a hashring, in no order.
    func keys(naming hashring: String, of view: ObjectKey) -> Set<ObjectKey> {
        byHashring[HashringName(view: view, name: hashring)] ?? []
    }
    /// The tenants of a view that affect more than their own plan.
    func traits(of view: ObjectKey) -> TenantTraits { traits[view] ?? TenantTraits() }
    /// The views that some tenant names, whether they exist or not.
    var views: some Collection<ObjectKey> { byView.keys }
}

/// The tenants of one global view that shape its hashrings or its limits.
package struct TenantTraits: Sendable {
    /// The tenants whose id is a pattern.
    package private(set) var globs: [ObjectKey: GlobPattern] = [:]
    /// The tenants with a shard size of their own.
    package private(set) var sharded: Set<ObjectKey> = []
    /// The tenants with limits of their own.
    package private(set) var limited: Set<ObjectKey> = []

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
