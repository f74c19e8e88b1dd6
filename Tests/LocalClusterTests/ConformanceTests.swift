import Kube
import KubeClient
import TestSupport
import Testing

/// What clients rely on, tested with both servers.
@Suite("Conformance with kube-apiserver", .servers) struct ConformanceTests {}

extension ConformanceTests {
    @Test(arguments: ServerKind.available)
    func `A new object gets a UID, a time and a resource version, and can be read, listed and deleted`(
        _ kind: ServerKind
    ) async throws {
        try await Workspace.with(kind) { space in
            let made = try await space.create(.configMaps, space.configMap("a", ["k": "v"]))
            #expect(made.uid?.utf8.count == 36)
            #expect(made.json["metadata", "creationTimestamp"]?.string.flatMap { Timestamp($0) } != nil)
            #expect(made.json["metadata", "managedFields"]?[0]?["operation"] == "Update")
            #expect(try await space.client.get(.configMaps, space.key("a")) == made)
            #expect(
                try await space.client.list(.configMaps, namespace: space.namespace).items.map(\.name).contains("a"))
            let deleted = try await space.raw("DELETE", space.path(.configMaps, "a"))
            #expect(deleted.body["kind"] == "Status" && deleted.body["details", "uid"]?.string == made.uid)
            let missing = try await failure { try await space.client.get(.configMaps, space.key("a")) }
            #expect(missing.json == APIStatus.notFound(.configMaps, "a").json)
        }
    }

    @Test(arguments: ServerKind.available)
    func `The server refuses an invalid object and names the reason`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.configMaps, space.configMap("a"))
            let twice = try await failure { try await space.create(.configMaps, space.configMap("a")) }
            #expect(twice.json == APIStatus.alreadyExists(.configMaps, "a").json)
            let nowhere = try await failure {
                try await space.create(.configMaps, Object(.configMaps, namespace: "none-such", name: "a"))
            }
            #expect(nowhere.json == APIStatus.notFound(.namespaces, "none-such").json)
            let misnamed = try await failure { try await space.create(.configMaps, space.configMap("No_Name")) }
            #expect(misnamed.code == 422 && misnamed.reason == "Invalid")
            #expect(misnamed.details?["causes"]?[0]?["field"] == "metadata.name")
            #expect(
                misnamed.message.hasPrefix(
                    "ConfigMap \"No_Name\" is invalid: metadata.name: Invalid value: \"No_Name\": a lowercase RFC 1123 subdomain must"
                ))
            let nameless = try await failure { try await space.create(.configMaps, space.configMap("")) }
            #expect(nameless.message.contains("name or generateName is required"))
            let labelled = try await failure {
                try await space.create(.configMaps, space.configMap("b", labels: ["x": "no blanks"]))
            }
            #expect(labelled.details?["causes"]?[0]?["field"] == "metadata.labels")
        }
    }

    @Test(arguments: ServerKind.available)
    func `The server refuses an update of a stale version and of another UID`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let first = try await space.create(.configMaps, space.configMap("a"))
            var second = first
            second.json["data"] = ["k": "2"]
            let updated = try await space.client.update(.configMaps, second)
            #expect(updated.resourceVersion != first.resourceVersion)
            let stale = try await failure { try await space.client.update(.configMaps, second) }
            #expect(stale.json == APIStatus.modified(.configMaps, "a").json)
            var other = updated
            other.json["metadata", "uid"] = "00000000-0000-0000-0000-000000000000"
            let wrong = try await failure { try await space.client.update(.configMaps, other) }
            #expect(wrong.code == 409 && wrong.message.contains("Precondition failed: UID in precondition"))
            let same = try await space.client.update(.configMaps, updated)
            #expect(same.resourceVersion == updated.resourceVersion, "an update without changes writes nothing")
        }
    }

    @Test(arguments: ServerKind.available)
    func `The generation counts changes of the spec, and only the status subresource changes the status`(
        _ kind: ServerKind
    ) async throws {
        try await Workspace.with(kind) { space in
            try await Widgets.install(space)
            var widget = Widgets.widget(space, "a")
            widget.json["status"] = ["phase": "made up"]
            let made = try await space.create(Widgets.resource, widget)
            #expect(made.generation == 1 && made.json["status"] == nil)
            let status = try await space.client.patch(
                Widgets.resource, space.key("a"), .merge, body: ["status": ["phase": "on"], "spec": ["size": "large"]],
                subresource: "status")
            #expect(status.generation == 1 && status.json["status", "phase"] == "on")
            #expect(status.json["spec", "size"] == "small")
            let spec = try await space.client.patch(
                Widgets.resource, space.key("a"), .merge, body: ["status": ["phase": "off"], "spec": ["size": "large"]])
            #expect(spec.generation == 2 && spec.json["status", "phase"] == "on")
            let label = try await space.client.patch(
                Widgets.resource, space.key("a"), .merge, body: ["metadata": ["labels": ["x": "y"]]])
            #expect(label.generation == 2)
        }
    }

    @Test(arguments: ServerKind.available)
    func `The server validates, defaults and prunes custom resources`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await Widgets.install(space)
            let wrong = try await failure {
                try await space.create(Widgets.resource, Widgets.widget(space, "a", ["size": "huge", "replicas": -1]))
            }
            #expect(wrong.code == 422)
            #expect(
                wrong.message.contains(#"spec.size: Unsupported value: "huge": supported values: "small", "large""#))
            let fields = (wrong.details?["causes"]?.array ?? []).compactMap { $0["field"]?.string }
            #expect(Set(fields).isSuperset(of: ["spec.size", "spec.replicas"]))
            let lacking = try await failure {
                try await space.create(Widgets.resource, Widgets.widget(space, "a", [:]))
            }
            #expect(lacking.message.contains("spec.size: Required value"))

            let body = Widgets.widget(space, "a", ["size": "small", "colour": "red"])
            let strict = try await space.raw(
                "POST", space.path(Widgets.resource), query: [("fieldValidation", "Strict")], body.json)
            #expect(strict.code == 400)
            #expect(
                strict.body["message"]?.string?.contains(#"strict decoding error: unknown field "spec.colour""#) == true
            )
            let warned = try await space.raw("POST", space.path(Widgets.resource), body.json)
            #expect(warned.code == 201)
            #expect(warned.response.headers.values(of: "warning") == [#"299 - "unknown field \"spec.colour\"""#])
            #expect(warned.body["spec"] == ["size": "small", "replicas": 1])
        }
    }

    @Test(arguments: ServerKind.available)
    func `Appliers own the fields that they apply, and conflict over them`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            func apply(_ data: [String: String], _ manager: String, force: Bool = false) async throws -> Object {
                try await space.client.apply(
                    .configMaps, space.configMap("a", data), fieldManager: manager, force: force)
            }
            let first = try await apply(["k": "1", "l": "1"], "one")
            #expect(try await apply(["k": "1", "l": "1"], "one") == first, "an update without changes writes nothing")
            let conflict = try await failure { try await apply(["k": "2"], "two") }
            #expect(conflict.code == 409)
            #expect(conflict.message == #"Apply failed with 1 conflict: conflict with "one": .data.k"#)
            #expect(conflict.details?["causes"]?[0]?["reason"] == "FieldManagerConflict")
            #expect(try await apply(["k": "2"], "two", force: true).json["data"] == ["k": "2", "l": "1"])
            #expect(try await apply(["k": "2"], "one").json["data"] == ["k": "2"])
        }
    }

    @Test(arguments: ServerKind.available)
    func `The pages of a list show the same state`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            for name in ["a", "b", "c", "d", "e"] {
                try await space.create(.secrets, Object(.secrets, namespace: space.namespace, name: name))
            }
            let first = try await space.client.list(.secrets, namespace: space.namespace, ListQuery(limit: 2))
            #expect(first.items.map(\.name) == ["a", "b"] && first.remaining == 3)
            _ = try await space.client.delete(.secrets, space.key("d"))
            try await space.create(.secrets, Object(.secrets, namespace: space.namespace, name: "cc"))
            let token = try #require(first.continueToken)
            let rest = try await space.client.list(
                .secrets, namespace: space.namespace, ListQuery(limit: 10, continueToken: token))
            #expect(rest.items.map(\.name) == ["c", "d", "e"], "the state at the time of the first page")
            #expect(rest.resourceVersion == first.resourceVersion && rest.continueToken == nil)
            let exact = try await space.client.list(
                .secrets, namespace: space.namespace,
                ListQuery(resourceVersion: first.resourceVersion, resourceVersionMatch: "Exact"))
            #expect(exact.items.map(\.name) == ["a", "b", "c", "d", "e"])
        }
    }

    @Test(arguments: ServerKind.available)
    func `Lists select objects by labels and fields`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.configMaps, space.configMap("a", labels: ["app": "x", "tier": "1"]))
            try await space.create(.configMaps, space.configMap("b", labels: ["app": "y", "tier": "1"]))
            try await space.create(.configMaps, space.configMap("c", labels: ["tier": "2"]))
            func names(_ labels: String?, _ fields: String? = nil) async throws -> [String] {
                try await space.client.list(
                    .configMaps, namespace: space.namespace, ListQuery(labelSelector: labels, fieldSelector: fields)
                ).items.map(\.name)
            }
            #expect(try await names("app=x") == ["a"])
            #expect(try await names("app!=x,tier") == ["b", "c"])
            #expect(try await names("app in (x, y),tier==1") == ["a", "b"])
            #expect(try await names("app notin (x),!none") == ["b", "c"])
            #expect(try await names("!app,tier") == ["c"])
            #expect(try await names(nil, "metadata.name=b") == ["b"])
            #expect(try await names("tier=1", "metadata.name!=a") == ["b"])
            let unknown = try await failure { try await names(nil, "data.k=v") }
            #expect(unknown.code == 400 && unknown.message.contains(#""data.k" is not a known field selector"#))
            #expect(try await failure { try await names("a in x") }.code == 400)
        }
    }
}
