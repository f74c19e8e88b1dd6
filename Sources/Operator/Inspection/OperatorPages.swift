import KubeRuntime
import Observability
import PlanningInput
import StatusPage

/// What the operator serves beside metrics and probes, if it is asked to.
enum OperatorPages {
    static func pages(
        page isServed: Bool, debug isInspected: Bool, _ world: World, _ stores: Stores, _ queue: WorkQueue<PlanKey>,
        _ watches: WatchHealth
    ) -> FurtherPages? {
        let debug = isInspected ? DebugState(stores: stores, queue: queue, watches: watches).pages : nil
        guard isServed else { return debug }
        let keeper = TopologyKeeper(world: world, stores: stores)
        return StatusPage { await keeper.newest() }.pages.or(debug)
    }
}
