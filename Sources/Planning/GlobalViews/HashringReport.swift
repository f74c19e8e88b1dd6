import Hashring
public import Kube
import TributaryAPI

/// A global view's hashrings in numbers: what metrics say of a plan.
public struct HashringReport: Sendable, Hashable {
    /// One hashring.
    public struct Ring: Sendable, Hashable {
        /// The name in the file.
        public var name: String
        /// The receivers that the file names.
        public var members: Int
        /// The receivers that the StatefulSets want.
        public var desired: Int
        /// The receivers that wait to join, wait to leave, or are held.
        public var pending: Int
        /// The tenants that the ring is for by name; a soft ring names none.
        public var tenants: Int
        /// Whether receivers stay in the ring only since too few would be left.
        public var isHeld: Bool
        /// The receivers that have loaded another file than the published one; nil where none has been asked.
        public var older: Int?
    }

    /// The rings, in the file's order.
    public var rings: [Ring]
    /// The tenants of the view, on whichever ring.
    public var tenants: Int
    /// What receivers show as `thanos_receive_config_hash` once they have read the published file; nil before there is one.
    public var hash: UInt64?
    /// When the published file last changed; nil before there is one.
    public var changed: Timestamp?
    /// Why what the custom resources ask for is not published: reasons in CamelCase, sorted, each once.
    public var refusals: [String]
}

extension HashringPlan {
    /// The plan in numbers.
    func report(of view: GlobalView, tenants: Int, in snapshot: Snapshot) -> HashringReport {
        let hash = text.map { HashringFile.configHash(of: $0) }
        let refusals = Set(diagnostics.filter { $0.severity == .error && $0.reason != Self.held }.map(\.reason))
        return HashringReport(
            rings: rings.map { ring in
                HashringReport.Ring(
                    name: ring.spec.name, members: ring.members.count, desired: ring.desired,
                    pending: ring.pending.count,
                    tenants: ring.spec.isSoft
                        ? 0 : snapshot.tenants(of: view.metadata.key, onHard: ring.spec.name).count,
                    isHeld: ring.pending.contains { $0.reason == .held },
                    older: older(ring.spec, than: hash, of: view, in: snapshot))
            }, tenants: tenants, hash: hash, changed: changed(in: view.status, now: snapshot.now),
            refusals: refusals.sorted())
    }

    private static let held = "HashringHeld"

    /// How many of a ring's receivers say that they have loaded another file.
    private func older(
        _ ring: HashringSpec, than hash: UInt64?, of view: GlobalView, in snapshot: Snapshot
    ) -> Int? {
        guard let hash, !snapshot.loadedHashrings.isEmpty else { return nil }
        let pods = RingMembers(ring, of: view, in: snapshot).sets.flatMap {
            snapshot.receiverPods[$0.key]?.keys.map { $0 } ?? []
        }
        let loaded = pods.compactMap { snapshot.loadedHashrings[$0] }
        return loaded.isEmpty ? nil : loaded.count { $0.hash != hash }
    }

    /// When the file last changed, as the status says or will say.
    func changed(in status: GlobalViewStatus?, now: Timestamp) -> Timestamp? {
        if text == nil { return nil }
        return isUnchanged ? status?.publishedAt.flatMap { Timestamp($0) } : now
    }
}
