import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing

/// Features of the local cluster alone: injected faults, and the cleanup that kube-controller-manager does in a real
/// cluster.
@Suite("Local cluster") struct LocalClusterTests {
    /// Runs a cluster for one test.
    private func with(
        _ options: LocalCluster.Options = .init(controllers: false),
        _ body: (LocalCluster, Workspace) async throws -> Void
    ) async throws {
        let cluster = LocalCluster(options: options)
        try await cluster.start()
        do {
            try await Workspace.with(ClusterConfiguration(server: cluster.url)) { try await body(cluster, $0) }
            await cluster.stop()
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func status(of events: WatchEvents) async throws -> APIStatus? {
        for try await event in events { if case .error(let status) = event { return status } }
        return nil
    }

    @Test func `A watch from before the history gets 410`() async throws {
        try await with(.init(controllers: false, historyLimit: 5)) { cluster, space in
            let start = try await space.create(.configMaps, space.configMap("a")).resourceVersion
            for number in 0..<6 { try await space.create(.configMaps, space.configMap("b\(number)")) }
            let old = try await space.client.watch(.configMaps, WatchQuery(resourceVersion: start))
            #expect(try await status(of: old)?.reason == "Expired")
            let page = try await space.client.list(.configMaps, ListQuery(limit: 1))
            try await space.create(.configMaps, space.configMap("c"))
            cluster.compact()
            let expired = try await failure {
                try await space.client.list(.configMaps, ListQuery(limit: 1, continueToken: page.continueToken))
            }
            #expect(expired.code == 410 && expired.reason == "Expired")
        }
    }

    @Test func `The pages of a list with a selector hold every match once`() async throws {
        try await with(.init(controllers: false)) { _, space in
            for number in 0..<9 {
                var object = space.configMap("m\(number)")
                object.json["metadata", "labels"] = ["even": JSON(number.isMultiple(of: 2) ? "yes" : "no")]
                try await space.create(.configMaps, object)
            }
            var names: [String] = []
            var token: String?
            repeat {
                let page = try await space.client.list(
                    .configMaps, namespace: space.namespace,
                    ListQuery(labelSelector: "even=yes", limit: 2, continueToken: token))
                names += page.items.map(\.name)
                token = page.continueToken
            } while token != nil
            #expect(names == ["m0", "m2", "m4", "m6", "m8"])
        }
    }

    @Test func `Bookmarks move a watch without events forward`() async throws {
        try await with(.init(controllers: false, bookmarkInterval: .milliseconds(20))) { cluster, space in
            let events = try await space.client.watch(
                .secrets, WatchQuery(resourceVersion: String(cluster.resourceVersion)))
            let made = try await space.create(.configMaps, space.configMap("a"))
            for try await event in events {
                if case .bookmark(let version, _) = event, version == made.resourceVersion { break }
            }
        }
    }

    @Test func `A fault rule costs the same after a hundred thousand requests`() async throws {
        try await with { cluster, space in
            cluster.faults = { $0.verb == "apply" ? .gone : nil }
            // Every request reads the rule. Each read once wrapped the rule in one more closure, until the stack overflowed.
            for _ in 0..<100_000 { _ = cluster.faults }
            let status = try await failure {
                try await space.client.apply(.configMaps, space.configMap("a"), fieldManager: "test", force: true)
            }
            #expect(status.code == 410)
        }
    }

    @Test func `The server injects faults and records requests`() async throws {
        try await with { cluster, space in
            cluster.clearRequests()
            cluster.faults = { $0.verb == "apply" ? .gone : nil }
            let refused = try await space.raw(
                "PATCH", space.path(.configMaps, "a"), query: [("fieldManager", "x")],
                contentType: "application/apply-patch+yaml", space.configMap("a").json)
            #expect(refused.code == 410)
            cluster.faults = { $0.resource == "configmaps" ? .dropConnection : nil }
            await #expect(throws: (any Error).self) {
                try await space.raw("POST", space.path(.configMaps), space.configMap("a").json)
            }
            cluster.faults = { _ in .delay(.milliseconds(50)) }
            let took = try await ContinuousClock().measure { try await space.create(.configMaps, space.configMap("a")) }
            #expect(took >= .milliseconds(50))
            #expect(cluster.requests.map(\.verb).filter { $0 == "apply" }.count == 1)
            #expect(cluster.requests.last?.verb == "create" && cluster.requests.last?.resource == "configmaps")
        }
    }

    @Test func `A dropped watch can continue from where it was`() async throws {
        try await with { cluster, space in
            let start = try await space.create(.configMaps, space.configMap("a")).resourceVersion
            let events = try await space.client.watch(.configMaps, WatchQuery(resourceVersion: start))
            try await waitUntil("the watch is served") { cluster.requests.contains { $0.verb == "watch" } }
            cluster.dropWatches()
            do { for try await _ in events {} } catch is KubeClientError {}
            try await space.create(.configMaps, space.configMap("b"))
            let again = try await space.client.watch(.configMaps, WatchQuery(resourceVersion: start))
            for try await event in again {
                if case .added(let object) = event {
                    #expect(object.name == "b")
                    break
                }
            }
        }
    }

    @Test func `A restarted cluster keeps its objects and its port`() async throws {
        try await with { cluster, space in
            try await space.create(.configMaps, space.configMap("a"))
            let url = cluster.url
            await cluster.stop()
            try await cluster.start()
            #expect(cluster.url == url)
            #expect(try await space.client.get(.configMaps, space.key("a")).name == "a")
        }
    }

    @Test func `The server stops serving a watch when its client disconnects`() async throws {
        try await with { cluster, space in
            let reading = Task {
                for try await _ in try await space.client.watch(.configMaps, WatchQuery(resourceVersion: "0")) {}
            }
            try await waitUntil("the watch is served") { cluster.watchCount == 1 }
            reading.cancel()
            try await waitUntil("the watch is over") { cluster.watchCount == 0 }
            _ = try? await reading.value
        }
    }

    @Test func `The dependents of a deleted object are deleted or orphaned`() async throws {
        try await with { _, space in
            for (propagation, survives) in [
                (DeleteOptions.Propagation.background, false), (.foreground, false), (.orphan, true),
            ] {
                let owner = try await space.create(.configMaps, space.configMap("owner"))
                var owned = space.configMap("owned")
                owned.json["metadata", "ownerReferences"] = [
                    OwnerReference(
                        apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.uid ?? "", controller: true,
                        blockOwnerDeletion: true
                    ).json
                ]
                try await space.create(.configMaps, owned)
                _ = try await space.client.delete(
                    .configMaps, space.key("owner"), DeleteOptions(propagation: propagation))
                try await waitUntil("\(propagation) is done") {
                    let left = try await space.client.list(.configMaps, namespace: space.namespace).items
                    return left.map(\.name) == (survives ? ["owned"] : [])
                        && left.allSatisfy { $0.ownerReferences.isEmpty }
                }
                if survives { _ = try await space.client.delete(.configMaps, space.key("owned")) }
            }
            var lost = space.configMap("lost")
            lost.json["metadata", "ownerReferences"] = [
                OwnerReference(apiVersion: "v1", kind: "ConfigMap", name: "none", uid: "no-such-uid").json
            ]
            try await space.create(.configMaps, lost)
            try await waitUntil("the object with a missing owner is deleted") {
                try await space.client.list(.configMaps, namespace: space.namespace).items.isEmpty
            }
        }
    }

    @Test func `The content of a namespace and of a definition is deleted with it`() async throws {
        try await with { cluster, space in
            try await Widgets.install(space)
            try await space.create(.configMaps, space.configMap("a"))
            var held = Widgets.widget(space, "held")
            held.json["metadata", "finalizers"] = ["example.com/hold"]
            try await space.create(Widgets.resource, held)
            _ = try await space.client.delete(.namespaces, ObjectKey(namespace: "", name: space.namespace))
            let late = try await failure { try await space.create(.configMaps, space.configMap("late")) }
            #expect(late.code == 403 && late.message.contains("because it is being terminated"))
            try await waitUntil("the ConfigMap is deleted") {
                try await space.client.list(.configMaps, namespace: space.namespace).items.isEmpty
            }
            _ = try await space.client.patch(
                Widgets.resource, space.key("held"), .merge, body: ["metadata": ["finalizers": .null]])
            try await waitUntil("the namespace is deleted") {
                try await space.raw("GET", "/api/v1/namespaces/\(space.namespace)").code == 404
            }
            try await space.create(
                Widgets.resource,
                Object(Widgets.resource, namespace: "default", name: "w", ["spec": ["size": "small"]]))
            _ = try await space.client.delete(.customResourceDefinitions, Widgets.definition.key)
            try await waitUntil("the definition is deleted") {
                try await space.raw("GET", "/apis/test.example.com/v1/widgets").code == 404
            }
        }
    }

    @Test func `A definition with CEL rules gets a warning that they do not run here`() async throws {
        try await with { _, space in
            var definition = Widgets.definition
            let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            var version = definition.json["spec", "versions"]?[0] ?? [:]
            version["schema", "openAPIV3Schema", "x-kubernetes-validations"] = [["rule": "has(self.spec)"]]
            definition.json["spec", "versions"] = [version]
            let answer = try await space.raw("POST", path, definition.json)
            #expect(answer.code == 201)
            let warnings = answer.response.headers.values(of: "warning").joined()
            #expect(warnings.contains("does not run CEL rules: those in widgets.test.example.com"))
        }
    }

    @Test func `Both groups of events serve the same events`() async throws {
        try await with { _, space in
            try await space.create(
                .events,
                Object(
                    .events, namespace: space.namespace, name: "e",
                    [
                        "eventTime": "2026-01-01T00:00:00.000000Z", "reason": "Made", "note": "it was made",
                        "type": "Normal", "action": "Make", "reportingController": "test",
                        "reportingInstance": "test-0", "regarding": ["kind": "ConfigMap", "name": "a"],
                    ]))
            let core = Resource(group: "", version: "v1", kind: "Event", plural: "events")
            let listed = try await space.client.list(
                core, namespace: space.namespace, ListQuery(fieldSelector: "involvedObject.name=a"))
            #expect(listed.items.map(\.apiVersion) == ["v1"])
            #expect(listed.items.first?.json["message"] == "it was made")
            let new = try await space.client.get(.events, space.key("e"))
            #expect(new.apiVersion == "events.k8s.io/v1" && new.json["note"] == "it was made")
        }
    }

    @Test func `The server refuses a body of more than 3 MiB`() async throws {
        try await with { _, space in
            let large = space.configMap("a", ["k": String(repeating: "x", count: 3 << 20)])
            let answer = try await space.raw("POST", space.path(.configMaps), large.json)
            #expect(answer.code == 413)
        }
    }

    @Test func `Kubectl 1_28 gets an empty OpenAPI document of version 2`() async throws {
        try await with { _, space in
            let answer = try await space.client.raw(
                method: "GET", path: "/openapi/v2",
                headers: [("Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")])
            #expect(answer.status == 200 && answer.body.isEmpty)
            // Go does not accept the at sign of the request in a media type.
            #expect(answer.mediaType == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        }
    }

    @Test func `The server creates, lists and watches ten thousand objects`() async throws {
        try await with { _, space in
            let count = 10_000
            try await withThrowingTaskGroup { group in
                for part in 0..<10 {
                    group.addTask {
                        for number in 0..<(count / 10) {
                            try await space.create(.configMaps, space.configMap("c-\(part)-\(number)", ["k": "v"]))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let list = try await space.raw("GET", space.path(.configMaps))
            #expect(list.body["items"]?.array?.count == count)
            var seen = 0
            for try await event in try await space.client.watch(
                .configMaps, namespace: space.namespace, WatchQuery(sendInitialEvents: true))
            {
                if case .added = event { seen += 1 }
                if case .bookmark(_, true) = event { break }
            }
            #expect(seen == count)
        }
    }
}
