import Kube
import KubeRuntime
import Testing

#if canImport(Glibc)
import Glibc
#endif

private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }

@Suite("A store") struct StoreTests {
    private let owner = StoreIndex<String>("owner") { _, value in value.isEmpty ? [] : [value] }

    @Test func `A list after missed events is taken over at once, and subscribers get only what differs`() {
        let store = Store<String>()
        let changes = Recording<String>()
        store.onChange { changes.append("\($0.key.name):\($0.old ?? "-")>\($0.new ?? "-")\($0.isInitial ? "!" : "")") }
        #expect(!store.isSynced)
        store.apply(.restarted([key("a"): "1", key("b"): "1"]))
        #expect(store.isSynced)
        #expect(changes.all.sorted() == ["a:->1!", "b:->1!"])
        store.apply(.applied(key("a"), "2"))
        store.apply(.applied(key("a"), "2"))
        store.apply(.deleted(key("none")))
        #expect(changes.all.dropFirst(2) == ["a:1>2"])
        store.apply(.restarted([key("a"): "2", key("c"): "1"]))
        #expect(changes.all.dropFirst(3).sorted() == ["b:1>-", "c:->1"])
        #expect(store.all == [key("a"): "2", key("c"): "1"])
        #expect(store[key("b")] == nil)
    }

    @Test func `Watchers of single namespaces fill one store, each for its own, and it is complete with the last one`()
    {
        func key(_ namespace: String, _ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }
        let store = Store<String>(namespaces: ["a", "b"])
        store.apply(.restarted([key("a", "x"): "1", key("a", "y"): "1"]), of: "a")
        store.apply(.restarted([key("a", "x"): "1", key("a", "y"): "1"]), of: "a")
        #expect(!store.isSynced)
        store.apply(.restarted([key("b", "x"): "1"]), of: "b")
        #expect(store.isSynced)
        store.apply(.restarted([key("a", "x"): "2"]), of: "a")
        #expect(store.all == [key("a", "x"): "2", key("b", "x"): "1"])
        store.apply(.restarted([:]), of: "b")
        #expect(store.all == [key("a", "x"): "2"])
    }

    @Test func `Objects are found by the terms of an index, as they change`() {
        let store = Store<String>(indexes: [owner])
        store.apply(.restarted([key("a"): "x", key("b"): "x", key("c"): "y", key("d"): ""]))
        #expect(store.keys(in: "owner", of: "x") == [key("a"), key("b")])
        store.apply(.applied(key("a"), "y"))
        store.apply(.deleted(key("b")))
        #expect(store.keys(in: "owner", of: "x").isEmpty)
        #expect(store.keys(in: "owner", of: "y") == [key("a"), key("c")])
        store.apply(.restarted([key("c"): "x"]))
        #expect(store.keys(in: "owner", of: "y").isEmpty)
        #expect(store.objects(in: "owner", of: "x").map(\.key) == [key("c")])
        #expect(store.keys(in: "other", of: "x").isEmpty)
    }

    @Test func `A subscriber can read the store, and sees the change that it gets`() {
        let store = Store<String>()
        let seen = Recording<String?>()
        store.onChange { [weak store] change in seen.append(store?[change.key]) }
        store.apply(.applied(key("a"), "1"))
        store.apply(.deleted(key("a")))
        #expect(seen.all == ["1", nil])
    }

    @Test func `Subscribers get changes in order and one at a time, whichever threads make them`() async {
        let store = Store<Int>()
        let told = Locked<(last: [ObjectKey: Int], isBusy: Bool, overlaps: Int, gaps: Int)>(([:], false, 0, 0))
        store.onChange { change in
            told.withLock { told in
                if told.isBusy { told.overlaps += 1 }
                told.isBusy = true
                if told.last[change.key] != change.old { told.gaps += 1 }
                told.last[change.key] = change.new
            }
            for _ in 0..<10 { sched_yield() }
            told.withLock { $0.isBusy = false }
        }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for round in 1...500 { store.apply(.applied(key("\(round % 3)"), writer * 1000 + round)) }
                }
            }
        }
        let result = told.withLock { $0 }
        #expect(result.overlaps == 0)
        #expect(result.gaps == 0)
        #expect(result.last == store.all)
    }

    @Test func `Waiting for the first list ends with it, or with a cancellation`() async throws {
        let store = Store<String>()
        let waiting = Task { try await store.synced() }
        let cancelled = Task { try await store.synced() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        store.apply(.applied(key("a"), "1"))
        #expect(!store.isSynced)
        store.apply(.restarted([:]))
        try await waiting.value
        try await store.synced()
    }
}
