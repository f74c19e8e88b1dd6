public import Kube
import KubeRuntime
import PlanningInput

/// Which custom resources a process works for: those of the namespaces that fall to it.
///
/// A namespace is the unit, since a GlobalView and its Tenants are in one, so that each plan is made by one process. The
/// number of the process and of all processes decide, not a list that somebody keeps: every namespace, also one that is
/// made later, falls to exactly one.
public struct NamespaceShard: Sendable, Hashable {
    /// The most shards: as many leases are looked at before a process leads.
    public static let most = 16

    /// One process for all namespaces.
    public static let all = NamespaceShard(unchecked: 0, of: 1)

    /// The number of this shard, from 0.
    public let index: Int
    /// How many shards there are.
    public let count: Int

    private init(unchecked index: Int, of count: Int) {
        self.index = index
        self.count = count
    }

    /// A shard; nil for a number that no shard has.
    public init?(_ index: Int, of count: Int) {
        guard (1...Self.most).contains(count), (0..<count).contains(index) else { return nil }
        self.init(unchecked: index, of: count)
    }

    /// Whether a namespace falls to this shard.
    public func has(namespace: String) -> Bool { count == 1 || Self.hash(namespace) % UInt64(count) == UInt64(index) }

    /// Whether this shard works for a custom resource.
    func has(_ key: PlanKey) -> Bool { has(namespace: key.objectKey.namespace) }

    /// The lease of this shard, from the one that an operator without shards holds.
    public func lease(from base: ObjectKey) -> ObjectKey { Self.lease(index, from: base) }

    /// Which other leases must not be held while this shard leads: those of shards of another number of shards.
    func layout(from base: ObjectKey) -> LeaseLayout {
        LeaseLayout(name: "\(count)", leases: (0..<Self.most).map { Self.lease($0, from: base) })
    }

    private static func lease(_ index: Int, from base: ObjectKey) -> ObjectKey {
        index == 0 ? base : ObjectKey(namespace: base.namespace, name: "\(base.name)-\(index)")
    }

    /// The same in every process and version (FNV-1a, mixed so that its low bits depend on every byte). Another function would
    /// be another layout, with another name.
    private static func hash(_ text: String) -> UInt64 {
        var hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        return hash ^ hash >> 33
    }
}

extension NamespaceShard {
    /// Whether an object that Tributary made plays a part in the plans of this shard: those of its own custom resources,
    /// and of others what agents of any namespace may refer to.
    func needs(_ object: OwnedObject) -> Bool {
        guard count > 1, let owner = object.madeFor else { return true }
        return has(owner) || object.credential != nil || object.isPublished
    }

    /// Whether a pod is one of this shard's custom resources.
    func needs(_ pod: OwnPod) -> Bool { has(namespace: pod.group.owner.namespace) }
}
