import Hashring
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Decides the members of a hashring, and reports problems with them.
extension HashringPlan {
    mutating func decide(_ spec: HashringSpec, at field: String) -> Wanted {
        let previous = published?.file?.members(of: spec.name) ?? []
        let receivers = HashringMembers(spec, of: view)
        if let problem = view.versionProblem(spec, at: field) {
            diagnostics.append(problem)
            return Wanted(spec: spec, members: previous, desired: receivers.desired, pending: [])
        }
        if let warning = view.versionWarning(spec, at: field) { diagnostics.append(warning) }
        let forbidden = ForbiddenWatches(spec, of: view)
        diagnostics += forbidden.diagnostics(spec, about: view.about, at: field)
        guard !forbidden.hidesReceivers, !(forbidden.hidesZones && previous.isEmpty) else {
            return Wanted(spec: spec, members: previous, desired: receivers.desired, pending: [])
        }
        guard !receivers.sets.isEmpty else {
            // Receivers that vanish all at once are more likely mislabelled than gone: none of them leaves the
            // hashring.
            noteMissing(spec, field)
            return Wanted(spec: spec, members: previous, desired: 0, pending: [])
        }
        let addresses = Set(receivers.replicas.map(\.endpoint.address))
        let isReplaced =
            receivers.desired > 0 && !previous.isEmpty
            && !previous.contains { addresses.contains($0.address) }
        let isNew = previous.isEmpty && published?.file?.rings.isEmpty == false
        if isNew || isReplaced, let waiting = wait(for: receivers, spec, previous) { return waiting }
        let decision = Membership.decide(
            previous: isReplaced ? [] : previous, observed: receivers.replicas,
            policy: policy(spec, isFirst: previous.isEmpty && !isNew), now: view.snapshot.now,
            lastChange: view.publishedAt)
        if let after = decision.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
        if let held = holdMove(spec, field, previous, receivers, decision) { return held }
        note(spec, field, desired: receivers.desired, decision)
        return Wanted(
            spec: spec, members: isReplaced && decision.members.isEmpty ? previous : decision.members,
            desired: receivers.desired, pending: decision.pending)
    }

    /// A hashring that is new while others are served, or whose receivers have all been replaced, is switched as a
    /// whole: it keeps its previous members while wanted receivers are not ready, except those whose `leaveAfter` is
    /// over.
    private mutating func wait(
        for receivers: HashringMembers, _ spec: HashringSpec, _ previous: [Endpoint]
    ) -> Wanted? {
        let patience = Self.duration(spec.membership?.leaveAfter) ?? .seconds(300)
        var pending: [Membership.Pending] = []
        for replica in receivers.replicas where replica.isWanted && (replica.readySince == nil || replica.isTerminating)
        {
            let rest = patience - max(.zero, view.snapshot.now.since(replica.unreadySince ?? view.snapshot.now))
            guard rest > .zero else { continue }
            recheckAfter = min(rest, recheckAfter ?? rest)
            pending.append(
                Membership.Pending(pod: replica.pod, reason: .notReady, since: replica.unreadySince))
        }
        guard !pending.isEmpty else { return nil }
        return Wanted(spec: spec, members: previous, desired: receivers.desired, pending: pending)
    }

    private func policy(_ spec: HashringSpec, isFirst: Bool) -> Membership.Policy {
        let membership = spec.membership
        return Membership.Policy(
            replicationFactor: view.spec.effectiveReplicationFactor, minimumReplicas: spec.fewestMembers,
            joinAfter: Self.duration(membership?.joinAfter) ?? .zero,
            leaveAfter: Self.duration(membership?.leaveAfter) ?? .seconds(300), maximumStep: membership?.maxStep,
            // Receivers cannot become ready without a file, so the first file names all wanted receivers.
            joinsUnready: isFirst)
    }

    private static func duration(_ text: String?) -> Duration? {
        text.flatMap { PrometheusDuration($0) }.map { .milliseconds($0.milliseconds) }
    }

    // MARK: - What to say

    private mutating func noteMissing(_ spec: HashringSpec, _ field: String) {
        diagnostics.append(
            .warning(
                view.about, field, "NoReceivers",
                "hashring \"\(spec.name)\" selects no StatefulSet; "
                    + "adopt.selector should match the labels of its receivers"))
    }

    private mutating func note(
        _ spec: HashringSpec, _ field: String, desired: Int, _ decision: Membership.Decision
    ) {
        let minimum = spec.fewestMembers
        let floor = max(view.spec.effectiveReplicationFactor, minimum)
        if decision.members.isEmpty {
            diagnostics.append(
                .warning(
                    view.about, field, "HashringWaiting",
                    "hashring \"\(spec.name)\" is not published yet: it needs at least \(floor) receivers "
                        + "and has \(desired)"))
        } else if decision.isHeld {
            let leaving = decision.pending.filter { $0.reason == .held }.map(\.pod).listed()
            let bound =
                minimum < view.spec.effectiveReplicationFactor
                ? "replicationFactor" : spec.isHeldByShards ? "shuffleSharding.shardSize" : "minReplicas"
            diagnostics.append(
                .error(
                    view.about, field, "HashringHeld",
                    "hashring \"\(spec.name)\" keeps its \(decision.members.count) members although \(leaving) should "
                        + "leave: fewer would be below \(bound) \(floor)"))
        }
    }
}
