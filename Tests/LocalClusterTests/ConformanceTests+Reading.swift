import Kube
import KubeClient
import TestSupport
import Testing

extension ConformanceTests {
    @Test(arguments: ServerKind.available)
    func `A request for a named object reads it, even with watch in the query`(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            let made = try await space.create(.configMaps, space.configMap("a"))
            let answer = try await space.raw(
                "GET", space.path(.configMaps, "a"), query: [("watch", "true"), ("timeoutSeconds", "1")])
            #expect(answer.body["metadata", "uid"]?.string == made.uid)
        }
    }

    @Test(arguments: ServerKind.available)
    func `Only false and 0 turn a boolean parameter off`(_ kind: ServerKind) async throws {
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
    func `Field selectors match the zero values of absent fields and understand escaped characters`(_ kind: ServerKind)
        async throws
    {
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
    func `Label selectors match empty values, and labels named like operators`(_ kind: ServerKind) async throws {
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
}
