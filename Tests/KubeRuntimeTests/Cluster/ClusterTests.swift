import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Testing

private let manager = FieldManager("tributary", managedBy: "tributary")

private func config(_ name: String, _ value: String) -> Object {
    Object(
        .configMaps, namespace: "default", name: name, labels: [FieldManager.label: "tributary"],
        ["data": ["value": .string(value)]])
}

@Suite(.timeLimit(.minutes(1))) struct ClusterTests {
    @Test(arguments: [true, false])
    func `a store follows a cluster through broken connections and expired versions`(streams: Bool) async throws {
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

    @Test func `what is applied is written once, drift is repaired, and others' fields stay`() async throws {
        try await withCluster { cluster, client in
            let applier = Applier(api: ObjectAPI(client), manager: manager)
            let objects: [(Resource, Object)] = [
                (.configMaps, config("a", "1")),
                (
                    .services,
                    Object(
                        .services, namespace: "default", name: "a", labels: [FieldManager.label: "tributary"],
                        [
                            "spec": [
                                "selector": ["app": "a"],
                                "ports": [["name": "http", "port": 80], ["name": "grpc", "port": 81]],
                            ]
                        ])
                ),
                (
                    .statefulSets,
                    Object(
                        .statefulSets, namespace: "default", name: "a", labels: [FieldManager.label: "tributary"],
                        [
                            "spec": [
                                "replicas": 2, "serviceName": "a", "selector": ["matchLabels": ["app": "a"]],
                                "template": [
                                    "metadata": ["labels": ["app": "a"]],
                                    "spec": [
                                        "containers": [
                                            [
                                                "name": "receive", "image": "thanos", "args": ["receive", "--log=x"],
                                                "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]],
                                                "ports": [["name": "http", "containerPort": 80]],
                                                "resources": ["requests": ["cpu": "100m", "memory": "1Gi"]],
                                            ]
                                        ],
                                        "volumes": [["name": "data", "emptyDir": [:]]],
                                    ],
                                ],
                            ]
                        ])
                ),
            ]
            func apply(_ applier: Applier) async throws -> Int {
                var count = 0
                for (resource, object) in objects {
                    let observed = try? await client.get(resource, object.key)
                    let outcome = try await applier.apply(
                        object, as: resource, observed: observed.map { AppliedState($0, as: manager) })
                    if case .applied = outcome { count += 1 }
                }
                return count
            }
            #expect(try await apply(applier) == 3)
            cluster.clearRequests()
            #expect(try await apply(applier) == 0)
            #expect(try await apply(Applier(api: ObjectAPI(client), manager: manager)) == 0)
            #expect(cluster.requests.filter { $0.method != "GET" }.isEmpty, "after a restart nothing is written either")

            let key = ObjectKey(namespace: "default", name: "a")
            let options = WriteOptions(fieldManager: "kubectl-edit")
            let theirs: JSON = ["metadata": ["labels": ["team": "blue"]], "spec": ["replicas": 7]]
            _ = try await client.patch(.statefulSets, key, .merge, body: theirs, options)
            let broken: JSON = ["spec": ["selector": ["app": "b"]]]
            _ = try await client.patch(.services, key, .merge, body: broken, options)
            let more: JSON = ["metadata": ["labels": ["team": "blue"]], "data": ["more": "x"]]
            _ = try await client.patch(.configMaps, key, .merge, body: more, options)
            #expect(try await apply(applier) == 2)
            let set = try await client.get(.statefulSets, key)
            #expect(set.json["spec", "replicas"] == 2)
            #expect(set.labels["team"] == "blue")
            #expect(try await client.get(.services, key).json["spec", "selector", "app"] == "a")
            #expect(try await client.get(.configMaps, key).json["data"] == ["value": "1", "more": "x"])
            #expect(try await apply(applier) == 0)
        }
    }

    @Test func `a write that would take over an object that was replaced is refused by the server`() async throws {
        try await withCluster { _, client in
            let applier = Applier(api: ObjectAPI(client), manager: manager)
            let key = ObjectKey(namespace: "default", name: "a")
            try await applier.apply(config("a", "1"), as: .configMaps, observed: nil)
            let seen = AppliedState(try await client.get(.configMaps, key), as: manager)
            _ = try await client.delete(.configMaps, key)
            _ = try await client.create(
                .configMaps, Object(.configMaps, namespace: "default", name: "a", ["data": ["value": "theirs"]]))
            await #expect(throws: APIStatus.self) {
                try await applier.apply(config("a", "2"), as: .configMaps, observed: seen)
            }
            #expect(try await client.get(.configMaps, key).json["data", "value"] == "theirs")
            #expect(try await !applier.deleteOwned(.configMaps, key, uid: seen.uid))
            #expect(try await client.get(.configMaps, key).json["data", "value"] == "theirs")
        }
    }

    @Test func `one of two electors leads, and hands over when it ends`() async throws {
        try await withCluster { _, client in
            let timing = try #require(
                ElectorTiming(lease: .seconds(6), renewDeadline: .seconds(4), retry: .milliseconds(100)))
            let electors = ["a", "b"].map { identity in
                Elector(
                    lease: ObjectKey(namespace: "default", name: "tributary"), identity: identity,
                    api: ObjectAPI(client), timing: timing, logger: quiet)
            }
            let terms = Recording<String>()
            let overlap = Locked(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for elector in electors {
                    group.addTask {
                        try await elector.run {
                            overlap.withLock { $0 += 1 }
                            #expect(overlap.withLock { $0 } == 1)
                            terms.append(elector.identity)
                            // Long enough for a few renewals.
                            try await Task.sleep(for: .milliseconds(500))
                            #expect(elector.isLeading)
                            overlap.withLock { $0 -= 1 }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(terms.all.sorted() == ["a", "b"])
        }
    }

    @Test func `events arrive, and repeats become a series`() async throws {
        try await withCluster { _, client in
            let recorder = EventRecorder(
                api: ObjectAPI(client), controller: "tributary.dev/operator", instance: "pod-0", logger: quiet)
            let regarding = ObjectEvent.Reference(config("a", "1"))
            for _ in 0..<3 {
                recorder.record(
                    ObjectEvent(
                        regarding: regarding, severity: .warning, reason: "Invalid", action: "Check", note: "no"))
            }
            recorder.shutDown()
            await recorder.run()
            let events = try await client.list(.events, namespace: "default")
            #expect(events.items.count == 1)
            #expect(events.items.first?.json["series", "count"] == 3)
            #expect(recorder.dropped == 0)
        }
    }
}
