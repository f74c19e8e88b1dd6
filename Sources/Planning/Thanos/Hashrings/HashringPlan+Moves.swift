import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// Holds changes of members that would move more series than `maxMove`.
extension HashringPlan {
    /// The hashring as it stays while a change of its members waits; nil if none has to.
    mutating func holdMove(
        _ spec: HashringSpec, _ field: String, _ previous: [Endpoint], _ receivers: HashringMembers,
        _ decision: Membership.Decision
    ) -> Wanted? {
        guard let limit = spec.membership?.largestMove, !decision.members.isEmpty else { return nil }
        let allowed = allowedMoves[spec.name] ?? []
        let goal = Self.goal(previous, receivers, decision)
        let name = MoveGate.name(ring(spec, goal))
        if allowed.contains(name), !MoveGate.isSame(ring(spec, previous), ring(spec, goal)) {
            usedMoves.insert("\(spec.name)=\(name)")
        }
        // The zone of a receiver is not known before it is scheduled.
        let isZoned = goal.allSatisfy { $0.zone != nil }
        let change = MoveGate(limit: limit, allowed: allowed).decide(
            from: ring(spec, previous, isZoned: isZoned), to: ring(spec, decision.members, isZoned: isZoned),
            goal: ring(spec, goal, isZoned: isZoned), replicationFactor: view.spec.effectiveReplicationFactor)
        guard case .hold(let change) = change else { return nil }
        let changes = HashringMoves.changes(previous, goal)
        let percent = HashringMoves.percent(change.share)
        diagnostics.append(
            .warning(
                view.about, "\(field).membership.maxMove", Self.moveHeld,
                "hashring \"\(spec.name)\" keeps its \(previous.count) members, since \(changes) would move \(percent) of "
                    + "its series, more than \(spec.membership?.maxMove ?? ""); to let it happen, annotate the GlobalView "
                    + "with \(Names.allowMoveAnnotation)=\(spec.name)=\(change.name)"))
        let moving = Set(previous.map(\.address)).symmetricDifference(decision.members.map(\.address))
        let waiting = receivers.replicas.filter { moving.contains($0.endpoint.address) }.map {
            Membership.Pending(pod: $0.pod, reason: .moveLimited, since: $0.readySince ?? $0.unreadySince)
        }
        return Wanted(
            spec: spec, members: previous, desired: receivers.desired,
            pending: waiting + decision.pending.filter { pending in !waiting.contains { $0.pod == pending.pod } })
    }

    /// The warning about a permission in the annotation that lets nothing happen; nil if each is used.
    var unusedMoveFinding: Diagnostic? {
        let unused = allowedMoves.flatMap { name, changes in changes.map { "\(name)=\($0)" } }
            .filter { !usedMoves.contains($0) }.sorted()
        guard !unused.isEmpty else { return nil }
        return .warning(
            view.about, "metadata.annotations", "MoveNotPending",
            "\(Names.allowMoveAnnotation): no change is waiting for \(unused.listed()); remove it, since the same change "
                + "would not wait another time")
    }

    static let moveHeld = "MoveHeld"

    /// The changes that the annotation allows, by hashring.
    private var allowedMoves: [String: Set<String>] {
        let text = view.resource.metadata.annotations?[Names.allowMoveAnnotation] ?? ""
        var result: [String: Set<String>] = [:]
        for entry in text.split(separator: ",").prefix(64) {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0]).filter { $0 != " " }
            result[name, default: []].insert(parts.count > 1 ? String(parts[1]).filter { $0 != " " } : "")
        }
        return result
    }

    private func ring(_ spec: HashringSpec, _ members: [Endpoint], isZoned: Bool = false) -> Hashring {
        let members = isZoned ? members : members.map { Endpoint(address: $0.address) }
        return Hashring(
            name: spec.name, endpoints: members, algorithm: Algorithm(rawValue: view.spec.effectiveAlgorithm),
            shuffleSharding: ShuffleSharding(spec))
    }

    /// The members once all has happened that the StatefulSets ask for now: receivers that come, or are scaled down, one by
    /// one count together. Members that are lost leave by themselves, and count alone.
    private static func goal(
        _ previous: [Endpoint], _ receivers: HashringMembers, _ decision: Membership.Decision
    ) -> [Endpoint] {
        let now = Dictionary(decision.members.map { ($0.address, $0) }) { first, _ in first }
        let before = Set(previous.map(\.address))
        let wanted = receivers.replicas.filter(\.isWanted).map(\.endpoint)
        let isWanted = Set(wanted.map(\.address))
        let isOfLosses = before.isSuperset(of: now.keys) && before.subtracting(now.keys).isSubset(of: isWanted)
        guard !isOfLosses || before == Set(now.keys) else { return decision.members }
        let held = Set(decision.pending.filter { $0.reason == .held }.map(\.pod))
        let kept = receivers.replicas.filter { !$0.isWanted && held.contains($0.pod) }.map(\.endpoint.address)
        return wanted.filter { now[$0.address] != nil || !before.contains($0.address) }.map { now[$0.address] ?? $0 }
            + kept.compactMap { now[$0] }
    }
}
