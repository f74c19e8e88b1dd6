import Kube
import Logging
import Testing

@testable import KubeRuntime

private func event(_ name: String = "a", reason: String = "RingInvalid", note: String = "no endpoints") -> ObjectEvent {
    ObjectEvent(
        regarding: .init(
            apiVersion: "tributary.dev/v1alpha1", kind: "Tenant", key: ObjectKey(namespace: "default", name: name),
            uid: "u"),
        severity: .warning, reason: reason, action: "Publish", note: note)
}

private let wall = Timestamp(seconds: 1, nanoseconds: 255)
private let name = ObjectKey(namespace: "default", name: "a.3b9acaff")

@Suite("Series of events") struct EventSeriesTests {
    @Test func `The first event is written, the second begins a series, and the rest are counted for half an hour`() {
        var table = EventSeriesTable()
        #expect(table.record(event(), now: .zero, wall: wall) == .create(name: name))
        #expect(table.record(event(), now: .seconds(1), wall: wall) == .update(name: name, count: 2))
        for second in 2..<100 {
            #expect(table.record(event(), now: .seconds(second * 18), wall: wall) == .none)
        }
        #expect(table.isBehind)
        #expect(table.record(event(), now: .seconds(1801), wall: wall) == .update(name: name, count: 101))
        #expect(!table.isBehind)
    }

    @Test func `Another note is another event, until there are ten of them`() {
        var table = EventSeriesTable()
        for index in 0..<10 {
            #expect(
                table.record(event(note: "\(index) of 5"), now: .seconds(index), wall: wall) == .create(name: name))
        }
        #expect(table.record(event(note: "10 of 5"), now: .seconds(10), wall: wall) == .update(name: name, count: 2))
        #expect(table.record(event(note: "0 of 5"), now: .seconds(11), wall: wall) == .update(name: name, count: 2))
        #expect(table.count == 10)
    }

    @Test func `Another reason or object is another event`() {
        var table = EventSeriesTable()
        _ = table.record(event(), now: .zero, wall: wall)
        guard case .create = table.record(event(reason: "Other"), now: .zero, wall: wall),
            case .create = table.record(event("b"), now: .zero, wall: wall)
        else {
            Issue.record("a series was made of different events")
            return
        }
        #expect(table.count == 3)
    }

    @Test func `A series ends after six minutes without an event, and its last count is written`() {
        var table = EventSeriesTable()
        for second in 0..<5 { _ = table.record(event(), now: .seconds(second), wall: wall) }
        #expect(table.sweep(now: .seconds(100)).isEmpty)
        let updates = table.sweep(now: .seconds(364))
        #expect(updates.map(\.count) == [5])
        #expect(table.count == 0)
        #expect(table.record(event(), now: .seconds(365), wall: wall) == .create(name: name))
    }

    @Test func `The table of series does not grow without bound`() {
        var table = EventSeriesTable()
        for index in 0..<2500 { _ = table.record(event("\(index)"), now: .seconds(index), wall: wall) }
        #expect(table.count <= 2000)
    }
}

@Suite("The event recorder") struct EventRecorderTests {
    private let server = FakeAPI()
    private let time = ManualTime()

    private func recorder(capacity: Int = 1000) -> EventRecorder {
        EventRecorder(
            api: server.api, controller: "tributary.dev/operator", instance: "pod-0", capacity: capacity,
            logger: Logger(label: "test"), time: time.source)
    }

    @Test func `An event is written with the fields that kubectl shows`() async throws {
        let recorder = recorder()
        recorder.record(event(note: String(repeating: "é", count: 600)))
        recorder.shutDown()
        await recorder.run()
        let nanoseconds = time.source.wall().seconds * 1_000_000_000
        let key = ObjectKey(namespace: "default", name: "a.\(String(nanoseconds, radix: 16))")
        let json = try #require(server.object(.events, key)).json
        #expect(json["apiVersion"] == "events.k8s.io/v1")
        #expect(json["type"] == "Warning")
        #expect(json["reason"] == "RingInvalid")
        #expect(json["action"] == "Publish")
        #expect(json["note"]?.string == String(repeating: "é", count: 512))
        #expect(json["reportingController"] == "tributary.dev/operator")
        #expect(json["reportingInstance"] == "pod-0")
        #expect(json["regarding", "name"] == "a")
        #expect(json["regarding", "uid"] == "u")
        #expect(json["eventTime"]?.string?.hasSuffix(".000000Z") == true)
    }

    @Test func `Equal events become one series, whose count is complete at the end`() async throws {
        let recorder = recorder()
        for _ in 0..<5 { recorder.record(event()) }
        recorder.shutDown()
        await recorder.run()
        #expect(server.calls.map { $0.prefix { $0 != " " } } == ["create", "merge", "merge"])
        let last = try #require(server.calls.last?.split(separator: " ").last?.split(separator: "/").last)
        let key = ObjectKey(namespace: "default", name: String(last))
        #expect(server.object(.events, key)?.json["series", "count"] == 5)
    }

    @Test func `A series whose event has expired is written again`() async throws {
        let recorder = recorder()
        recorder.record(event())
        recorder.record(event())
        server.setFault { call in if call.hasPrefix("merge") { throw APIStatus.notFound(.events, "a") } }
        recorder.shutDown()
        await recorder.run()
        #expect(server.calls.map { $0.prefix { $0 != " " } } == ["create", "merge", "create"])
    }

    @Test func `A full queue drops events and blocks no caller`() async throws {
        let recorder = recorder(capacity: 10)
        for index in 0..<25 { recorder.record(event("\(index)")) }
        #expect(recorder.dropped == 15)
        recorder.shutDown()
        await recorder.run()
        #expect(server.calls.count == 10)
    }

    @Test func `A refused event is dropped, and a server that does not answer is tried again`() async throws {
        let recorder = recorder()
        server.setFault { call in
            throw APIStatus(code: call.contains("/refused.") ? 403 : 503, reason: "", message: "")
        }
        recorder.record(event("refused"))
        recorder.record(event("late"))
        let running = Task { await recorder.run() }
        try await eventually("it waits to try again") { time.naps == [.seconds(10)] }
        #expect(server.calls.count == 2)
        server.setFault(nil)
        time.advance(by: .seconds(10))
        try await eventually("it has tried again") { server.calls.count == 3 }
        recorder.shutDown()
        await running.value
        #expect(recorder.dropped == 1)
    }
}
