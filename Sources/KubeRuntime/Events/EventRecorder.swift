import Kube
import KubeClient
import Logging
import Synchronization

/// Writes events about objects. Reporting an event never waits and never fails.
///
/// Events wait in a queue of 1,000 and are dropped when it is full. Run ``run()`` in a task.
public final class EventRecorder: Sendable {
    private enum Item: Sendable {
        case event(ObjectEvent, now: Duration, wall: Timestamp)
        case sweep
    }

    private let api: ObjectAPI
    private let controller: String
    private let instance: String
    private let logger: Logger
    private let time: TimeSource
    private let items: AsyncStream<Item>
    private let input: AsyncStream<Item>.Continuation
    private let droppedCount = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)

    /// A recorder.
    ///
    /// - Parameters:
    ///   - api: the calls to the API server.
    ///   - controller: the reporting controller, such as `tributary.dev/operator`.
    ///   - instance: the identity of this process, such as the pod's name.
    ///   - capacity: how many events wait at most.
    ///   - logger: for events that could not be written.
    ///   - time: the clocks.
    public init(
        api: ObjectAPI, controller: String, instance: String, capacity: Int = 1000, logger: Logger,
        time: TimeSource = .system
    ) {
        self.api = api
        self.controller = controller
        self.instance = String(instance.prefix(128))
        self.logger = logger
        self.time = time
        (items, input) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(capacity))
    }

    /// How many events were dropped because the queue was full or the server refused them.
    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    /// Reports an event; returns at once.
    public func record(_ event: ObjectEvent) {
        if case .enqueued = input.yield(.event(event, now: time.now(), wall: time.wall())) { return }
        droppedCount.add(1, ordering: .relaxed)
    }

    /// Refuses further events. ``run()`` writes those that wait, each with one try, and returns.
    public func shutDown() {
        isStopping.store(true, ordering: .releasing)
        input.finish()
    }

    /// Writes events until ``shutDown()`` or until the task is cancelled.
    public func run() async {
        var table = EventSeriesTable()
        var alarm: Task<Void, Never>?
        defer { alarm?.cancel() }
        for await item in items {
            switch item {
            case .event(let event, let now, let wall):
                switch table.record(event, now: now, wall: wall) {
                case .none: break
                case .create(let name): await create(event, name, wall: wall)
                case .update(let name, let count): await update(event, name, count, last: wall, first: wall)
                }
            case .sweep: alarm = nil
            }
            await write(table.sweep(now: time.now()))
            if alarm == nil && table.isBehind { alarm = sweepLater() }
        }
        if !Task.isCancelled { await write(table.sweep(now: time.now(), all: true)) }
    }

    private func sweepLater() -> Task<Void, Never> {
        Task { [time, input] in
            guard await time.wait(EventSeriesTable.idle) else { return }
            input.yield(.sweep)
        }
    }

    private func write(_ updates: [EventSeriesTable.Update]) async {
        for update in updates {
            await self.update(update.event, update.name, update.count, last: update.last, first: update.last)
        }
    }

    private func create(_ event: ObjectEvent, _ name: ObjectKey, wall: Timestamp, series: JSON? = nil) async {
        let object = self.object(event, name, wall: wall, series: series)
        await send(name) { [api] in _ = try await api.create(.events, object) }
    }

    private func update(
        _ event: ObjectEvent, _ name: ObjectKey, _ count: Int, last: Timestamp, first: Timestamp
    ) async {
        let series: JSON = ["count": JSON(count), "lastObservedTime": .string(last.microTime)]
        let anew = object(event, name, wall: first, series: series)
        await send(name) { [api] in
            do {
                _ = try await api.merge(.events, name, ["series": series])
            } catch let status as APIStatus where status.isNotFound {
                // Events live for an hour.
                _ = try await api.create(.events, anew)
            }
        }
    }

    /// Tries up to twelve times, about ten seconds apart, as client-go does.
    private func send(_ name: ObjectKey, _ body: @escaping @Sendable () async throws -> Void) async {
        for attempt in 1...12 {
            do {
                return try await body()
            } catch let status as APIStatus where !status.isTransient {
                logger.debug("the API server refused an event", metadata: ["event": "\(name)", "error": "\(status)"])
                break
            } catch {
                if attempt == 12 || isStopping.load(ordering: .acquiring) || Task.isCancelled {
                    logger.debug("cannot write an event", metadata: ["event": "\(name)", "error": "\(error)"])
                    break
                }
            }
            let wait = Duration.seconds(10) * (0.75 + 0.5 * time.random())
            guard await time.wait(wait) else { break }
        }
        droppedCount.add(1, ordering: .relaxed)
    }

    private func object(_ event: ObjectEvent, _ name: ObjectKey, wall: Timestamp, series: JSON?) -> Object {
        var content: JSON = [
            "eventTime": .string(wall.microTime), "reportingController": .string(controller),
            "reportingInstance": .string(instance), "action": .string(event.action.cut(to: 128)),
            "reason": .string(event.reason.cut(to: 128)), "regarding": event.regarding.json,
            "note": .string(event.note.cut(to: 1024)), "type": .string(event.severity.rawValue),
        ]
        if let related = event.related { content["related"] = related.json }
        if let series { content["series"] = series }
        return Object(.events, namespace: name.namespace, name: name.name, content)
    }
}

extension String {
    /// This text, cut so that it has at most so many bytes, never within a character.
    func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end.samePosition(in: self) == nil, end > startIndex { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
