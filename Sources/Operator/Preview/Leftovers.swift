public import Kube
public import KubeClient
import KubeRuntime
import Planning
import PlanningInput
public import PrometheusConfig

/// The objects in a cluster that Tributary made and no longer needs.
///
/// The operator removes what it no longer plans, and Kubernetes what has lost its owner. So there are leftovers only where
/// neither ran: while the operator was uninstalled, or after an owner was deleted without its dependents.
public struct Leftovers: Sendable {
    /// An object that is left over.
    public struct Leftover: Sendable {
        /// Why nobody needs it.
        public enum Reason: String, Sendable {
            /// The custom resource that it was made for does not exist.
            case ownerGone = "OwnerGone"
            /// The custom resource exists, and no plan for it has the object.
            case notPlanned = "NotPlanned"
            /// It does not say what it was made for: somebody deleted the owner and asked to keep what it owned.
            case orphaned = "Orphaned"
        }

        /// The kind, for deleting it.
        public var resource: Resource
        /// The object as it was read.
        public var object: Object
        /// Why nobody needs it.
        public var reason: Reason
        /// What it was made for; nil if it does not say so.
        public var owner: String?

        /// Whether ``Leftovers/delete(_:in:)`` deletes it: what somebody asked to keep stays.
        public var isDeletable: Bool { reason != .orphaned }
    }

    /// The objects, sorted by kind, namespace and name.
    public private(set) var all: [Leftover] = []
    /// What could not be found out: a line each. What may be left over because of it is not among the objects.
    public private(set) var problems: [String] = []

    /// Reads a cluster, with monitors of an API group, and plans for all that has objects in it, or in a namespace. Throws
    /// what the API server or the client throws.
    public init(
        in client: KubeClient, namespace: String? = nil, monitorGroup: MonitorGroup = .standard,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let cluster = PreviewedCluster(client, monitorGroup, progress: progress)
        try await cluster.load()
        _ = try await cluster.add([])
        func isLookedAt(_ object: Object) -> Bool { namespace == nil || object.namespace == namespace }
        var found: [Leftover] = []
        var owners: Set<PlanKey> = []
        for (resource, object) in cluster.labelled where isLookedAt(object) {
            let seen = OwnedObject(object, manager: PreviewedCluster.manager)
            // Others may give objects our label; only what our field manager has applied is ours.
            guard seen.applied.isApplied, seen.applied.hasLabel, !seen.applied.isBeingDeleted else { continue }
            guard let owner = seen.madeFor else {
                // An owner of another kind is not ours to judge.
                guard object.ownerReferences.isEmpty else { continue }
                found.append(Leftover(resource: resource, object: object, reason: .orphaned))
                continue
            }
            let existing = cluster.resource(owner)
            let isGone =
                existing == nil || seen.applied.owner != nil && UID(existing?.uid ?? "") != seen.applied.owner?.uid
            guard isGone else {
                owners.insert(owner)
                continue
            }
            found.append(Leftover(resource: resource, object: object, reason: .ownerGone, owner: "\(owner)"))
        }
        for owner in owners.sorted(by: { "\($0)" < "\($1)" }) {
            guard let existing = cluster.resource(owner), !existing.isBeingDeleted else { continue }
            progress("planning \(owner)")
            guard let plan = try await cluster.plan(for: owner) else { continue }
            for object in cluster.leftovers(of: owner, plan) where isLookedAt(object) {
                guard let resource = try? OwnedKinds.resource(of: object),
                    !found.contains(where: { $0.resource == resource && $0.object.key == object.key })
                else { continue }
                found.append(
                    Leftover(resource: resource, object: object, reason: .notPlanned, owner: "\(owner)"))
            }
        }
        problems = cluster.problems
        all = found.sorted { Self.order($0) < Self.order($1) }
    }

    private static func order(_ leftover: Leftover) -> String { "\(leftover.resource) \(leftover.object.key)" }

    /// Deletes an object, unless it is another one or has changed since it was read. Returns whether it is deleted.
    public static func delete(_ leftover: Leftover, in client: KubeClient) async throws -> Bool {
        guard leftover.isDeletable, let uid = leftover.object.uid else { return false }
        do {
            try await client.delete(
                leftover.resource, leftover.object.key,
                DeleteOptions(
                    uid: uid, resourceVersion: leftover.object.resourceVersion, propagation: .background))
            return true
        } catch let status as APIStatus where status.isNotFound || status.isConflict {
            return false
        }
    }
}
