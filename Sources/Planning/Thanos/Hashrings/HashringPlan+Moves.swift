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
        let gate = MoveGate(limit: limit, allowed: allowedMoves[spec.name] ?? [])
        let change = gate.decide(
            from: ring(spec, previous), to: ring(spec, decision.members),
            replicationFactor: view.spec.effectiveReplicationFactor)
        guard case .hold(let change) = change else {
            if case .allowed(let change) = change { usedMoves.insert("\(spec.name)=\(change.name)") }
            return nil
        }
        let changes = Self.changes(previous, decision.members)
        let percent = "\(Int((change.share * 100).rounded(.up))) %"
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

    private func ring(_ spec: HashringSpec, _ members: [Endpoint]) -> Hashring {
        Hashring(
            name: spec.name, endpoints: members, algorithm: Algorithm(rawValue: view.spec.effectiveAlgorithm),
            shuffleSharding: ShuffleSharding(spec))
    }

    /// `3 that join and 1 that leaves`.
    private static func changes(_ old: [Endpoint], _ new: [Endpoint]) -> String {
        let (before, after) = (Set(old.map(\.address)), Set(new.map(\.address)))
        let (joining, leaving) = (after.subtracting(before).count, before.subtracting(after).count)
        let parts = [
            joining > 0 ? "\(joining) that \(joining == 1 ? "joins" : "join")" : nil,
            leaving > 0 ? "\(leaving) that \(leaving == 1 ? "leaves" : "leave")" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? "a change of zones" : parts.joined(separator: " and ")
    }
}
