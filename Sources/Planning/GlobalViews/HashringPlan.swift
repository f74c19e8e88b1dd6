import Hashring
import Kube
import PrometheusConfig
import TributaryAPI

/// The hashring file of a global view: which rings, in which order, with which members; and what is held back and why.
struct HashringPlan {
    /// What the status says of one ring.
    struct Ring {
        var spec: HashringSpec
        var members: [Endpoint]
        /// How many receivers its StatefulSets want.
        var desired: Int
        var pending: [Membership.Pending]
    }

    private(set) var rings: [Ring] = []
    /// The text to publish; nil where there is nothing yet that Thanos could use.
    private(set) var text: String?
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var recheckAfter: Duration?
    /// Whether ``text`` is the text that is published already.
    private(set) var isUnchanged = false

    /// The ids on hard rings whose entries stay when their Tenants are deleted.
    private(set) var retained: [String] = []

    private let about: PlanKey
    private let view: GlobalView
    private let thanos: ThanosSpec
    private let published: PublishedHashrings?

    init(_ view: GlobalView, _ thanos: ThanosSpec, in snapshot: Snapshot) {
        about = .globalView(view.metadata.key)
        self.view = view
        self.thanos = thanos
        let namespace = view.metadata.namespace ?? "default"
        published = snapshot.published[ObjectKey(namespace: namespace, name: view.hashringConfigMapName)]
        var file = HashringFile([])
        // First match wins in Thanos: the catch-all goes last, the others in the order in which they were written.
        let specs = Array((thanos.hashrings ?? []).enumerated())
        for (index, spec) in specs.filter({ !$0.element.isSoft }) + specs.filter({ $0.element.isSoft }) {
            let ring = decide(spec, at: "spec.thanos.hashrings[\(index)]", in: snapshot)
            rings.append(ring)
            let ids = spec.isSoft ? [] : self.ids(on: spec.name, in: snapshot)
            // A hard ring without tenants would be taken for a catch-all.
            guard !ring.members.isEmpty, spec.isSoft || !ids.isEmpty else { continue }
            file.rings.append(
                Hashring(
                    name: spec.name, tenants: ids, endpoints: ring.members,
                    algorithm: Algorithm(rawValue: thanos.effectiveAlgorithm)))
        }
        publish(file)
    }

    // MARK: - Tenants

    /// The ids on a hard ring, sorted: those of its tenants, and published ones whose entries stay where they are.
    private mutating func ids(on ring: String, in snapshot: Snapshot) -> [String] {
        let view = view.metadata.key
        var ids = Set(snapshot.tenantIDs(of: view, on: ring))
        for id in published?.file?.rings.first(where: { $0.name == ring })?.tenants ?? [] where !ids.contains(id) {
            if let tenant = snapshot.tenants(withID: id, of: view).first {
                // A tenant that has become wrong goes on writing to where it wrote.
                if snapshot.findProblem(tenant) != nil { ids.insert(id) }
            } else if published?.retained.contains(id) == true {
                ids.insert(id)
            }
        }
        retained += ids.filter { id in
            snapshot.tenants(withID: id, of: view).first.map { $0.spec.deletionPolicy == "Retain" } ?? true
        }.sorted()
        return ids.sorted()
    }

    // MARK: - Members

