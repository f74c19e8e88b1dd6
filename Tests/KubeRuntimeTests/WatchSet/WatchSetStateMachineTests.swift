import Kube
import Testing

@testable import KubeRuntime

private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

/// A set of watches of letters; what it tells is written as `scope: name old>new`.
private struct Play {
    var machine = WatchSetStateMachine<String, Int>()

    mutating func keep(_ scopes: String...) -> (start: [WatchSetStateMachine<String, Int>.Started], told: [String]) {
        let (start, _, events) = machine.keep(Set(scopes))
        return (start.sorted { $0.scope < $1.scope }, Self.text(events))
    }

    mutating func take(
        _ event: WatcherEvent<Int>, _ watch: WatchSetStateMachine<String, Int>.Started
    ) -> [String] {
        Self.text(machine.take(event, of: watch))
    }

    private static func text(_ events: [WatchSetEvent<String, Int>]) -> [String] {
        events.map { event in
            switch event {
            case .changed(let scope, let change):
                "\(scope): \(change.key.name) \(change.old.map { "\($0)" } ?? "")>\(change.new.map { "\($0)" } ?? "")"
                    + (change.isInitial ? " first" : "")
            case .complete(let scope): "\(scope) complete"
            case .state(let scope, let state): "\(scope) \(state)"
            case .ended(let scope): "\(scope) ended"
            }
        }
    }
}

@Suite("The rules of a set of watches") struct WatchSetStateMachineTests {
    @Test func `Watches of new scopes start, watches of other scopes end, and the rest go on`() {
        var play = Play()
        #expect(play.keep("a", "b").start.map(\.scope) == ["a", "b"])
        let (start, told) = play.keep("b", "c")
        #expect(start.map(\.scope) == ["c"])
        #expect(told == ["a ended"])
        #expect(play.keep("b", "c").start.isEmpty)
    }

    @Test func `A watch is complete once subscribers have got its first list, and only then`() {
        var play = Play()
        let a = play.keep("a").start[0]
        #expect(play.take(.applied(key("x"), 1), a) == ["a: x >1 first"])
        #expect(play.take(.restarted([key("x"): 1, key("y"): 2]), a) == ["a: y >2 first", "a complete"])
        #expect(!play.machine.complete.contains("a"))
        play.machine.toldAll(of: a)
        #expect(play.machine.complete.contains("a"))
        #expect(play.take(.restarted([key("x"): 3]), a).sorted() == ["a: x 1>3", "a: y 2>"])
        #expect(play.machine.complete.contains("a"))
    }

    @Test func `A watch that ends takes away what it knew, and what another watch knows stays known`() {
        var play = Play()
        let (a, b) = { ($0[0], $0[1]) }(play.keep("a", "b").start)
        _ = play.take(.restarted([key("x"): 1, key("y"): 1]), a)
        _ = play.take(.restarted([key("x"): 2]), b)
        #expect(play.machine.values.count == 2)
        #expect(play.machine.value(of: key("y"), in: "a") == 1)
        #expect(play.machine.value(of: key("y"), in: "b") == nil, "only the other watch knows it")
        #expect(play.keep("b").told.sorted() == ["a ended", "a: x 1>", "a: y 1>"])
        #expect(play.machine.value(of: key("x")) == 2)
        #expect(play.machine.value(of: key("y")) == nil)
        #expect(play.machine.values == [2])
    }

    @Test func `Events of an ended watch are ignored, also when its scope is watched again`() {
        var play = Play()
        let former = play.keep("a").start[0]
        _ = play.keep()
        let present = play.keep("a").start[0]
        #expect(play.take(.restarted([key("x"): 1]), former).isEmpty)
        play.machine.toldAll(of: former)
        #expect(!play.machine.complete.contains("a"))
        #expect(!play.machine.isRunning(former))
        #expect(play.take(.restarted([:]), present) == ["a complete"])
    }

    @Test func `What was complete at one moment is known to be outdated once a watch has ended`() {
        var play = Play()
        let a = play.keep("a").start[0]
        _ = play.take(.restarted([:]), a)
        play.machine.toldAll(of: a)
        let before = play.machine.complete
        _ = play.keep("a", "b")
        #expect(play.machine.complete.includes(before))
        _ = play.keep("b")
        #expect(!play.machine.complete.includes(before))
        #expect(before.contains("a"))
    }

    @Test func `After it is stopped, nothing is complete, there are no events, and no watch starts`() {
        var play = Play()
        let a = play.keep("a").start[0]
        _ = play.take(.restarted([key("x"): 1]), a)
        play.machine.toldAll(of: a)
        play.machine.stop()
        #expect(!play.machine.complete.contains("a"))
        #expect(play.take(.applied(key("x"), 2), a).isEmpty)
        #expect(play.keep("a", "b").start.isEmpty)
        #expect(play.machine.values.isEmpty)
    }
}
