import Explanations
import Kube
import KubeRuntime
import PlanningInput
import Topology

/// Tells what stands where, for as long as somebody asks. Without questions it does nothing.
///
/// However many ask, it is found out once at a time, at most twice a second, and only after a change. Statuses are read
/// again where they have changed.
final class TopologyKeeper: Sendable {
    private struct Known: Sendable {
        var version: ObjectVersion
        var state: ReportedState
    }

    private struct State: Sendable {
        var newest: Topology?
        /// The world's version that the newest is of.
        var version: UInt64 = 0
        var madeAt: Duration = .zero
        var running: Task<Topology, Never>?
        var known: [PlanKey: Known] = [:]
    }

    private static let shortest = Duration.milliseconds(500)

    private let world: World
    private let stores: Stores
    private let time: TimeSource
    private let state = Locked(State())

    init(world: World, stores: Stores, time: TimeSource = .system) {
        self.world = world
        self.stores = stores
        self.time = time
    }

    /// What stands where now, or half a second ago.
    func newest() async -> Topology {
        let (version, now) = (world.version, time.now())
        let (ready, task) = state.withLock { state -> (Topology?, Task<Topology, Never>?) in
            if let newest = state.newest, state.version == version || now - state.madeAt < Self.shortest {
                return (newest, nil)
            }
            if let running = state.running { return (nil, running) }
            let task = Task { self.find(version) }
            state.running = task
            return (nil, task)
        }
        return if let ready { ready } else { await task?.value ?? Topology() }
    }

    private func find(_ version: UInt64) -> Topology {
        let known = state.withLock { $0.known }
        let workloads = stores.placedWorkloads
        let wiring = world.read { Wiring($0, workloads) }
        var states: [PlanKey: Known] = [:]
        states.reserveCapacity(known.count)
        func read<Value>(_ store: Store<Observed<Value>>, _ key: (ObjectKey) -> PlanKey) {
            for (object, observed) in store.all {
                let key = key(object)
                let version = observed.version
                if let same = known[key], version.resourceVersion != nil, same.version == version {
                    states[key] = same
                } else {
                    states[key] = Known(version: version, state: ReportedState(observed.reported))
                }
            }
        }
        read(stores.globalViews, PlanKey.globalView)
        read(stores.tenants, PlanKey.tenant)
        read(stores.agents, PlanKey.agent)
        let topology = Topology(wiring, states.mapValues(\.state))
        let now = time.now()
        state.withLock { state in
            (state.newest, state.version, state.madeAt) = (topology, version, now)
            (state.known, state.running) = (states, nil)
        }
        return topology
    }
}

extension Stores {
    /// The workloads of views, with whose they are.
    fileprivate var placedWorkloads: [PlacedWorkload] {
        [Resource.deployments, .statefulSets].flatMap { resource in
            (owned(resource)?.all ?? [:]).compactMap { key, object in
                guard case .globalView = object.madeFor, let group = object.group, let progress = object.workload else {
                    return nil
                }
                return PlacedWorkload(key: key, group: group, progress: progress)
            }
        }
    }
}
