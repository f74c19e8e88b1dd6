import Kube
import KubeClient
import KubeRuntime

/// The calls of a watcher of a kind that may not be installed: a kind that is not served counts as an empty list, not as a
/// failure.
///
/// A single 404 is not enough, because an API server that starts answers with it as well. The watcher keeps trying, so that
/// a kind that is installed later is noticed, at the latest after the watcher's longest wait.
final class ServedSource: Sendable {
    /// How many answers of 404 in a row it takes.
    static let patience = 3

    private let source: ListWatch
    private let misses = Locked(0)
    private let isServed = Locked<Bool?>(nil)
    private let onChange: @Sendable (Bool) -> Void
    /// Whether somebody asks for objects of the kind; nil if somebody always does.
    private let demand: Demand?

    /// Calls through to another source; `onChange` gets whether the kind is served, once that is known and when it changes.
    /// While there is no demand, one answer of 404 is enough, and the API server is not asked again.
    init(_ source: ListWatch, demand: Demand? = nil, onChange: @escaping @Sendable (Bool) -> Void) {
        self.source = source
        self.demand = demand
        self.onChange = onChange
    }

    /// Whether the last answer said that there is no such kind. That is not a failure: it may be about to be installed.
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
                    if self.missed() { await self.demand?.wait() }
                    throw status
                }
            })
    }

    private func answered() {
        misses.withLock { $0 = 0 }
        set(true)
    }

    /// Takes in an answer of 404; returns whether there were enough of them.
    private func missed() -> Bool {
        let count = misses.withLock { misses in
            misses += 1
            return misses
        }
        guard count >= Self.patience || demand?.isWanted == false else { return false }
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
