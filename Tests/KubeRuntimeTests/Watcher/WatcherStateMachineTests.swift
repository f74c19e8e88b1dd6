import Kube
import Testing

@testable import KubeRuntime

private typealias Machine = WatcherStateMachine<String>

private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

private func failure(_ code: Int, _ reason: String = "", retryAfter: Duration? = nil) -> Machine.Failure {
    .answer(code: code, reason: reason, retryAfter: retryAfter)
}

extension WatcherStateMachine {
    /// Fails at a second with the middle jitter.
    fileprivate mutating func fails(_ failure: Failure, at second: Int = 0) -> Step {
        failed(failure, now: .seconds(second), random: 0.5)
    }
}

/// A machine that has listed and watches from version 10 on.
private func watching(streams: Bool = false, at second: Int = 0) -> Machine {
    var machine = Machine(streams: streams)
    machine.opening(now: .zero)
    if streams {
        _ = machine.received(.bookmark(resourceVersion: "10", initialEventsEnd: true))
    } else {
        _ = machine.listed([], continueToken: nil, resourceVersion: "10")
    }
    machine.opening(now: .seconds(second))
    return machine
}

@Suite("The rules of list and watch") struct WatcherStateMachineTests {
    @Test func `A paged list is handed over with its last page, and then watched from its version`() {
        var machine = Machine(streams: false)
        #expect(machine.start() == .init(call: .list(continueToken: nil, limit: 500)))
        let (none, second) = machine.listed([(key("a"), "1")], continueToken: "next", resourceVersion: "10")
        #expect(none == nil)
        #expect(second == .init(call: .list(continueToken: "next", limit: 500)))
        #expect(!machine.isSynced)
        let (event, watch) = machine.listed([(key("b"), "1")], continueToken: "", resourceVersion: "10")
        #expect(event == .restarted([key("a"): "1", key("b"): "1"]))
        #expect(watch == .init(call: .watch(resourceVersion: "10", initialEvents: false)))
        #expect(machine.isSynced)
    }