    private mutating func decide(_ spec: HashringSpec, at field: String, in snapshot: Snapshot) -> Ring {
        let previous = published?.file?.rings.first { $0.name == spec.name }?.endpoints ?? []
        let receivers = RingMembers(spec, of: view, in: snapshot)
        let forbidden = ForbiddenWatches(spec, of: view, in: snapshot)
        diagnostics += forbidden.diagnostics(spec, about: about, at: field)
        guard !forbidden.hidesReceivers, !(forbidden.hidesZones && previous.isEmpty) else {
            return Ring(spec: spec, members: previous, desired: receivers.desired, pending: [])
        }
        guard !receivers.sets.isEmpty else {
            // Receivers that vanish all at once are more likely mislabelled than gone: nobody leaves.
            noteMissing(spec, field)
            return Ring(spec: spec, members: previous, desired: 0, pending: [])
        }
        var decision = Membership.decide(
            previous: previous, observed: receivers.replicas, policy: policy(spec, isFirst: previous.isEmpty),
            now: snapshot.now, lastChange: view.status?.publishedAt.flatMap { Timestamp($0) })
        // A member whose pod is gone has only its address, which begins with the pod's name.
        for index in decision.pending.indices where decision.pending[index].pod.contains(":") {
            decision.pending[index].pod = String(decision.pending[index].pod.prefix { $0 != "." })
        }
        if let after = decision.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
        note(spec, field, desired: receivers.desired, decision)
        return Ring(spec: spec, members: decision.members, desired: receivers.desired, pending: decision.pending)
    }

    private func policy(_ spec: HashringSpec, isFirst: Bool) -> Membership.Policy {
        let membership = spec.membership
        return Membership.Policy(
            replicationFactor: thanos.effectiveReplicationFactor, minimumReplicas: membership?.minReplicas ?? 1,
            joinAfter: Self.duration(membership?.joinAfter) ?? .zero,
            leaveAfter: Self.duration(membership?.leaveAfter) ?? .seconds(300), maximumStep: membership?.maxStep,
            // Receivers that have no file yet cannot become ready, so a first file names them as they are wanted.
            joinsUnready: isFirst)
    }

    private static func duration(_ text: String?) -> Duration? {
        text.flatMap { PrometheusDuration($0) }.map { .milliseconds($0.milliseconds) }
    }

    // MARK: - Publishing

    /// Takes the new text if Thanos would live with it, else the old one.
    private mutating func publish(_ file: HashringFile) {
        text = published?.text
        isUnchanged = published != nil
        guard !file.rings.isEmpty else { return }
        let findings = file.validate(
            replicationFactor: thanos.effectiveReplicationFactor, defaultAlgorithm: .ketama, previous: published?.text)
        let errors = findings.filter { $0.severity == .error }
        for finding in errors {
            diagnostics.append(.error(about, "spec.thanos.hashrings", "HashringInvalid", finding.message))
        }
        guard errors.isEmpty else { return }
        let new = file.encoded()
        isUnchanged = new == published?.text
        text = new
    }

    // MARK: - What to say

    private mutating func noteMissing(_ spec: HashringSpec, _ field: String) {
        if spec.adopt == nil {
            diagnostics.append(
                .error(
                    about, field, "HashringNotAdopted",
                    "hashring \"\(spec.name)\" has replicas, but Tributary does not run receivers yet; "
                        + "adopt those of a StatefulSet"))
        } else {
            diagnostics.append(
                .warning(
                    about, field, "NoReceivers",
                    "no StatefulSet is selected for hashring \"\(spec.name)\"; "
                        + "adopt.selector should match the labels of its receivers"))
        }
    }

    private mutating func note(
        _ spec: HashringSpec, _ field: String, desired: Int, _ decision: Membership.Decision
    ) {
        let minimum = spec.membership?.minReplicas ?? 1
        let floor = max(thanos.effectiveReplicationFactor, minimum)
        if decision.members.isEmpty {
            diagnostics.append(
                .warning(
                    about, field, "HashringWaiting",
                    "hashring \"\(spec.name)\" is not published yet: it has \(desired) receivers and needs \(floor)"))
        } else if decision.isHeld {
            let leaving = decision.pending.filter { $0.reason == .held }.map(\.pod).listed()
            let bound = minimum >= thanos.effectiveReplicationFactor ? "minReplicas" : "replicationFactor"
            diagnostics.append(
                .error(
                    about, field, "HashringHeld",
                    "hashring \"\(spec.name)\" keeps its \(decision.members.count) members though \(leaving) should "
                        + "leave: fewer would be below \(bound) \(floor)"))
        }
    }
}
