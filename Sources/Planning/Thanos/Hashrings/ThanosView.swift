import Kube
import PlanningInput
import TributaryAPI

/// A global view with Thanos in a snapshot: the input of all parts of its plan.
struct ThanosView: Sendable {
    /// The GlobalView.
    let resource: GlobalView
    /// The GlobalView's `spec.thanos`.
    let spec: ThanosSpec
    let snapshot: Snapshot
    /// The Thanos that it runs.
    let release: ThanosRelease
    /// TLS between the parts; nil for plain connections.
    let tls: ThanosTLS?

    init(resource: GlobalView, spec: ThanosSpec, snapshot: Snapshot) {
        self.resource = resource
        self.spec = spec
        self.snapshot = snapshot
        release = ThanosRelease(of: resource)
        tls = resource.thanosTLS(in: snapshot)
    }

    var key: ObjectKey { resource.metadata.key }
    var name: String { resource.metadata.name }
    var namespace: String { owner.namespace }
    /// The view, as the subject of diagnostics.
    var about: PlanKey { .globalView(key) }
    /// The view, as the owner of objects.
    var owner: Owner { Owner(resource: GlobalView.resource, metadata: resource.metadata) }
    /// The hashring file that is published now.
    var published: PublishedHashrings? { snapshot.published[resource.hashringsKey] }
    /// The protocol by which receivers forward: the specification's, if their version has a choice.
    var replicationProtocol: String {
        release.takes(.receive, "receive.replication-protocol") ? spec.effectiveReplicationProtocol : "protobuf"
    }
    /// When the published hashring file last changed: according to the status, unless the file was written later. A status may
    /// be missing, for example because the operator ended in between.
    var publishedAt: Timestamp? {
        let reported = resource.status?.publishedAt.flatMap { Timestamp($0) }
        guard let written = published?.writtenAt else { return reported }
        // The API server rounds to seconds and has a clock of its own.
        guard let reported, written.since(reported) <= .seconds(5) else { return written }
        return reported
    }
}
