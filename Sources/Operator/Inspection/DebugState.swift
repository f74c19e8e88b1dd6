import Kube
import KubeRuntime
import Observability
import PlanningInput

/// `/debug/state`: what the queue and the watches do, for those who look for a fault of the operator itself.
struct DebugState: Sendable {
    let stores: Stores
    let queue: WorkQueue<PlanKey>
    let watches: WatchHealth

    /// The most entries of a list.
    private static let most = 200

    var pages: FurtherPages {
        FurtherPages { request in
            guard request.path == "/debug/state" else { return nil }
            return .later {
                RequestHandler.Response(
                    status: 200, contentType: "application/json", body: json.text(.init(indent: 2)) + "\n", closes: true
                )
            }
        }
    }

    private var json: JSON {
        let work = queue.work
        let running = work.processing.sorted { $0.value > $1.value }.prefix(Self.most)
        let failing = work.failures.sorted { $0.value > $1.value }.prefix(Self.most)
        let states = watches.states.map { ($0.key.summary, Self.words($0.value)) }.sorted { $0 < $1 }
        return [
            "queue": [
                "ready": JSON(work.ready), "waiting": JSON(work.waiting),
                "processing": .array(
                    running.map {
                        ["key": JSON("\($0.key)"), "seconds": .double(($0.value.seconds * 1000).rounded() / 1000)]
                    }),
                "failing": .array(failing.map { ["key": JSON("\($0.key)"), "failures": JSON($0.value)] }),
            ],
            "watches": .array(
                states.prefix(Self.most).map { ["watch": JSON($0.0), "state": JSON($0.1)] }),
            "objects": [
                "globalViews": JSON(stores.globalViews.count), "tenants": JSON(stores.tenants.count),
                "agents": JSON(stores.agents.count), "pods": JSON(stores.pods.count),
                "areAllListed": .bool(stores.isSynced),
            ],
        ]
    }

    private static func words(_ state: WatcherState) -> String {
        switch state {
        case .starting: "starting"
        case .watching: "watching"
        case .failing(let reason): "failing: \(reason)"
        case .forbidden(let reason): "forbidden: \(reason)"
        }
    }
}
