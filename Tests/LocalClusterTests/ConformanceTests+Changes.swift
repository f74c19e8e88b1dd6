import Kube
import KubeClient
import TestSupport
import Testing

extension ConformanceTests {
    @Test(arguments: ServerKind.available)
    func `A watch sends each change as its selector makes it visible`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let start = try await space.client.list(.configMaps, namespace: space.namespace).resourceVersion
            let events = try await space.client.watch(
                .configMaps, namespace: space.namespace, WatchQuery(labelSelector: "on=yes", resourceVersion: start))
            try await space.create(.configMaps, space.configMap("a", labels: ["on": "yes"]))
            try await space.create(.configMaps, space.configMap("b", labels: ["on": "no"]))
            for value in ["no", "yes"] {
                for name in ["a", "b"] {
                    _ = try await space.client.patch(
                        .configMaps, space.key(name), .merge, body: ["metadata": ["labels": ["on": .string(value)]]])
                }
            }
            _ = try await space.client.patch(.configMaps, space.key("a"), .merge, body: ["data": ["k": "v"]])
            _ = try await space.client.delete(.configMaps, space.key("a"))
            var seen: [String] = []
            for try await event in events {
                switch event {
                case .added(let object): seen.append("+\(object.name)")
                case .modified(let object): seen.append("~\(object.name)")
                case .deleted(let object): seen.append("-\(object.name) \(object.labels["on"] ?? "")")
                default: continue
                }
                if seen.count == 6 { break }
            }
            #expect(seen == ["+a", "-a yes", "+a", "+b", "~a", "-a yes"])
        }
    }

    @Test(arguments: ServerKind.available)
    func `A streaming list marks the end of the initial state`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            for name in ["a", "b"] {
                try await space.create(.secrets, Object(.secrets, namespace: space.namespace, name: name))
            }
            let events = try await space.client.watch(
                .secrets, namespace: space.namespace, WatchQuery(sendInitialEvents: true))
            var seen: [String] = []
            loop: for try await event in events {
                switch event {
                case .added(let object): seen.append(object.name)
                case .bookmark(let version, true):
                    #expect(Int(version) ?? 0 > 0)
                    break loop
                default: seen.append("\(event)")
                }
            }
            #expect(seen == ["a", "b"])
        }
    }

    @Test(arguments: ServerKind.available)
    func `A watch ends after its timeout`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let events = try await space.client.watch(
                .secrets, namespace: space.namespace, WatchQuery(resourceVersion: "0", timeout: .seconds(1)))
            for try await event in events {
                if case .error(let status) = event { Issue.record("\(status)") }
            }
        }
    }

    @Test(arguments: ServerKind.available)
    func `The server applies patches of every type`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.deployments, space.deployment("a"))
            let strategic = try await space.client.patch(
                .deployments, space.key("a"), .strategic,
                body: [
                    "spec": ["template": ["spec": ["containers": [["name": "side", "image": "example.com/side:1"]]]]]
                ])
            let containers = strategic.json["spec", "template", "spec", "containers"]?.array ?? []
            #expect(Set(containers.compactMap { $0["name"]?.string }) == ["main", "side"])
            #expect(strategic.generation == 2)
            let json = try await space.client.patch(
                .deployments, space.key("a"), .json,
                body: [["op": "replace", "path": "/spec/replicas", "value": 3]])
            #expect(json.json["spec", "replicas"] == 3)
            let tested = try await failure {
                try await space.client.patch(
                    .deployments, space.key("a"), .json, body: [["op": "test", "path": "/spec/replicas", "value": 9]])
            }
            #expect(tested.code == 422 && tested.reason == "Invalid")
            let merged = try await space.client.patch(
                .deployments, space.key("a"), .merge, body: ["metadata": ["annotations": ["x": "y"]]])
            #expect(merged.annotations["x"] == "y")
            try await Widgets.install(space)
            try await space.create(Widgets.resource, Widgets.widget(space, "w"))
            let unsupported = try await failure {
                try await space.client.patch(Widgets.resource, space.key("w"), .strategic, body: ["spec": [:]])
            }
            #expect(unsupported.code == 415)
        }
    }

    @Test(arguments: ServerKind.available)
    func `An object with finalizers stays until they are removed`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            var object = space.configMap("a")
            object.json["metadata", "finalizers"] = ["example.com/first"]
            let made = try await space.create(.configMaps, object)
            _ = try await space.client.delete(.configMaps, space.key("a"))
            let waiting = try await space.client.get(.configMaps, space.key("a"))
            #expect(waiting.isBeingDeleted && waiting.uid == made.uid)
            let more = try await failure {
                try await space.client.patch(
                    .configMaps, space.key("a"), .merge,
                    body: ["metadata": ["finalizers": ["example.com/first", "example.com/second"]]])
            }
            #expect(
                more.code == 422
                    && more.message.contains("no new finalizers can be added if the object is being deleted"))
            _ = try await space.client.patch(
                .configMaps, space.key("a"), .merge, body: ["metadata": ["finalizers": []]])
            #expect(try await failure { try await space.client.get(.configMaps, space.key("a")) }.code == 404)
        }
    }

    @Test(arguments: ServerKind.available)
    func `A deletion can require a UID and a resource version`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let made = try await space.create(.configMaps, space.configMap("a"))
            for options in [
                DeleteOptions(uid: "00000000-0000-0000-0000-000000000000"), DeleteOptions(resourceVersion: "1"),
            ] {
                let status = try await failure { try await space.client.delete(.configMaps, space.key("a"), options) }
                #expect(status.code == 409 && status.message.contains("in the precondition"))
            }
            _ = try await space.client.delete(
                .configMaps, space.key("a"), DeleteOptions(uid: made.uid, resourceVersion: made.resourceVersion))
        }
    }

    @Test(arguments: ServerKind.available)
    func `A dry run changes nothing`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let tried = try await space.client.create(.configMaps, space.configMap("a"), WriteOptions(dryRun: true))
            #expect(tried.uid != nil)
            #expect(try await failure { try await space.client.get(.configMaps, space.key("a")) }.code == 404)
            let made = try await space.create(.configMaps, space.configMap("a"))
            let patched = try await space.client.patch(
                .configMaps, space.key("a"), .merge, body: ["data": ["k": "v"]], WriteOptions(dryRun: true))
            #expect(patched.json["data", "k"] == "v")
            _ = try await space.client.delete(.configMaps, space.key("a"), DeleteOptions(dryRun: true))
            #expect(try await space.client.get(.configMaps, space.key("a")) == made)
        }
    }

    @Test(arguments: ServerKind.available)
    func `A client reads and sets replicas through the scale subresource`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.deployments, space.deployment("a", replicas: 2))
            let scale = try await space.client.get(.deployments, space.key("a"), subresource: "scale")
            #expect(scale.kind == "Scale" && scale.json["spec", "replicas"] == 2)
            #expect(scale.json["status", "selector"] == "app=a")
            try await Widgets.install(space)
            try await space.create(Widgets.resource, Widgets.widget(space, "w"))
            for resource in [(Resource.deployments, "a"), (Widgets.resource, "w")] {
                let answer = try await space.client.patch(
                    resource.0, space.key(resource.1), .merge, body: ["spec": ["replicas": 5]], subresource: "scale")
                #expect(answer.json["spec", "replicas"] == 5)
                let object = try await space.client.get(resource.0, space.key(resource.1))
                #expect(object.json["spec", "replicas"] == 5 && object.generation == 2)
            }
        }
    }

    @Test(arguments: ServerKind.available)
    func `A client that asks for tables or metadata gets them`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await Widgets.install(space)
            try await space.create(Widgets.resource, Widgets.widget(space, "w"))
            let table = try await space.raw(
                "GET", space.path(Widgets.resource),
                accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
            #expect(table.body["kind"] == "Table")
            let names = (table.body["columnDefinitions"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(names == ["Name", "Size", "Ready"])
            #expect(table.body["rows"]?[0]?["cells"]?[1] == "small")
            #expect(table.body["rows"]?[0]?["object", "kind"] == "PartialObjectMetadata")
            let list = try await space.client.list(
                Widgets.resource, namespace: space.namespace, ListQuery(metadataOnly: true))
            #expect(list.items.map(\.name) == ["w"] && list.items[0].json["spec"] == nil)
        }
    }

    @Test(arguments: ServerKind.available)
    func `The server generates names, encodes the text of secrets and refuses changes to immutable fields`(
        _ kind: ServerKind
    ) async throws {
        try await Workspace.with(kind) { space in
            let made = try await space.create(
                .configMaps, Object(["metadata": ["generateName": "made-", "namespace": .string(space.namespace)]]))
            #expect(made.name.hasPrefix("made-") && made.name.utf8.count == 10)
            let secret = try await space.create(
                .secrets, Object(.secrets, namespace: space.namespace, name: "s", ["stringData": ["k": "hello"]]))
            #expect(secret.json["data", "k"] == "aGVsbG8=" && secret.json["stringData"] == nil)
            #expect(secret.json["type"] == "Opaque")
            try await space.create(.deployments, space.deployment("a"))
            let fixed = try await failure {
                try await space.client.patch(
                    .deployments, space.key("a"), .json,
                    body: [
                        ["op": "add", "path": "/spec/selector/matchLabels/x", "value": "y"],
                        ["op": "add", "path": "/spec/template/metadata/labels/x", "value": "y"],
                    ])
            }
            #expect(fixed.code == 422 && fixed.message.contains("field is immutable"))
        }
    }
}
