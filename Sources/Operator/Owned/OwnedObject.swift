import Kube
import KubeRuntime
import PlanningInput

/// What is kept of an object that Tributary made: a fingerprint to compare with, and what planning reads.
///
/// There may be tens of thousands, so each is one box.
struct OwnedObject: Sendable, Hashable {
    private struct Contents: Sendable, Hashable {
        var applied: AppliedState
        var madeFor: PlanKey?
        var workload: Workload?
        var group: Boxed<PodGroup>?
        var published: Boxed<PublishedHashrings>?
        var limits: Boxed<PublishedLimits>?
        var configParts: Int?
        var credential: Boxed<CredentialSecret>?
        var grafana: Boxed<GrafanaRecord>?
    }

    private let contents: Boxed<Contents>

    var applied: AppliedState { contents.value.applied }
    /// For which custom resource it was made.
    var madeFor: PlanKey? { contents.value.madeFor }
    /// Its progress, for workloads.
    var workload: Workload? { contents.value.workload }
    /// What its pods have in common, for workloads.
    var group: PodGroup? { contents.value.group?.value }
    /// What it publishes, for hashring ConfigMaps.
    var published: PublishedHashrings? { contents.value.published?.value }

    /// In how many parts an agent's configuration is, for the Secrets that name those.
    var configParts: Int? { contents.value.configParts }

    /// What it holds, for Secrets with the credential of a tenant.
    var credential: CredentialSecret? { contents.value.credential?.value }
    /// The organizations in Grafana that it records, for ConfigMaps of those.
    var grafana: GrafanaRecord? { contents.value.grafana?.value }

    /// What it publishes, for ConfigMaps of limits.
    var limits: PublishedLimits? { contents.value.limits?.value }
    /// Whether planning sees no difference from a former state: only applied fields differ.
    func saysTheSame(as former: OwnedObject) -> Bool {
        var contents = contents.value
        contents.applied = former.applied
        return contents == former.contents.value
    }

    /// Whether planning reads nothing of the object.
    var isUnread: Bool { contents.value == Contents(applied: applied, madeFor: madeFor) }

    /// Whether the next plan continues from what the object publishes.
    var isPublished: Bool { published != nil || limits != nil }

    init(_ object: Object, manager: FieldManager) { self.init(object, applied: AppliedState(object, as: manager)) }

    init(_ object: Object, applied: AppliedState) {
        let isWorkload = [Resource.deployments, .statefulSets, .daemonSets].contains { $0.kind == object.kind }
        contents = Boxed(
            Contents(
                applied: applied, madeFor: Self.owner(of: object),
                workload: isWorkload ? Workload(object) : nil,
                group: isWorkload ? PodGroup(object).map { Boxed($0) } : nil,
                published: PublishedHashrings(object).map { Boxed($0) },
                limits: PublishedLimits(object).map { Boxed($0) },
                configParts: object.kind == Resource.secrets.kind ? ConfigParts.number(of: object) : nil,
                credential: CredentialSecret(object, needsOwner: true).map { Boxed($0) },
                grafana: GrafanaRecord(object).map { Boxed($0) }))
    }

    /// The custom resource that is the controller, or that a label names if the object is in another namespace.
    private static func owner(of object: Object) -> PlanKey? {
        if let owner = object.ownerReferences.first(where: { $0.controller == true }) {
            return PlanKey(
                group: owner.group, kind: owner.kind,
                ObjectKey(namespace: object.namespace ?? "", name: owner.name))
        }
        func key(_ name: String, _ namespace: String) -> ObjectKey? {
            guard let name = object.labels[name], let namespace = object.labels[namespace] else { return nil }
            return ObjectKey(namespace: namespace, name: name)
        }
        if let agent = key(Names.agentLabel, Names.agentNamespaceLabel) { return .agent(agent) }
        return key(Names.viewLabel, Names.viewNamespaceLabel).map(PlanKey.globalView)
    }
}
