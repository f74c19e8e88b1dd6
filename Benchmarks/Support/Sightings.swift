import Kube
import KubeClient
import KubeRuntime
import TestSupport

/// The values that a watch of this process sees, each with its time.
struct Sightings<Value: Sendable & Equatable>: ~Copyable {
    private struct Sighting: Sendable {
        var value: Value
        var at: ContinuousClock.Instant
    }

    private var iterator: AsyncStream<Sighting>.Iterator
    private let tasks: [Task<Void, Never>]
    private let subject: String

    /// Starts a watch. `value` reads a value from each object, or nil to ignore the object.
    ///
    /// The watch ends after some minutes, so that nothing waits forever.
    init(_ scope: WatchScope, _ client: KubeClient, value: @escaping @Sendable (Object) -> Value?) {
        subject = "\(scope.resource)"
        let (stream, feed) = AsyncStream.makeStream(of: Sighting.self)
        iterator = stream.makeAsyncIterator()
        let watcher = Watcher(
            scope, source: ListWatch(client, scope), logger: Server.logger, transform: value,
            deliver: { event in
                let now = ContinuousClock.now
                switch event {
                case .applied(_, let value): feed.yield(Sighting(value: value, at: now))
                case .restarted(let all): for value in all.values { feed.yield(Sighting(value: value, at: now)) }
                case .deleted: break
                }
            })
        tasks = [
            Task { await watcher.run() },
            Task {
                try? await Task.sleep(for: .seconds(300))
                feed.finish()
            },
        ]
    }

    deinit { for task in tasks { task.cancel() } }

    /// Waits for a value, and returns the time at which the watch saw it.
    mutating func time(of wanted: Value) async throws -> ContinuousClock.Instant {
        while let next = await iterator.next() {
            if next.value == wanted { return next.at }
        }
        throw WaitingError(description: "\(subject) did not become \(wanted)")
    }
}
