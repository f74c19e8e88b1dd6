import Kube
import PlanningInput

/// What is known about the hashring file that a receiver or a router has loaded: the one answer that status, metrics,
/// annotations and the removal of receivers go by.
enum FileState {
    /// The pod has not answered yet.
    case unknown
    /// Nobody asks the pod, since its hashring's `httpPort` is 0.
    case unasked
    /// The pod does not answer, or not as Thanos does.
    case silent
    /// The process has just started and has loaded no file yet.
    case starting
    /// The pod has loaded a file; `refusesNewest` says whether it refuses the one that it reads now.
    case loaded(LoadedHashring, refusesNewest: Bool)
}

/// The file states of a view's receivers and routers.
struct FileStates {
    private let snapshot: Snapshot
    private let unasked: Set<ObjectKey>

    init(_ view: ThanosView) {
        snapshot = view.snapshot
        let silent = Set((view.spec.hashrings ?? []).filter { $0.effectiveHTTPPort == 0 }.map(\.name))
        guard !silent.isEmpty else {
            unasked = []
            return
        }
        let selectors = snapshot.receiverSelectors(of: view.key).filter { silent.contains($0.hashring) }
        unasked = Set(snapshot.receivers(selectedBy: selectors).map(\.key))
    }

    /// The state of a pod.
    subscript(pod: ObjectKey) -> FileState {
        if let loaded = snapshot.loadedHashrings[pod] {
            // Thanos says 0 before it has loaded its first file.
            return loaded.hash == 0
                ? .starting : .loaded(loaded, refusesNewest: snapshot.receiverTrouble[pod] == .refusesFile)
        }
        if case .unknown = snapshot.receiverTrouble[pod] { return .silent }
        return unasked.contains(pod) ? .unasked : .unknown
    }
}
