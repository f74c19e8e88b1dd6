import Kube

/// Whether everybody who forwards samples has done with the hashring files from before receivers left.
///
/// A receiver may only be removed once nobody sends to it any more. `thanos_receive_config_hash` says which file each
/// receiver and router has read. It is set when the file has parsed, and the ring is built from it right after; requests
/// that are on their way by the ring before end with the timeout of forwarding. So a pod counts once its hash has been seen
/// for one refresh interval, by which a file that was read halfway is read again, and one timeout.
struct FileConvergence {
    /// The pods that have not loaded such a file, sorted.
    private(set) var waiting: [ObjectKey] = []
    /// How long it takes until the last of those that have loaded it surely use it; nil where all do.
    private(set) var settlesIn: Duration?
    /// When one of those that say nothing is waited for no longer; nil where there is none.
    private(set) var givesUpIn: Duration?

    var isComplete: Bool { waiting.isEmpty && settlesIn == nil }

    /// `--receive-forward-timeout`, which stays at its default.
    static let forwardTimeout = Duration.seconds(5)

    /// How long a pod is waited for that never says what it has loaded: its metrics are out of the operator's reach, or
    /// nobody is to ask it. A kubelet takes two minutes at most to bring a file, and Thanos five to read it unless told
    /// otherwise. One that says that it has an older file is waited for without end.
    static let patience = Duration.seconds(600)

    /// Looks at all pods that are ready: one that is not gets nothing from agents and is asked in vain, and one that is on
    /// its way out forwards nothing new. A ready one that does not say what it has loaded counts as waiting, until the file
    /// was `changed` long enough ago.
    init(
        _ published: PublishedHashrings?, of view: ObjectKey, refreshInterval: Duration, changed: Timestamp?,
        in snapshot: Snapshot
    ) {
        guard let published else { return }
        // Of a file that is somebody else's nobody knows whom it names.
        let accepted = published.file == nil ? [] : Set(published.equivalentHashes + [published.hash])
        let settling = refreshInterval + Self.forwardTimeout
        let unasked = snapshot.unaskedReceivers(of: view)
        // One that was not asked yet, as after the operator's start, may well say something.
        func isSilent(_ pod: ObjectKey) -> Bool {
            if case .unknown = snapshot.receiverTrouble[pod] { true } else { unasked.contains(pod) }
        }
        for reader in snapshot.hashringReaders(of: view) where reader.isReady && !reader.isTerminating {
            guard let loaded = snapshot.loadedHashrings[reader.key] else {
                let rest = changed.map { Self.patience - max(.zero, snapshot.now.since($0)) } ?? Self.patience
                if isSilent(reader.key), rest <= .zero { continue }
                if isSilent(reader.key) { givesUpIn = max(rest, givesUpIn ?? rest) }
                waiting.append(reader.key)
                continue
            }
            guard accepted.contains(loaded.hash) else {
                waiting.append(reader.key)
                continue
            }
            let rest = settling - max(.zero, snapshot.now.since(loaded.since))
            if rest > .zero { settlesIn = max(rest, settlesIn ?? rest) }
        }
        waiting.sort()
    }
}
