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

    init(_ view: GlobalView, _ thanos: ThanosSpec, tenants: [Tenant], in snapshot: Snapshot) {
        let about = PlanKey.globalView(view.metadata.key)
        let published = snapshot.published[
            ObjectKey(
                namespace: view.metadata.namespace ?? "default", name: view.hashringConfigMapName)]
        let specs = thanos.hashrings ?? []
        // First match wins in Thanos: the catch-all goes last, the others in the order in which they were written.
        let ordered = specs.enumerated().filter { !$0.element.isSoft } + specs.enumerated().filter { $0.element.isSoft }
        var file = HashringFile([])
        for (index, spec) in ordered {
            let previous = published?.file?.rings.first { $0.name == spec.name }?.endpoints ?? []
            let members = RingMembers(spec, of: view, in: snapshot)
            guard !members.sets.isEmpty else {
                // Receivers that vanish all at once are more likely mislabelled than gone: nobody leaves.
                keep(spec, index, previous, tenants, thanos, about, &file)
                continue
            }
            let decision = Membership.decide(
                previous: previous, observed: members.replicas, policy: policy(spec, thanos, isFirst: previous.isEmpty),
                now: snapshot.now, lastChange: view.status?.publishedAt.flatMap { Timestamp($0) })
            if let after = decision.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
            note(spec, index, members, decision, about, replicationFactor: thanos.effectiveReplicationFactor)
            add(
                Ring(spec: spec, members: decision.members, desired: members.desired, pending: decision.pending),
                tenants, thanos, to: &file)
        }
        publish(file, over: published, thanos, about)
    }

    private func policy(_ spec: HashringSpec, _ thanos: ThanosSpec, isFirst: Bool) -> Membership.Policy {
        let membership = spec.membership
        return Membership.Policy(
            replicationFactor: thanos.effectiveReplicationFactor,
            minimumReplicas: membership?.minReplicas ?? 1,
            joinAfter: Self.duration(membership?.joinAfter) ?? .zero,
            leaveAfter: Self.duration(membership?.leaveAfter) ?? .seconds(300),
            maximumStep: membership?.maxStep,
            // Receivers that have no file yet cannot become ready, so a first file names them as they are wanted.
            joinsUnready: isFirst)
    }

    private static func duration(_ text: String?) -> Duration? {
        text.flatMap { PrometheusDuration($0) }.map { .milliseconds($0.milliseconds) }
    }

    /// Adds a ring to the status, and to the file unless it is hard and has no tenants: Thanos would take it for a
    /// catch-all.
    private mutating func add(_ ring: Ring, _ tenants: [Tenant], _ thanos: ThanosSpec, to file: inout HashringFile) {
        rings.append(ring)
        let ids = ring.spec.isSoft ? [] : tenants.filter { $0.spec.hashring == ring.spec.name }.map(\.id).sorted()
        guard !ring.members.isEmpty, ring.spec.isSoft || !ids.isEmpty else { return }
        file.rings.append(
            Hashring(
                name: ring.spec.name, tenants: ids, endpoints: ring.members,
                algorithm: Algorithm(rawValue: thanos.effectiveAlgorithm)))
    }

    /// A ring for which no receivers are found keeps the members that it has.
    private mutating func keep(
        _ spec: HashringSpec, _ index: Int, _ previous: [Endpoint], _ tenants: [Tenant], _ thanos: ThanosSpec,
        _ about: PlanKey, _ file: inout HashringFile
    ) {
        let field = "spec.thanos.hashrings[\(index)]"
        if spec.adopt == nil {
            diagnostics.append(
                .error(
                    about, field, "HashringNotAdopted",
                    "hashring \"\(spec.name)\" has replicas, but Tributary does not run receivers yet; adopt those of a StatefulSet"
                ))
        } else {
            diagnostics.append(
                .warning(
                    about, field, "NoReceivers",
                    "no StatefulSet is selected for hashring \"\(spec.name)\"; adopt.selector should match the labels of its receivers"
                ))
        }
        add(Ring(spec: spec, members: previous, desired: 0, pending: []), tenants, thanos, to: &file)
    }

    private mutating func note(
        _ spec: HashringSpec, _ index: Int, _ members: RingMembers, _ decision: Membership.Decision, _ about: PlanKey,
        replicationFactor: Int
    ) {
        let field = "spec.thanos.hashrings[\(index)]"
        if decision.members.isEmpty {
            let floor = max(replicationFactor, spec.membership?.minReplicas ?? 1)
            diagnostics.append(
                .warning(
                    about, field, "HashringWaiting",
                    "hashring \"\(spec.name)\" is not published yet: it has \(members.desired) receivers and needs \(floor)"
                ))
        } else if decision.isHeld {
            let gone = decision.pending.filter { $0.reason == .held }.map(\.pod).joined(separator: ", ")
            let floor = max(replicationFactor, spec.membership?.minReplicas ?? 1)
            let why = (spec.membership?.minReplicas ?? 1) >= replicationFactor ? "minReplicas" : "replicationFactor"
            diagnostics.append(
                .error(
                    about, field, "HashringHeld",
                    "hashring \"\(spec.name)\" keeps its \(decision.members.count) members though \(gone) should leave: fewer would be below \(why) \(floor)"
                ))
        }
    }

    /// Takes the new text if Thanos would live with it, else the old one.
    private mutating func publish(
        _ file: HashringFile, over published: PublishedHashrings?, _ thanos: ThanosSpec, _ about: PlanKey
    ) {
        text = published?.text
        isUnchanged = published != nil
        guard !file.rings.isEmpty else { return }
        let findings = file.validate(
            replicationFactor: thanos.effectiveReplicationFactor, defaultAlgorithm: .ketama, previous: published?.text)
        for finding in findings where finding.severity == .error {
            diagnostics.append(.error(about, "spec.thanos.hashrings", "HashringInvalid", finding.message))
        }
        guard !findings.contains(where: { $0.severity == .error }) else { return }
        let new = file.encoded()
        isUnchanged = new == published?.text
        text = new
    }
}
