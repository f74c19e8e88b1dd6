import Hashring
public import Kube
public import PlanningInput
public import TributaryAPI

/// How many of the series of each hashring a change moves, by the estimate that `membership.maxMove` goes by.
public enum HashringMoves {
    /// A line for each hashring of a view whose series move from the published ConfigMap to what the snapshot asks for, once all
    /// receivers have joined and left.
    public static func lines(of view: GlobalView, from published: Object?, in snapshot: Snapshot) -> [String] {
        guard let spec = view.spec.thanos,
            let old = published.flatMap({ PublishedHashrings($0) }).flatMap({ try? HashringFile(parsing: $0.found) })
        else { return [] }
        let thanos = ThanosView(resource: view, spec: spec, snapshot: snapshot)
        return (spec.hashrings ?? []).compactMap { spec in
            guard var from = old.rings.first(where: { $0.hashringName == spec.name }) else { return nil }
            let wanted = HashringMembers(spec, of: thanos).replicas.filter(\.isWanted).map(\.endpoint)
            guard !wanted.isEmpty else { return nil }
            var to = Hashring(
                name: spec.name, endpoints: wanted, algorithm: Algorithm(rawValue: thanos.spec.effectiveAlgorithm),
                shuffleSharding: ShuffleSharding(spec))
            // The zone of a receiver is not known before it is scheduled.
            if wanted.contains(where: { $0.zone == nil }) {
                from.endpoints = from.endpoints.map { Endpoint(address: $0.address) }
                to.endpoints = wanted.map { Endpoint(address: $0.address) }
            }
            let share = HashringDifference.share(
                from: from, to: to, replicationFactor: thanos.spec.effectiveReplicationFactor)
            guard share > 0 else { return nil }
            let isSame = Set(from.endpoints.map(\.address)) == Set(wanted.map(\.address))
            let what = isSame ? "other zones, shards or another algorithm" : changes(from.endpoints, wanted)
            let limit = spec.membership?.maxMove.map { "maxMove is \($0)" } ?? "no maxMove"
            return
                "GlobalView \(view.metadata.key): hashring \"\(spec.name)\": \(what) would "
                + "move \(percent(share)) of its series (estimated; \(limit))"
        }
    }

    /// A share in words: `43 %`.
    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.up))) %" }

    /// `3 that join and 1 that leaves`.
    static func changes(_ old: [Endpoint], _ new: [Endpoint]) -> String {
        let (before, after) = (Set(old.map(\.address)), Set(new.map(\.address)))
        let (joining, leaving) = (after.subtracting(before).count, before.subtracting(after).count)
        let parts = [
            joining > 0 ? "\(joining) that \(joining == 1 ? "joins" : "join")" : nil,
            leaving > 0 ? "\(leaving) that \(leaving == 1 ? "leaves" : "leave")" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? "a change of zones" : parts.joined(separator: " and ")
    }
}
