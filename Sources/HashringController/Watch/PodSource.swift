import Kube
import KubeClient
import KubeRuntime

/// The calls of a watcher of pods that also works if pods may not be watched, as by thanos-receive-controller's Role.
///
/// Where the API server refuses the watch, this stands in for it: it ends like a watch that is too old, so that the
/// watcher lists anew. It does so when ``poke()`` hints at a change, as events of the StatefulSet do, and every few
/// seconds while something is under way.
final class PodSource: Sendable {
    /// The time between two lists.
    struct Pace: Sendable {
        /// While receivers join or leave.
        var busy: Duration = .seconds(2)
        /// While none does: events of StatefulSets show changes soon enough.
        var settled: Duration = .seconds(30)
        /// The least time, however many hints come.
        var least: Duration = .milliseconds(200)
        /// The time after which the watch is tried again.
        var retry: Duration = .seconds(300)
    }

    private struct State {
        var retryAt: Duration?
        var isSettled = true
        var isPoked = false
        var waiting: AsyncStream<Void>.Continuation?
        var listedAt: Duration?
    }

    private let source: ListWatch
    private let pace: Pace
    private let time: TimeSource
    private let onRefused: @Sendable () -> Void
    private let onFailed: @Sendable () -> Void
    private let state = Locked(State())

    /// Calls through to another source; calls `onRefused` when a watch is refused, and `onFailed` when pods cannot be
    /// listed.
    init(
        _ source: ListWatch, pace: Pace = Pace(), time: TimeSource = .system,
        onFailed: @escaping @Sendable () -> Void = {}, onRefused: @escaping @Sendable () -> Void
    ) {
        self.source = source
        self.pace = pace
        self.time = time
        self.onFailed = onFailed
        self.onRefused = onRefused
    }

    /// What a watcher calls.
    var listWatch: ListWatch { ListWatch(list: { try await self.list($0) }, watch: { try await self.watch($0) }) }

    /// Hints that pods may have changed.
    func poke() {
        let waiting = state.withLock { state in
            state.isPoked = true
            return state.waiting
        }
        waiting?.yield()
    }

    /// Sets whether no receiver is about to join or leave.
    func set(isSettled: Bool) {
        let isNews = state.withLock { state in
            defer { state.isSettled = isSettled }
            return state.isSettled != isSettled
        }
        if isNews && !isSettled { poke() }
    }

    private func list(_ query: ListQuery) async throws -> ObjectList {
        // Hints that come from now on may be about changes that this list does not show.
        let now = time.now()
        state.withLock { state in
            state.isPoked = false
            state.listedAt = now
        }
        do {
            return try await source.list(query)
        } catch {
            if !Task.isCancelled { onFailed() }
            throw error
        }
    }

    private func watch(_ query: WatchQuery) async throws -> ListWatch.Events {
        let now = time.now()
        if !state.withLock({ state in state.retryAt.map { now < $0 } ?? false }) {
            do {
                let events = try await source.watch(query)
                state.withLock { $0.retryAt = nil }
                return events
            } catch let status as APIStatus where status.isForbidden {
                state.withLock { $0.retryAt = now + pace.retry }
                onRefused()
            }
        }
        let version = query.resourceVersion ?? ""
        return AsyncThrowingStream { continuation in
            // A watcher takes a watch with an event for one that worked, and lists at once when it ends.
            continuation.yield(.bookmark(resourceVersion: version, initialEventsEnd: false))
            let task = Task {
                do {
                    try await self.pause()
                    continuation.yield(.error(.expired("the pods are listed again")))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Waits until pods should be listed again; throws `CancellationError`.
    private func pause() async throws {
        let (stream, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (interval, isPoked) = state.withLock { state in
            state.waiting = wake
            return (state.isSettled ? pace.settled : pace.busy, state.isPoked)
        }
        if isPoked { wake.yield() }
        let timer = Task {
            try await time.sleep(interval)
            wake.yield()
        }
        for await _ in stream { break }
        timer.cancel()
        let now = time.now()
        let listedAt = state.withLock { state in
            state.waiting = nil
            return state.listedAt
        }
        try Task.checkCancellation()
        if let listedAt, now - listedAt < pace.least { try await time.sleep(pace.least - (now - listedAt)) }
    }
}
