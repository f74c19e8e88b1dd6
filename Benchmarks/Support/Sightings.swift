import Kube
import KubeClient
import KubeRuntime
import TestSupport

/// What comes in on a watch of this process's own, each with the time at which it did.
struct Sightings<Value: Sendable & Equatable>: ~Copyable {
    private struct Sighting: Sendable {
        var value: Value
        var at: ContinuousClock.Instant
    }

    private var iterator: AsyncStream<Sighting>.Iterator
    private let tasks: [Task<Void, Never>]
    private let subject: String

    /// Watches; `value` reads what is waited for from each object, nil from those that do not matter.
    ///
    /// Ends after some minutes, so that nothing waits for ever.
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

    /// The time at which a value is seen.
    mutating func time(of wanted: Value) async throws -> ContinuousClock.Instant {
        while let next = await iterator.next() {
            if next.value == wanted { return next.at }
        }
        throw WaitingError(description: "waited in vain for \(subject) to be \(wanted)")
    }
}
