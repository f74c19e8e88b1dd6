import Kube
import KubeClient
import KubeRuntime

/// The calls of a watcher of a kind that may not be installed: what is not served counts as none of it, not as a failure.
///
/// One answer of 404 says little, since an API server that starts gives it too; what it says again and again is so.
/// The watcher goes on trying, so that a kind that is installed later is noticed, at the latest after its longest wait.
final class ServedSource: Sendable {
    /// How often 404 has to come in a row.
    private static let patience = 3

    private let source: ListWatch
    private let misses = Locked(0)
    private let isServed = Locked<Bool?>(nil)
    private let onChange: @Sendable (Bool) -> Void

    /// Told when it turns out whether the kind is served, and when that changes.
    init(_ source: ListWatch, onChange: @escaping @Sendable (Bool) -> Void) {
        self.source = source
        self.onChange = onChange
    }

    /// Whether the last answer said that there is no such kind: no failure, such as where it is only just installed.
    var isMissing: Bool { misses.withLock { $0 > 0 } }

    /// The calls.
    var listWatch: ListWatch {
        ListWatch(
            list: { query in
                do {
                    let page = try await self.source.list(query)
                    self.answered()
                    return page
                } catch let status as APIStatus where status.isNotFound {
                    guard self.missed() else { throw status }
                    return ObjectList(items: [], resourceVersion: "")
                }
            },
            watch: { query in
                do {
                    let events = try await self.source.watch(query)
                    self.answered()
                    return events
                } catch let status as APIStatus where status.isNotFound {
                    _ = self.missed()
                    throw status
                }
            })
    }

    private func answered() {
        misses.withLock { $0 = 0 }
        set(true)
    }

    /// Takes in that there was no such kind; returns whether that is to be believed.
    private func missed() -> Bool {
        let count = misses.withLock { misses in
            misses += 1
            return misses
        }
        guard count >= Self.patience else { return false }
        set(false)
        return true
    }

    private func set(_ value: Bool) {
        let isNew = isServed.withLock { isServed in
            defer { isServed = value }
            return isServed != value
        }
        if isNew { onChange(value) }
    }
}
