import Kube
import KubeClient
import KubeRuntime
import Observability

/// The metrics of watches and lists: `thanos_receive_controller_client_cache_*`.
struct CacheMetrics: Sendable {
    private let listDuration: Summary.Series
    private let listItems: Summary.Series
    private let lists: Counter.Series
    private let watches: Counter.Series
    private let shortWatches: Counter.Series
    private let watchDuration: Summary.Series
    private let watchEvents: Summary.Series
    private let resourceVersion: Gauge.Series
    private let time: TimeSource

    init(_ registry: MetricsRegistry, time: TimeSource = .system) {
        self.time = time
        func name(_ name: String) -> String { "thanos_receive_controller_client_cache_\(name)" }
        lists = registry.counter(name("lists_total"), help: "Total number of list operations.").with()
        listDuration =
            registry.summary(name("list_duration_seconds"), help: "Duration of a Kubernetes API call in seconds.")
            .with()
        listItems =
            registry.summary(name("list_items"), help: "Count of items in a list from the Kubernetes API.").with()
        watches = registry.counter(name("watches_total"), help: "Total number of watch operations.").with()
        shortWatches =
            registry.counter(name("short_watches_total"), help: "Total number of short watch operations.").with()
        watchDuration =
            registry.summary(name("watch_duration_seconds"), help: "Duration of watches on the Kubernetes API.").with()
        watchEvents =
            registry.summary(name("watch_events"), help: "Number of items in watches on the Kubernetes API.").with()
        resourceVersion =
            registry.gauge(name("last_resource_version"), help: "Last resource version from the Kubernetes API.").with()
    }

    /// The same source, with its calls counted.
    func counting(_ source: ListWatch) -> ListWatch {
        ListWatch(
            list: { query in
                let start = time.now()
                let page = try await source.list(query)
                lists.increment()
                listDuration.observe(time.now() - start)
                listItems.observe(Double(page.items.count))
                saw(page.resourceVersion)
                return page
            },
            watch: { query in
                let start = time.now()
                let events = try await source.watch(query)
                watches.increment()
                return CountedEvents(base: events, watch: Watch(metrics: self, start: start))
            })
    }

    private func saw(_ version: String?) {
        if let version = version.flatMap({ Double($0) }) { resourceVersion.set(version) }
    }

    /// One watch, from its acceptance until it is released.
    private final class Watch: Sendable {
        private let metrics: CacheMetrics
        private let start: Duration
        private let count = Locked(0)

        init(metrics: CacheMetrics, start: Duration) {
            self.metrics = metrics
            self.start = start
        }

        func saw(_ event: WatchEvent) {
            count.withLock { $0 += 1 }
            switch event {
            case .added(let object), .modified(let object), .deleted(let object): metrics.saw(object.resourceVersion)
            case .bookmark(let version, _): metrics.saw(version)
            case .error: break
            }
        }

        deinit {
            let (duration, count) = (metrics.time.now() - start, count.withLock { $0 })
            metrics.watchDuration.observe(duration)
            metrics.watchEvents.observe(Double(count))
            if duration < .seconds(1), count == 0 { metrics.shortWatches.increment() }
        }
    }

    private struct CountedEvents: AsyncSequence, Sendable {
        typealias Element = WatchEvent
        typealias Failure = any Error

        let base: ListWatch.Events
        let watch: Watch

        struct AsyncIterator: AsyncIteratorProtocol {
            var base: any AsyncIteratorProtocol<WatchEvent, any Error>
            let watch: Watch

            mutating func next() async throws -> WatchEvent? {
                let event = try await base.next()
                if let event { watch.saw(event) }
                return event
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), watch: watch) }
    }
}
