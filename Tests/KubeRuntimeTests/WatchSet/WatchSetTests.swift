import Kube
import KubeClient
import Testing

@testable import KubeRuntime

/// API servers of one scope each, whose events the test sends.
private final class Sources: Sendable {
    private let streams = Locked<[String: AsyncThrowingStream<WatchEvent, any Error>.Continuation]>([:])

    /// The scopes that are watched now.
    var watched: Set<String> { Set(streams.withLock { $0.keys }) }

    func send(_ event: WatchEvent, to scope: String) { streams.withLock { $0[scope] }?.yield(event) }

    func watch(_ scope: String) -> WatchSet<String, String>.Watch {
        let source = ListWatch(
            list: { _ in ObjectList(items: [], resourceVersion: "1") },
            watch: { _ in
                let (stream, continuation) = AsyncThrowingStream<WatchEvent, any Error>.makeStream()
                continuation.onTermination = { _ in self.streams.withLock { $0[scope] = nil } }
                self.streams.withLock { $0[scope] = continuation }
                return stream
            })
        return WatchSet.Watch(
            WatchScope(.configMaps, labelSelector: scope), source: source,
            transform: { $0.json["data", "value"]?.string })
    }
}

private func object(_ name: String, _ value: String) -> Object {
    var object = Object(.configMaps, namespace: "default", name: name, ["data": ["value": .string(value)]])
    object.json["metadata", "resourceVersion"] = "5"
    return object
}

@Suite("A set of watches") struct WatchSetTests {
    private let sources = Sources()
    private let told = Recording<String>()
    private let key = ObjectKey(namespace: "default", name: "x")

    private func watches() -> WatchSet<String, String> {
        let watches = WatchSet<String, String>(logger: quiet) { [sources] in sources.watch($0) }
        watches.onEvent { [told] event in
            switch event {
            case .changed(let scope, let change): told.append("\(scope): \(change.old ?? "")>\(change.new ?? "")")
            case .complete(let scope): told.append("\(scope) complete")
            case .state: break
            case .ended(let scope): told.append("\(scope) ended")
            }
        }
        return watches
    }

    private func show(_ value: String, in scope: String) async throws {
        try await eventually("\(scope) is watched") { sources.watched.contains(scope) }
        sources.send(.added(object("x", value)), to: scope)
        sources.send(.bookmark(resourceVersion: "6", initialEventsEnd: true), to: scope)
    }

    @Test func `An object that moves from one scope to another stays known`() async throws {
        let watches = watches()
        watches.keep(["a", "b"])
        try await show("1", in: "a")
        try await eventually("a is complete") { watches.complete.contains("a") }
        #expect(watches.values(ifComplete: ["a"]) == ["1"])
        #expect(watches.values(ifComplete: ["a", "b"]) == nil)
        try await show("2", in: "b")
        try await eventually("b is complete") { watches.complete.contains("b") }
        watches.keep(["b"])
        #expect(watches[key] == "2")
        #expect(told.all == ["a: >1", "a complete", "b: >2", "b complete", "a: 1>", "a ended"])
        try await eventually("the watch of a has ended") { sources.watched == ["b"] }
        await watches.stop()
        #expect(sources.watched.isEmpty)
    }

    @Test func `A subscriber may change which scopes are watched while it gets an event`() async throws {
        let watches = watches()
        watches.onEvent { [weak watches] event in
            if case .complete("a") = event { watches?.keep(["b"]) }
        }
        watches.keep(["a"])
        try await show("1", in: "a")
        try await eventually("only b is watched") { sources.watched == ["b"] }
        #expect(told.all == ["a: >1", "a complete", "a: 1>", "a ended"])
        await watches.stop()
    }

    @Test func `A set of watches that is released ends its watches`() async throws {
        var watches: WatchSet<String, String>? = watches()
        watches?.keep(["a"])
        try await eventually("a is watched") { sources.watched == ["a"] }
        watches = nil
        try await eventually("a is no longer watched") { sources.watched.isEmpty }
    }
}

@Suite("An action that works from the newest state") struct CoalescedActionTests {
    @Test func `An action that is asked for while it runs, runs once more after that`() {
        let action = CoalescedAction()
        let log = Recording<String>()
        action.run {
            log.append("begins")
            if log.all.count == 1 { for _ in 0..<3 { action.run { log.append("not this one") } } }
            log.append("ends")
        }
        #expect(log.all == ["begins", "ends", "begins", "ends"])
        action.run { log.append("again") }
        #expect(log.all.last == "again")
    }
}
