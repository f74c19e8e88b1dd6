import Kube
import KubeRuntime
import Planning

/// An object that Tributary made, as it is kept: a fingerprint to compare with, and what planning looks at.
struct OwnedObject: Sendable, Hashable {
    var applied: AppliedState
    /// For which custom resource it was made.
    var madeFor: PlanKey?
    /// How far it has come, for workloads.
    var workload: Workload?
    /// What it publishes, for hashring ConfigMaps.
    var published: PublishedHashrings?

    init(_ object: Object, manager: FieldManager) {
        applied = AppliedState(object, as: manager)
        madeFor = Self.owner(of: object)
        if object.kind == Resource.deployments.kind || object.kind == Resource.statefulSets.kind {
            workload = Workload(object)
        }
        published = PublishedHashrings(object)
    }

    /// The custom resource that is the controller, or that a label names where the object is in another namespace.
    private static func owner(of object: Object) -> PlanKey? {
        if let owner = object.ownerReferences.first(where: { $0.controller == true }) {
            return PlanKey(
                group: owner.group, kind: owner.kind,
                ObjectKey(namespace: object.namespace ?? "", name: owner.name))
        }
        guard let name = object.labels[Names.agentLabel], let namespace = object.labels[Names.agentNamespaceLabel]
        else { return nil }
        return .agent(ObjectKey(namespace: namespace, name: name))
    }
}
