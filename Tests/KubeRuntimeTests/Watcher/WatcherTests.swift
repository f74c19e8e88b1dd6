import Kube
import Logging
import Testing

@testable import KubeClient
@testable import KubeRuntime

/// A server whose answers the test gives, one call after the other.
private final class Script: Sendable {
    enum Answer: Sendable {
        case page([Object], continueToken: String? = nil, version: String)
        case watch(AsyncThrowingStream<WatchEvent, any Error>)
        case fails(any Error)

        static func events(_ events: [WatchEvent]) -> Answer {
            .watch(
                AsyncThrowingStream { stream in
                    for event in events { stream.yield(event) }
                    stream.finish()
                })
        }
    }

    let calls = Recording<String>()
    private let answers: Locked<[Answer]>

    init(_ answers: [Answer]) { self.answers = Locked(answers) }

    var source: ListWatch {
        ListWatch(
            list: { query in
                self.calls.append("list \(query.continueToken ?? "")")
                guard case .page(let items, let token, let version) = try await self.next() else {
                    throw APIStatus.badRequest("the script has no page here")
                }
                return ObjectList(items: items, continueToken: token, resourceVersion: version)
            },
            watch: { query in
                self.calls.append("watch \(query.sendInitialEvents ? "all" : query.resourceVersion ?? "")")
                guard case .watch(let events) = try await self.next() else {
                    throw APIStatus.badRequest("the script has no watch here")
                }
                return events
            })
    }

    private func next() async throws -> Answer {
        let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch answer {
        case .fails(let error): throw error
        case let answer?: return answer
        case nil:
            try await Task.sleep(for: .seconds(60))
            throw CancellationError()
        }
    }
}

private func object(_ name: String, _ version: String, _ value: String = "1") -> Object {
    var object = Object(.configMaps, namespace: "default", name: name, ["data": ["value": .string(value)]])
    object.json["metadata", "resourceVersion"] = .string(version)
    return object
}

private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

@Suite("A watcher") struct WatcherTests {
    private let store = Store<String>()
    private let states = Recording<WatcherState>()
    private let time = ManualTime()

    private func watcher(_ script: Script, streams: Bool = true) -> Watcher<String> {
        Watcher(
            WatchScope(.configMaps, streamsLists: streams), into: store, source: script.source,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, time: time.source,
            onState: { [states] in states.append($0) },
            transform: { $0.labels["skip"] == nil ? $0.json["data", "value"]?.string : nil })
    }

    @Test func `A store is filled by a streaming list, follows changes, and continues where a watch ended`()
        async throws
    {
        let script = Script([
            .events([
                .added(object("a", "1")), .added(object("b", "2")),
                .bookmark(resourceVersion: "5", initialEventsEnd: true), .modified(object("a", "6", "2")),
                .deleted(object("b", "7")),
            ]),
            .events([.bookmark(resourceVersion: "9", initialEventsEnd: false)]),
        ])
        let running = Task { await watcher(script).run() }
        try await eventually("the second watch has ended") { script.calls.all.count == 3 }
        #expect(script.calls.all == ["watch all", "watch 7", "watch 9"])
        #expect(store.all == [key("a"): "2"])
        #expect(states.all == [.starting, .watching])
        running.cancel()
        await running.value
    }

    @Test func `A list after missed events never shows an empty or half-filled cache`() async throws {
        let gate = AsyncThrowingStream<WatchEvent, any Error>.makeStream()
        let script = Script([
            .page([object("a", "1"), object("b", "1")], continueToken: "2", version: "3"),
            .page([object("c", "1")], version: "3"),
            .watch(gate.stream),
            .page([object("a", "9")], continueToken: "2", version: "9"),
            .page([object("d", "9")], version: "9"),
        ])
        let counts = Recording<Int>()
        let store = store
        store.onChange { _ in counts.append(store.count) }
        let running = Task { await watcher(script, streams: false).run() }
        try await store.synced()
        #expect(store.count == 3)
        gate.continuation.yield(.modified(object("a", "4", "1")))
        gate.continuation.yield(.error(.expired("too old resource version")))
        gate.continuation.finish()
        try await eventually("it watches again") { script.calls.all.last == "watch 9" }
        #expect(script.calls.all == ["list ", "list 2", "watch 3", "list ", "list 2", "watch 9"])
        #expect(store.all == [key("a"): "1", key("d"): "1"])
        #expect(counts.all.dropFirst(3).allSatisfy { $0 == 2 })
        running.cancel()
        await running.value
    }