    @Test func `A streaming list is handed over at its end mark`() {
        var machine = Machine(streams: true)
        #expect(machine.start() == .init(call: .watch(resourceVersion: nil, initialEvents: true)))
        machine.opening(now: .zero)
        #expect(machine.received(.applied(key("a"), "1", resourceVersion: "3")) == nil)
        #expect(machine.received(.applied(key("b"), "1", resourceVersion: "4")) == nil)
        #expect(machine.received(.applied(key("skipped"), nil, resourceVersion: "5")) == nil)
        #expect(machine.received(.deleted(key("b"), resourceVersion: "6")) == nil)
        #expect(machine.received(.bookmark(resourceVersion: "6", initialEventsEnd: false)) == nil)
        #expect(!machine.isSynced)
        #expect(
            machine.received(.bookmark(resourceVersion: "7", initialEventsEnd: true)) == .restarted([key("a"): "1"]))
        #expect(machine.received(.applied(key("c"), "1", resourceVersion: "8")) == .applied(key("c"), "1"))
        #expect(
            machine.ended(now: .seconds(290), random: 0.5)
                == .init(call: .watch(resourceVersion: "8", initialEvents: false)))
    }

    @Test(arguments: [400, 403, 404, 405, 406, 415, 422, 500, 501])
    func `A server that refuses streaming lists is asked for pages at once, and never again for a stream`(code: Int) {
        var machine = Machine(streams: true)
        machine.opening(now: .zero)
        #expect(machine.fails(failure(code)) == .init(call: .list(continueToken: nil, limit: 500)))
        _ = machine.listed([], continueToken: nil, resourceVersion: "10")
        machine.opening(now: .seconds(1))
        #expect(machine.fails(failure(410, "Expired"), at: 50).call == .list(continueToken: nil, limit: 500))
    }

    @Test(arguments: [401, 429, 503, 504])
    func `A busy server is asked for the stream again`(code: Int) {
        var machine = Machine(streams: true)
        machine.opening(now: .zero)
        let step = machine.fails(failure(code))
        #expect(step.call == .watch(resourceVersion: nil, initialEvents: true))
        #expect(step.after > .zero)
    }

    @Test func `A server that twice ends a stream before all objects came is asked for pages`() {
        var machine = Machine(streams: true)
        for attempt in 1...2 {
            machine.opening(now: .seconds(attempt))
            #expect(machine.received(.applied(key("\(attempt)"), "1", resourceVersion: "3")) == nil)
            let step = machine.ended(now: .seconds(attempt + 60), random: 0.5)
            #expect(
                step.call
                    == (attempt == 1
                        ? .watch(resourceVersion: nil, initialEvents: true)
                        : .list(continueToken: nil, limit: 500)))
        }
        let (event, _) = machine.listed([(key("a"), "1")], continueToken: nil, resourceVersion: "9")
        #expect(event == .restarted([key("a"): "1"]), "nothing is left over from the streams that were cut short")
    }

    @Test func `A stream that starts again leaves nothing of the former one`() {
        var machine = Machine(streams: true)
        machine.opening(now: .zero)
        _ = machine.received(.applied(key("gone meanwhile"), "1", resourceVersion: "3"))
        #expect(machine.fails(.transport).call == .watch(resourceVersion: nil, initialEvents: true))
        machine.opening(now: .seconds(1))
        _ = machine.received(.applied(key("a"), "1", resourceVersion: "4"))
        let event = machine.received(.bookmark(resourceVersion: "5", initialEventsEnd: true))
        #expect(event == .restarted([key("a"): "1"]))
    }

    @Test func `Changes and bookmarks move the version from which the next watch starts`() {
        var machine = watching()
        #expect(machine.received(.applied(key("a"), "1", resourceVersion: "11")) == .applied(key("a"), "1"))
        #expect(machine.received(.deleted(key("a"), resourceVersion: "12")) == .deleted(key("a")))
        #expect(machine.received(.bookmark(resourceVersion: "20", initialEventsEnd: false)) == nil)
        #expect(
            machine.ended(now: .seconds(290), random: 0.5)
                == .init(call: .watch(resourceVersion: "20", initialEvents: false)))
    }

    @Test func `An object that the transform no longer keeps counts as deleted`() {
        var machine = watching()
        #expect(machine.received(.applied(key("a"), nil, resourceVersion: "11")) == .deleted(key("a")))
    }

    @Test(arguments: [failure(410, "Expired"), failure(410, "Gone"), failure(500, "Expired")])
    fileprivate func `An expired version leads to a list, at once if the watch had worked`(gone: Machine.Failure) {
        var machine = watching()
        #expect(machine.fails(gone, at: 30) == .init(call: .list(continueToken: nil, limit: 500)))
        let (event, _) = machine.listed([(key("a"), "1")], continueToken: nil, resourceVersion: "90")
        #expect(event == .restarted([key("a"): "1"]))
    }

    @Test func `A server that answers every watch with 410 is not asked in a tight loop`() {
        var machine = watching()
        var waited = Duration.zero
        for _ in 0..<8 {
            machine.opening(now: waited)
            let step = machine.failed(failure(410, "Expired"), now: waited, random: 0.5)
            #expect(step.call == .list(continueToken: nil, limit: 500))
            waited += step.after
            _ = machine.listed([], continueToken: nil, resourceVersion: "10")
        }
        #expect(waited > .seconds(60))
    }

    @Test func `After a refused connection the same version is tried again, soon at first`() {
        var machine = watching()
        let steps = (0..<4).map { _ in machine.fails(.transport) }
        #expect(steps.allSatisfy { $0.call == .watch(resourceVersion: "10", initialEvents: false) })
        #expect(
            steps.map(\.after) == [.milliseconds(100), .milliseconds(800), .milliseconds(1600), .milliseconds(3200)])
    }

    @Test func `A server that asks to wait is asked again after that time`() {
        var machine = watching()
        let step = machine.fails(failure(429, "TooManyRequests", retryAfter: .seconds(7)))
        #expect(step == .init(after: .seconds(7), call: .watch(resourceVersion: "10", initialEvents: false)))
    }

    @Test func `A watch that ends at once without events is not repeated at once`() {
        var machine = watching(at: 5)
        #expect(machine.ended(now: .seconds(5), random: 0.5).after == .milliseconds(100))
        machine.opening(now: .seconds(6))
        #expect(machine.ended(now: .seconds(6), random: 0.5).after == .milliseconds(800))
        machine.opening(now: .seconds(7))
        _ = machine.received(.applied(key("a"), "1", resourceVersion: "11"))
        #expect(machine.ended(now: .seconds(7), random: 0.5).after == .zero)
    }

    @Test func `A connection that went dead is replaced at once and nothing is listed again`() {
        var machine = watching()
        #expect(
            machine.fails(.silent, at: 305) == .init(call: .watch(resourceVersion: "10", initialEvents: false)))
    }

    @Test func `An expired continue token restarts the list, the second time without pages`() {
        var machine = Machine(streams: false)
        _ = machine.listed([(key("old"), "1")], continueToken: "next", resourceVersion: "10")
        #expect(machine.fails(failure(410, "Expired")) == .init(call: .list(continueToken: nil, limit: 500)))
        _ = machine.listed([(key("a"), "1")], continueToken: "next", resourceVersion: "20")
        #expect(machine.fails(failure(410, "Expired")).call == .list(continueToken: nil, limit: nil))
        let (event, _) = machine.listed([(key("a"), "1")], continueToken: nil, resourceVersion: "30")
        #expect(event == .restarted([key("a"): "1"]))
        #expect(machine.fails(failure(410, "Expired"), at: 40).call == .list(continueToken: nil, limit: 500))
    }

    @Test func `A page that fails is asked for again, and the pages before it are kept`() {
        var machine = Machine(streams: false)
        _ = machine.listed([(key("a"), "1")], continueToken: "next", resourceVersion: "10")
        #expect(machine.fails(.transport).call == .list(continueToken: "next", limit: 500))
        let (event, _) = machine.listed([(key("b"), "1")], continueToken: nil, resourceVersion: "10")
        #expect(event == .restarted([key("a"): "1", key("b"): "1"]))
    }

    @Test func `A cluster that was restored to an older state is listed after a few tries`() {
        var machine = watching()
        let calls = (0..<4).map { machine.fails(failure(504, "Timeout"), at: $0 * 10).call }
        #expect(calls.prefix(3).allSatisfy { $0 == .watch(resourceVersion: "10", initialEvents: false) })
        #expect(calls[3] == .list(continueToken: nil, limit: 500))
    }

    @Test func `A kind that was removed is listed when it returns`() {
        var machine = watching()
        #expect(machine.fails(failure(404, "NotFound")).call == .list(continueToken: nil, limit: 500))
    }

    @Test func `The back-off grows to half a minute and is reset after two minutes without a failure`() {
        var backoff = Backoff()
        var now = Duration.zero
        for _ in 0..<20 { now += backoff.next(now: now, random: 0.5) }
        #expect(backoff.next(now: now, random: 0.5) == .seconds(30))
        #expect(backoff.next(now: now, random: 0) == .seconds(15))
        #expect(backoff.next(now: now, random: 0.999) < .seconds(45))
        #expect(backoff.next(now: now + .seconds(120), random: 0.5) == .milliseconds(100))
    }
}
