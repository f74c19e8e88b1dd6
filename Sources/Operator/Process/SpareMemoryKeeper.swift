import Kube
import Observability

/// Gives memory back to the kernel once a thousand custom resources were reconciled and none is waiting.
final class SpareMemoryKeeper: Sendable {
    private let worked = Locked(0)
    private let depth: @Sendable () -> Int
    private let trim: @Sendable () -> Void

    /// A keeper; `depth` says how many custom resources wait.
    init(
        depth: @escaping @Sendable () -> Int, trim: @escaping @Sendable () -> Void = { SpareMemory.trim() }
    ) {
        self.depth = depth
        self.trim = trim
    }

    /// Counts a reconciled custom resource.
    func hasWorked() {
        let depth = depth()
        let isTime = worked.withLock { worked in
            worked += 1
            guard worked >= 1000, depth == 0 else { return false }
            worked = 0
            return true
        }
        if isTime { trim() }
    }
}
