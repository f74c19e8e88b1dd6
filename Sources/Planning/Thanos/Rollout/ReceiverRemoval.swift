import Hashring
import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// When receivers may be removed: first they leave the published file, then every pod uses it, then they are removed.
///
/// Each plan decides it from what exists, so that an operator that was killed in between continues where it was, and
/// removes nothing earlier.
struct ReceiverRemoval {
    /// A StatefulSet with receivers that are to be removed.
    struct Leaving {
        /// The receivers, or the StatefulSet as a whole.
        var name: String
        /// Whether the file still names them.
        var isNamed: Bool
    }

    private let snapshot: Snapshot
    private let namespace: String
    /// The receivers that are published now, or will be by this plan.
    private let named: NamedReceivers
    private let convergence: FileConvergence

    /// What has to wait.
    private(set) var leaving: [Leaving] = []

    init(
        _ published: PublishedHashrings?, next: HashringFile?, convergence: FileConvergence, of view: ThanosView
    ) {
        snapshot = view.snapshot
        namespace = view.namespace
        self.convergence = convergence
        named = NamedReceivers([published?.file, next], in: view.namespace)
    }

    /// How many replicas a StatefulSet gets of which only some are wanted.
    mutating func replicas(_ set: String, wanted: Int) -> Int {
        let highest = named.ordinals(of: set).max().map { $0 + 1 } ?? 0
        let existing = snapshot.receiverSets[ObjectKey(namespace: namespace, name: set)]?.replicas ?? 0
        let present = max(existing, highest)
        guard present > wanted else { return wanted }
        let isNamed = highest > wanted
        guard isNamed || !convergence.isComplete else { return wanted }
        let last = present - 1
        let pods = wanted == last ? "\(set)-\(last)" : "\(set)-\(wanted) to \(set)-\(last)"
        leaving.append(Leaving(name: pods, isNamed: isNamed))
        return present
    }

    /// Whether a StatefulSet whose hashring is gone has to stay for now.
    mutating func keeps(_ set: String) -> Bool {
        let isNamed = !named.ordinals(of: set).isEmpty
        guard isNamed || !convergence.isComplete else { return false }
        leaving.append(Leaving(name: set, isNamed: isNamed))
        return true
    }

    /// The Services and StatefulSets that the file names, by the naming of ours.
    var namedSets: Set<String> { named.sets }
}
