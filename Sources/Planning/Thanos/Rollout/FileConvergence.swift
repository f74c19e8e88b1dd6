import Kube
import PlanningInput

/// Whether every pod that forwards samples has stopped using the hashring files from before receivers left.
///
/// A receiver may only be removed once nobody sends to it. `thanos_receive_config_hash` shows which file each receiver
/// and router has parsed; the hashring is built from it right after, and requests that use the old hashring end with
/// the forward timeout. So a pod counts after its hash has been seen for one refresh interval, by which a half-read
/// file is read again, plus one timeout.
struct FileConvergence {
    /// The pods that have not loaded such a file, sorted.
    private(set) var waiting: [ObjectKey] = []
    /// The time until the last pod that has loaded such a file uses it for certain; nil if all of them do.
    private(set) var settlesIn: Duration?
    /// The time until silent pods no longer count; nil if there are none.
    private(set) var givesUpIn: Duration?

    var isComplete: Bool { waiting.isEmpty && settlesIn == nil }

    /// `--receive-forward-timeout`, which stays at its default.
    static let forwardTimeout = Duration.seconds(5)

    /// How long a pod counts that never says what it has loaded, since the operator cannot reach its metrics or does
    /// not ask it. A kubelet needs at most two minutes for a file, and Thanos by default five to read it. A pod that
    /// says that it has an older file counts without end.
    static let patience = Duration.seconds(600)

    /// Looks at all ready pods: a pod that is not ready gets nothing from agents and cannot be asked, and a terminating
    /// one forwards nothing new.
    init(_ view: ThanosView, _ published: PublishedHashrings?, _ states: FileStates, refreshInterval: Duration) {
        guard let published else { return }
        // A file that someone else wrote may name any receivers.
        let accepted = published.file == nil ? [] : Set(published.equivalentHashes + [published.hash])
        let settling = refreshInterval + Self.forwardTimeout
        let now = view.snapshot.now
        for pod in Self.forwarders(of: view) {
            switch states[pod] {
            case .loaded(let loaded, _) where accepted.contains(loaded.hash):
                let rest = settling - max(.zero, now.since(loaded.since))
                if rest > .zero { settlesIn = max(rest, settlesIn ?? rest) }
            case .silent, .unasked:
                let rest = view.publishedAt.map { Self.patience - max(.zero, now.since($0)) } ?? Self.patience
                guard rest > .zero else { continue }
                givesUpIn = max(rest, givesUpIn ?? rest)
                waiting.append(pod)
            // A pod that has not been asked yet, as after the operator's start, may well answer.
            case .loaded, .starting, .unknown: waiting.append(pod)
            }
        }
        waiting.sort()
    }

    /// The ready pods that read the view's hashring file: the receivers of all its hashrings, including those that are
    /// about to go, and its routers.
    private static func forwarders(of view: ThanosView) -> [ObjectKey] {
        let snapshot = view.snapshot
        return snapshot.receivers(selectedBy: snapshot.receiverSelectors(of: view.key))
            .filter { $0.isReady && !$0.isTerminating }.map(\.key)
            + snapshot.routers(of: view.key).filter { $0.isReady && !$0.isTerminating }.map(\.key)
    }
}
