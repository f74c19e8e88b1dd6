import Kube
import KubeRuntime
import PlanningInput

/// Holds back the statuses of tenants that only say that pods are about to be ready: most are a moment later, and then one
/// write says so, in place of two for each of thousands of tenants.
///
/// What a person has to act on, and what anything else reads, is never held back.
final class PendingStatuses: Sendable {
    /// How long a status may wait: about as long as a pod takes whose image is on its node.
    static let patience = Duration.seconds(2)

    /// The reasons that say nothing but that pods are not ready yet.
    private static let reasons: Set<String> = ["Creating", "WaitingForPods"]

    private let since = Locked<[PlanKey: Duration]>([:])
    private let time: TimeSource

    init(time: TimeSource = .system) { self.time = time }

    /// How long to wait before a status is written that follows another one; nil to write it now.
    func wait(for status: JSON, after old: JSON, of key: PlanKey) -> Duration? {
        guard case .tenant = key, Self.isPending(status), Self.changesConditions(old, status) else {
            forget(key)
            return nil
        }
        let now = time.now()
        let start = since.withLock { since in
            let start = since[key] ?? now
            since[key] = start
            return start
        }
        let left = start + Self.patience - now
        return left > .zero ? left : nil
    }

    /// Forgets a custom resource that is ready or gone.
    func forget(_ key: PlanKey) {
        since.withLock { since in
            guard since.removeValue(forKey: key) != nil, since.isEmpty else { return }
            since = [:]  // else the table would stay as large as it ever was
        }
    }

    private static func isPending(_ status: JSON) -> Bool {
        (status["conditions"]?.array ?? []).contains {
            $0["type"] == "Ready" && $0["status"] == "False" && reasons.contains($0["reason"]?.string ?? "")
        }
    }

    /// Whether a status is the first one, or differs from the one before in nothing but its conditions.
    private static func changesConditions(_ old: JSON, _ new: JSON) -> Bool {
        func rest(_ status: JSON) -> JSON {
            var status = status.droppingNulls
            for member in ["conditions", "observedGeneration"] { status[member] = nil }
            return status
        }
        return old.droppingNulls == [:] && new["offboarding"] == nil || rest(old) == rest(new)
    }
}
