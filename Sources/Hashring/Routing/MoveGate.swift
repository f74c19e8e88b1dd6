import Crypto

/// Decides whether a change of a hashring's members may happen at once: one that moves more series than a limit waits until
/// somebody allows exactly that change.
///
/// It remembers nothing. A change is named by the members that it ends with, so that a permission for one is none for
/// another, and lasts while receivers come one by one. A change that shrinks below the limit goes on by itself.
public struct MoveGate: Sendable {
    /// The largest share of series that may move, 0 to 1.
    public var limit: Double
    /// The changes that somebody has allowed, by their ``Change/name``.
    public var allowed: Set<String>

    /// A gate.
    public init(limit: Double, allowed: Set<String>) {
        self.limit = limit
        self.allowed = allowed
    }

    /// A change of members that waits, or that has been allowed.
    public struct Change: Sendable, Hashable {
        /// The name that allows it: the beginning of the SHA-256 of the members that it ends with.
        public var name: String
        /// The share of series that it moves, 0 to 1.
        public var share: Double
    }

    /// What becomes of a change.
    public enum Decision: Sendable, Hashable {
        /// It may happen.
        case pass
        /// It may happen, since it was allowed.
        case allowed(Change)
        /// It waits.
        case hold(Change)
    }

    /// Decides about the change from one state of a hashring to another. The first members never wait.
    ///
    /// `goal` is the state to which the change is only a step, since receivers get ready one by one: what counts is how much
    /// moves until then.
    public func decide(
        from old: Hashring, to new: Hashring, goal: Hashring? = nil, replicationFactor: Int
    ) -> Decision {
        guard !old.endpoints.isEmpty, !new.endpoints.isEmpty, Self.places(old) != Self.places(new) else { return .pass }
        let goal = goal ?? new
        let share = HashringDifference.share(from: old, to: goal, replicationFactor: replicationFactor)
        guard share > limit else { return .pass }
        let change = Change(name: Self.name(goal), share: share)
        return allowed.contains(change.name) ? .allowed(change) : .hold(change)
    }

    /// What decides where series go, in any order.
    private static func places(_ ring: Hashring) -> [String] {
        ring.endpoints.map { "\($0.address)\t\($0.zone ?? "")" }.sorted()
    }

    /// The name of a change that ends with some members.
    public static func name(_ goal: Hashring) -> String {
        String(SHA256.hexadecimal(places(goal).joined(separator: "\n")).prefix(8))
    }

    /// Whether two states have the same members in the same zones.
    public static func isSame(_ one: Hashring, _ other: Hashring) -> Bool { places(one) == places(other) }
}

extension HashringDifference {
    /// The share of a hashring's series that a change of its members moves: those with at least one copy on a receiver that
    /// had none. With shuffle sharding it is the mean of some tenants.
    public static func share(from old: Hashring, to new: Hashring, replicationFactor: Int) -> Double {
        // While the factor is raised, the receivers still make as many copies as the old members allow.
        let copies = max(1, min(replicationFactor, old.endpoints.count, new.endpoints.count))
        let tenants = old.isShuffleSharded || new.isShuffleSharded ? (0..<16).map { "tenant-\($0)" } : ["tenant"]
        var sides = (old: everyone(old, copies), new: everyone(new, copies))
        let shares = tenants.map { tenant in
            moved(try? sides.old.route(tenant: tenant), try? sides.new.route(tenant: tenant)).series
        }
        return shares.reduce(0, +) / Double(shares.count)
    }

    /// A router to the hashring, whoever the tenant is.
    private static func everyone(_ ring: Hashring, _ copies: Int) -> HashringRouter {
        var ring = ring
        ring.tenants = []
        return HashringRouter(HashringFile([ring]), replicationFactor: copies, defaultAlgorithm: .ketama)
    }
}
