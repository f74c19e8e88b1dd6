import Kube
import Observability

/// Gives memory back to the kernel once a hundred custom resources were reconciled and none is waiting, and again after each
/// further thousand.
///
/// The first plans of each kind run much code that later ones do not.
final class SpareMemoryKeeper: Sendable {
    private let left = Locked(100)
    private let depth: @Sendable () -> Int
    private let trim: @Sendable () -> Void

    /// A keeper; `depth` says how many custom resources wait.
    init(
        depth: @escaping @Sendable () -> Int, trim: @escaping @Sendable () -> Void = SpareMemoryKeeper.trimAll
    ) {
        self.depth = depth
        self.trim = trim
    }

    /// Counts a reconciled custom resource.
    func hasWorked() {
        let depth = depth()
        let isTime = left.withLock { left in
            left -= 1
            guard left <= 0, depth == 0 else { return false }
            left = 1000
            return true
        }
        if isTime { trim() }
    }

    private static let trimAll: @Sendable () -> Void = {
        SpareMemory.trim()
        SpareMemory.dropCodePages()
    }
}