    @Test func `An expired version is noticed in an answer as well as in a stream`() async throws {
        let script = Script([
            .page([object("a", "1")], version: "3"), .fails(APIStatus.expired("gone")),
            .page([object("b", "1")], version: "9"),
        ])
        let running = Task { await watcher(script, streams: false).run() }
        try await eventually("it waits a moment") { time.naps.contains(.milliseconds(100)) }
        time.advance(by: .milliseconds(100))
        try await eventually("it watches again") { script.calls.all.last == "watch 9" }
        #expect(store.all == [key("b"): "1"])
        running.cancel()
        await running.value
    }

    @Test func `A server that does not answer is asked again, the state says so, and nothing is listed again`()
        async throws
    {
        let refused = KubeClientError(.cannotConnect, subject: "GET /api/v1/configmaps", "connection refused")
        let script = Script([
            .page([object("a", "1")], version: "3"), .fails(refused), .fails(refused),
            .events([.bookmark(resourceVersion: "4", initialEventsEnd: false)]),
        ])
        let running = Task { await watcher(script, streams: false).run() }
        for wait in [100, 800] {
            try await eventually("it waits") { time.naps.contains(.milliseconds(wait)) }
            time.advance(by: .milliseconds(wait))
        }
        try await eventually("it has gone on") { script.calls.all.last == "watch 4" }
        #expect(script.calls.all == ["list ", "watch 3", "watch 3", "watch 3", "watch 4"])
        let reason = "cannot watch configmaps: GET /api/v1/configmaps: connection refused"
        #expect(states.all == [.starting, .watching, .failing(reason: reason), .watching])
        running.cancel()
        await running.value
    }

    @Test func `A connection that went dead is noticed and replaced`() async throws {
        let dead = AsyncThrowingStream<WatchEvent, any Error>.makeStream()
        let script = Script([.page([object("a", "1")], version: "3"), .watch(dead.stream)])
        let running = Task { await watcher(script, streams: false).run() }
        try await eventually("it watches") { time.naps == [.seconds(305)] }
        time.advance(by: .seconds(305))
        try await eventually("it watches anew") { script.calls.all == ["list ", "watch 3", "watch 3"] }
        running.cancel()
        await running.value
    }

    @Test func `An object that the transform does not keep is not in the store`() async throws {
        var skipped = object("a", "6")
        skipped.json["metadata", "labels"] = ["skip": "yes"]
        let script = Script([
            .page([object("a", "1"), object("b", "1")], version: "3"),
            .events([.modified(skipped), .bookmark(resourceVersion: "7", initialEventsEnd: false)]),
        ])
        let running = Task { await watcher(script, streams: false).run() }
        try await eventually("it has gone on") { script.calls.all.last == "watch 7" }
        #expect(store.keys == [key("b")])
        running.cancel()
        await running.value
    }

    @Test func `A missing permission is logged as a warning with verb and resource`() async throws {
        let script = Script([.fails(APIStatus.forbidden(.configMaps, "", "no access"))])
        let lines = Recording<String>()
        let watcher = Watcher<String>(
            WatchScope(.configMaps, streamsLists: false), into: store, source: script.source,
            logger: Logger(label: "test") { _ in RecordingLogHandler(lines) }, time: time.source, transform: { _ in "" }
        )
        let running = Task { await watcher.run() }
        try await eventually("it is logged") { lines.all == ["warning: cannot list configmaps"] }
        running.cancel()
        await running.value
    }
}

private struct RecordingLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let lines: Recording<String>

    init(_ lines: Recording<String>) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.append("\(event.level): \(event.message)") }
}
