import Kube
import KubeClient
import KubeRuntime
import Testing

private let manager = FieldManager("tributary", managedBy: "tributary")

private func config(_ name: String, _ value: String) -> Object {
    Object(
        .configMaps, namespace: "default", name: name, labels: [FieldManager.label: "tributary"],
        ["data": ["value": .string(value)]])
}

/// What must hold against the local cluster as well as against a genuine API server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServerTests {
    @Test(arguments: Server.available)
    func `A store is filled page by page and by a streaming list, and follows changes`(server: Server) async throws {
        try await withServer(server) { client, _ in
            for index in 0..<10 { _ = try await client.create(.configMaps, config("c\(index)", "0")) }
            var running: [Task<Void, Never>] = []
            var stores: [Store<String>] = []
            for streams in [true, false] {
                let store = Store<String>()
                let scope = WatchScope(
                    .configMaps, namespace: "default", labelSelector: "\(FieldManager.label)=tributary",
                    streamsLists: streams)
                let watcher = Watcher(scope, into: store, client: client, logger: quiet) {
                    $0.json["data", "value"]?.string
                }
                running.append(Task { await watcher.run() })
                stores.append(store)
            }
            for store in stores {
                try await store.synced()
                #expect(store.count == 10)
            }
            let key = ObjectKey(namespace: "default", name: "c3")
            _ = try await client.patch(.configMaps, key, .merge, body: ["data": ["value": "1"]])
            _ = try await client.delete(.configMaps, ObjectKey(namespace: "default", name: "c4"))
            for store in stores {
                try await eventually("the changes arrive") { store[key] == "1" && store.count == 9 }
            }
            for task in running {
                task.cancel()
                await task.value
            }
        }
    }

    @Test(arguments: Server.available)
    func `An object is written once, drift is repaired, and fields of other managers are kept`(server: Server)
        async throws
    {
        try await withServer(server) { client, methods in
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
            let before = methods.all.count
            #expect(try await apply(applier) == 0)
            #expect(try await apply(Applier(api: ObjectAPI(client), manager: manager)) == 0)
            #expect(
                methods.all.dropFirst(before).allSatisfy { $0 == "GET" }, "after a restart nothing is written either")

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

    @Test(arguments: Server.available)
    func `A write that would take over an object that was replaced is refused by the server`(server: Server)
        async throws
    {
        try await withServer(server) { client, _ in
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

    @Test(arguments: Server.available)
    func `One of two electors leads, and hands over when it ends`(server: Server) async throws {
        try await withServer(server) { client, _ in
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

    @Test(arguments: Server.available)
    func `Events arrive, and equal events become a series`(server: Server) async throws {
        try await withServer(server) { client, _ in
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
            // The genuine server also writes one, about itself.
            let events = try await client.list(.events, namespace: "default").items.filter {
                $0.json["reportingController"] == "tributary.dev/operator"
            }
            #expect(events.count == 1)
            #expect(events.first?.json["series", "count"] == 3)
            #expect(recorder.dropped == 0)
        }
    }
}
