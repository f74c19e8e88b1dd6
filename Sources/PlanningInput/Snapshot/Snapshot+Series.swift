import Kube

/// Whether samples of tenants arrive: what the answers of query APIs concern.
extension Snapshot {
    /// What a view says about series concerns the tenants with those ids. That it says nothing, or that there are no
    /// others, concerns all of its tenants.
    mutating func takeSeries(_ finding: SeriesFinding, of view: ObjectKey) -> Set<PlanKey> {
        guard globalViews[view] != nil else { return [] }
        let old = series[view] ?? ViewSeries()
        var new = finding.replaces ? ViewSeries() : old
        for (id, found) in finding.tenants { new.tenants[id] = found }
        (new.othersAbsentSince, new.problem) = (finding.othersAbsentSince, finding.problem)
        series[view] = new
        guard !finding.replaces, old.othersAbsentSince == new.othersAbsentSince, old.problem == new.problem else {
            return Set(tenantKeys(of: view).map(PlanKey.tenant))
        }
        let changed = finding.tenants.keys.filter { old.tenants[$0] != new.tenants[$0] }
        return Set(changed.flatMap { tenants(withID: $0, of: view) }.map { .tenant($0.metadata.key) })
    }
}
