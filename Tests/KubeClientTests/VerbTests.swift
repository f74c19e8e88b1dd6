import Kube
@testable import KubeClient
import TestSupport
import Testing

@Suite("Verbs", .timeLimit(.minutes(5))) struct VerbTests {
    let key = ObjectKey(namespace: "default", name: "a")

    @Test func `An object can be read`() async throws {
        try await withServer { request, reply in
            try await reply.json(configMap("a"))
        } test: { client, server in
            let object = try await client.get(.configMaps, key)
            #expect(object.json == configMap("a"))
            let request = try #require(server.requests.first)
            #expect(request.method == "GET")
            #expect(request.target == "/api/v1/namespaces/default/configmaps/a")
            #expect(request.header("User-Agent") == "tributary")
            #expect(request.header("Accept") == "application/json")
            #expect(request.header("Authorization") == nil)
        }
    }

    @Test func `Reading a missing object throws the Status of the API`() async throws {
        let status = APIStatus.notFound(.configMaps, "a")
        try await withServer { _, reply in
            try await reply.json(status.json, status: 404)
        } test: { client, _ in
            await #expect(throws: status) { try await client.get(.configMaps, key) }
        }
    }

    @Test func `A list is read page by page and its items have their kind`() async throws {
        try await withServer { request, reply in
            var item = configMap(request.query["continue"] ?? "a")
            item["kind"] = nil
            item["apiVersion"] = nil
            let isLast = request.query["continue"] == "c"
            let next: [String: String] = ["a": "b", "b": "c"]
            let metadata: JSON = [
                "resourceVersion": "7",
                "continue": isLast ? "" : .string(next[request.query["continue"] ?? "a"] ?? ""),
                "remainingItemCount": isLast ? nil : 2,
            ]
            try await reply.json(["kind": "ConfigMapList", "metadata": metadata, "items": [item]])
        } test: { client, server in
            let page = try await client.list(.configMaps, namespace: "default", ListQuery(limit: 1))
            #expect(page.items.map(\.json) == [configMap("a")])
            #expect(page.continueToken == "b" && page.resourceVersion == "7" && page.remaining == 2)
            let all = try await client.listAll(
                .configMaps, ListQuery(labelSelector: "app in (a, b),x=y", fieldSelector: "metadata.name!=é", limit: 1))
            #expect(all.items.map(\.name) == ["a", "b", "c"])
            #expect(all.items.allSatisfy { $0.kind == "ConfigMap" && $0.apiVersion == "v1" })
            #expect(all.continueToken == nil)
            let request = try #require(server.requests.last)
            #expect(request.path == "/api/v1/configmaps")
            #expect(request.query["labelSelector"] == "app in (a, b),x=y")
            #expect(request.query["fieldSelector"] == "metadata.name!=é")
            #expect(request.target.contains("labelSelector=app%20in%20%28a%2C%20b%29%2Cx%3Dy"))
        }
    }

    @Test func `A list that expires between pages is read in one piece`() async throws {
        try await withServer { request, reply in
            if request.query["continue"] != nil {
                try await reply.json(APIStatus.expired("too old").json, status: 410)
            } else {
                let token: JSON = request.query["limit"] == nil ? "" : "b"
                try await reply.json([
                    "metadata": ["continue": token, "resourceVersion": "1"], "items": [configMap("a")],
                ])
            }
        } test: { client, _ in
            let all = try await client.listAll(.configMaps)
            #expect(all.items.map(\.name) == ["a"])
        }
    }

    @Test func `An object is applied with its field manager`() async throws {
        try await withServer { request, reply in
            try await reply.json(request.json, status: 201)
        } test: { client, server in
            let object = Object(.configMaps, namespace: "default", name: "a", ["data": ["k": "v"]])
            let result = try await client.apply(
                .configMaps, object, fieldManager: "tributary", force: true, dryRun: true, fieldValidation: .strict)
            #expect(result == object)
            let request = try #require(server.requests.first)
            #expect(request.method == "PATCH")
            #expect(request.header("Content-Type") == "application/apply-patch+yaml")
            #expect(request.header("Expect") == nil)
            #expect(
                request.query == [
                    "fieldManager": "tributary", "force": "true", "dryRun": "All", "fieldValidation": "Strict",
                ])
            try await client.apply(.configMaps, object, fieldManager: "tributary", force: false, subresource: "status")
            #expect(
                server.requests.last?.target == "/api/v1/namespaces/default/configmaps/a/status?fieldManager=tributary")
        }
    }

    @Test(arguments: [
        (PatchKind.merge, "application/merge-patch+json"), (.json, "application/json-patch+json"),
        (.strategic, "application/strategic-merge-patch+json"), (.apply, "application/apply-patch+yaml"),
    ])
    func `A patch has the media type of its kind`(kind: PatchKind, type: String) async throws {
        try await withServer { request, reply in
            try await reply.json(configMap("a"))
        } test: { client, server in
            let body: JSON = [["op": "remove", "path": "/data/k"]]
            try await client.patch(.configMaps, key, kind, body: body, WriteOptions(fieldManager: "m"))
            let request = try #require(server.requests.first)
            #expect(request.header("Content-Type") == type)
            #expect(request.json == body)
            #expect(request.query == ["fieldManager": "m"])
        }
    }

    @Test func `Objects can be created, replaced and deleted`() async throws {
        try await withServer { request, reply in
            switch (request.method, request.path) {
            case ("DELETE", "/api/v1/namespaces/default/configmaps/gone"):
                try await reply.json(APIStatus.success(.configMaps, "gone").json)
            default: try await reply.json(configMap("a"))
            }
        } test: { client, server in
            let object = Object(configMap("a"))
            let created = try await client.create(.configMaps, object)
            let updated = try await client.update(.configMaps, object, subresource: "status")
            #expect(created == object && updated == object)
            let options = DeleteOptions(
                uid: "u", resourceVersion: "7", propagation: .foreground, gracePeriodSeconds: 0, dryRun: true)
            let kept = try await client.delete(.configMaps, key, options)
            let gone = try await client.delete(.configMaps, ObjectKey(namespace: "default", name: "gone"))
            #expect(kept == object && gone == nil)
            let requests = server.requests
            #expect(requests.map(\.method) == ["POST", "PUT", "DELETE", "DELETE"])
            #expect(requests[0].path == "/api/v1/namespaces/default/configmaps")
            #expect(requests[1].path == "/api/v1/namespaces/default/configmaps/a/status")
            #expect(
                requests[2].json == [
                    "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": ["uid": "u", "resourceVersion": "7"],
                    "propagationPolicy": "Foreground", "gracePeriodSeconds": 0, "dryRun": ["All"],
                ])
            #expect(requests[3].json == ["apiVersion": "v1", "kind": "DeleteOptions"])
        }
    }

    @Test func `A raw request returns any response`() async throws {
        try await withServer { request, reply in
            try await reply.respond(418, headers: [("X-A", "1"), ("X-A", "2")], Array("teapot".utf8))
        } test: { client, server in
            let response = try await client.raw(
                method: "PUT", path: "/x/y%20z", query: [("a", "b&c")], headers: [("X-B", "v")], body: Array("{}".utf8))
            #expect(response.status == 418)
            #expect(response.headers.values(of: "x-a") == ["1", "2"])
            #expect(response.body == Array("teapot".utf8))
            let request = try #require(server.requests.first)
            #expect(request.target == "/x/y%20z?a=b%26c")
            #expect(request.header("X-B") == "v")
            let head = try await client.raw(method: "HEAD", path: "/healthz")
            #expect(head.body.isEmpty)
            let empty = try await client.raw(method: "POST", path: "/empty", body: [])
            #expect(empty.status == 418)
            #expect(server.requests.last?.header("Content-Length") == "0")
        }
    }

    @Test(arguments: ["", ".", "..", "a/b", "a%2f"])
    func `An invalid object name is refused before the request is sent`(name: String) async throws {
        try await withServer { _, reply in
            try await reply.json([:])
        } test: { client, server in
            let error = await caught { try await client.get(.configMaps, ObjectKey(namespace: "default", name: name)) }
            #expect((error as? KubeClientError)?.code == .invalidRequest)
            _ = await caught { try await client.get(.configMaps, ObjectKey(namespace: name, name: "a")) }
            _ = await caught { try await client.list(.configMaps, namespace: name) }
            _ = await caught { try await client.get(.configMaps, key, subresource: name) }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `A name with special characters stays one segment of the path`() async throws {
        try await withServer { _, reply in
            try await reply.json([:])
        } test: { client, server in
            _ = try await client.get(.clusterRoles, ObjectKey(namespace: "", name: "system:a b?c#d"))
            #expect(
                server.requests.first?.target
                    == "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:a%20b%3Fc%23d")
        }
    }

    @Test(arguments: ["x", "/a b", "/a?b", "/a\r\nX: y"])
    func `A raw path that could become another request is refused`(path: String) async throws {
        try await withServer { _, reply in
            try await reply.json([:])
        } test: { client, server in
            let error = await caught { try await client.raw(method: "GET", path: path) }
            #expect((error as? KubeClientError)?.code == .invalidRequest)
            #expect(message(error).contains("\n") == false)
            let header = await caught { try await client.raw(method: "GET", path: "/", headers: [("X", "a\r\nY: b")]) }
            #expect((header as? KubeClientError)?.code == .invalidRequest)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `The path of the server's URL precedes API paths`() async throws {
        let server = try await ScriptedServer.start { _, reply in try await reply.json(configMap("a")) }
        let cluster = try ClusterConfiguration(server: server.url + "/k8s/clusters/c-1/")
        let client = KubeClient(cluster, logger: quiet)
        _ = try await client.get(.configMaps, key)
        #expect(server.requests.first?.path == "/k8s/clusters/c-1/api/v1/namespaces/default/configmaps/a")
        await client.shutdown()
        await server.stop()
    }

    @Test func `Metadata-only objects have their own kind`() async throws {
        try await withServer { request, reply in
            let item: JSON = [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": ["name": "a"],
            ]
            if request.query["watch"] == "true" {
                try await reply.watch()
                try await reply.event("ADDED", item)
            } else {
                try await reply.json(["kind": "PartialObjectMetadataList", "metadata": [:], "items": [item]])
            }
        } test: { client, server in
            let list = try await client.list(.configMaps, ListQuery(metadataOnly: true))
            #expect(list.items.first?.kind == "ConfigMap" && list.items.first?.apiVersion == "v1")
            for try await event in try await client.watch(.configMaps, WatchQuery(metadataOnly: true)) {
                #expect(event == .added(Object(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"]])))
            }
            #expect(
                server.requests.map { $0.header("Accept") } == [
                    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
                    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
                ])
        }
    }

    @Test func `Every attempt is reported for metrics`() async throws {
        let seen = Locked<[String]>([])
        let options = KubeClient.Options { method, host, code in
            seen.withLock { $0.append("\(method) \(host) \(code.map(String.init) ?? "none")") }
        }
        try await withServer(options: options) { request, reply in
            if request.number == 1 { reply.drop() } else { try await reply.json(configMap("a")) }
        } test: { client, server in
            _ = await caught { try await client.get(.configMaps, key) }
            _ = try await client.get(.configMaps, key)
            #expect(seen.withLock { $0 } == ["GET 127.0.0.1:\(server.port) none", "GET 127.0.0.1:\(server.port) 200"])
        }
    }
}
