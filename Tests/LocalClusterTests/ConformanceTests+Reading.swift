import Kube
import KubeClient
import TestSupport
import Testing

extension ConformanceTests {
    @Test(arguments: ServerKind.available)
    func `a named object is read, not watched, whatever the query says`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let made = try await space.create(.configMaps, space.configMap("a"))
            let answer = try await space.raw(
                "GET", space.path(.configMaps, "a"), query: [("watch", "true"), ("timeoutSeconds", "1")])
            #expect(answer.body["metadata", "uid"]?.string == made.uid)
        }
    }

    @Test(arguments: ServerKind.available)
    func `only false and 0 turn a flag off`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.configMaps, space.configMap("a"))
            for text in ["False", "0"] {
                let list = try await space.raw("GET", space.path(.configMaps), query: [("watch", text)])
                #expect(list.body["kind"] == "ConfigMapList")
            }
            let watch = try await space.raw(
                "GET", space.path(.configMaps), query: [("watch", "f"), ("timeoutSeconds", "1")])
            #expect(String(decoding: watch.response.body, as: UTF8.self).hasPrefix(#"{"type":"ADDED""#))
        }
    }

    @Test(arguments: ServerKind.available)
    func `field selectors know the zero values of fields and escaped characters`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let node = try await space.create(.nodes, Object(.nodes, name: space.namespace))
            func names(_ fields: String) async throws -> [String] {
                try await space.client.list(.nodes, ListQuery(fieldSelector: "metadata.name=\(node.name),\(fields)"))
                    .items.map(\.name)
            }
            #expect(try await names("spec.unschedulable=false") == [node.name])
            #expect(try await names("spec.unschedulable!=false") == [])
            #expect(try await names(#"metadata.name!=a\,b"#) == [node.name])
            #expect(try await names("") == [node.name])
            _ = try await space.client.delete(.nodes, node.key)
        }
    }

    @Test(arguments: ServerKind.available)
    func `label selectors know empty values and keys that are words of the grammar`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.configMaps, space.configMap("a", labels: ["in": "x", "empty": ""]))
            func names(_ labels: String) async throws -> [String] {
                try await space.client.list(
                    .configMaps, namespace: space.namespace, ListQuery(labelSelector: labels)
                ).items.map(\.name)
            }
            #expect(try await names("in in (x,)") == ["a"])
            #expect(try await names("empty=") == ["a"])
            #expect(try await names("empty in ()") == ["a"])
            #expect(try await names("empty notin (,)") == [])
            #expect(try await names(" ! other , in ") == ["a"])
        }
    }

    @Test(arguments: ServerKind.available)
    func `a watch with a timeout of 0 lasts as long as one without a timeout`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let start = try await space.create(.configMaps, space.configMap("a")).resourceVersion
            let events = try await space.client.watch(
                .configMaps, namespace: space.namespace, WatchQuery(resourceVersion: start, timeout: .zero))
            _ = try await space.client.delete(.configMaps, space.key("a"))
            var isDeleted = false
            for try await event in events {
                if case .deleted = event {
                    isDeleted = true
                    break
                }
            }
            #expect(isDeleted)
        }
    }
}
