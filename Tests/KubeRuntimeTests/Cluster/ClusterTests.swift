import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Testing

private func config(_ name: String, _ value: String) -> Object {
    Object(
        .configMaps, namespace: "default", name: name, labels: [FieldManager.label: "tributary"],
        ["data": ["value": .string(value)]])
}

@Suite(.timeLimit(.minutes(5))) struct ClusterTests {
    @Test(arguments: [true, false])
    func `A store follows a cluster through broken connections and expired versions`(streams: Bool) async throws {
        try await withCluster { cluster, client in
            let store = Store<String>()
            let counts = Recording<Int>()
            let scope = WatchScope(.configMaps, namespace: "default", streamsLists: streams)
            let watcher = Watcher(scope, into: store, client: client, logger: quiet) {
                $0.json["data", "value"]?.string
            }
            for index in 0..<20 { _ = try await client.create(.configMaps, config("c\(index)", "0")) }
            let running = Task { await watcher.run() }
            try await store.synced()
            #expect(store.count == 20)
            store.onChange { [weak store] _ in counts.append(store?.count ?? 0) }
            for round in 1...6 {
                for index in 0..<5 {
                    let change: JSON = ["data": ["value": .string("\(round)")]]
                    let key = ObjectKey(namespace: "default", name: "c\(index + round)")
                    _ = try await client.patch(.configMaps, key, .merge, body: change)
                }
                if round % 2 == 0 {
                    let before = cluster.requests.count { $0.verb == "watch" }
                    cluster.faults = { $0.verb == "watch" ? .gone : nil }
                    cluster.dropWatches()
                    try await eventually("the watch was refused") {
                        cluster.requests.count { $0.verb == "watch" } > before
                    }
                    cluster.faults = nil
                } else {
                    cluster.dropWatches()
                }
                _ = try await client.create(.configMaps, config("new-\(round)", "\(round)"))
            }
            _ = try await client.delete(.configMaps, ObjectKey(namespace: "default", name: "c0"))
            let list = try await client.list(.configMaps, namespace: "default")
            let pairs = list.items.map { ($0.key, $0.json["data", "value"]?.string ?? "") }
            let expected = Dictionary(uniqueKeysWithValues: pairs)
            try await eventually("the store has what the cluster has") { store.all == expected }
            #expect(counts.all.allSatisfy { $0 >= 20 }, "the store was never half empty")
            let lists = cluster.requests.count { $0.verb == "list" || $0.query["sendInitialEvents"] != nil }
            #expect(lists >= 4, "the first list, one after each time that the version had expired, and the test's own")
            running.cancel()
            await running.value
        }
    }
}
