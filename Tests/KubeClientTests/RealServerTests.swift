import Kube
@testable import KubeClient
import TestSupport
import Testing

/// Checks the responses of the scripted server against a real kube-apiserver.
@Suite(
    "A real API server", .enabled(if: RealAPIServer.assets != nil, "kube-apiserver and etcd are installed"),
    .timeLimit(.minutes(5)))
struct RealServerTests {
    private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }
    private func object(_ name: String, _ data: JSON = ["k": "v"]) -> Object {
        Object(.configMaps, namespace: "default", name: name, labels: ["app": "test"], ["data": data])
    }

    @Test func `Reads, writes and watches work with a real API server`() async throws {
        let server = try await RealAPIServer()
        let (logger, lines) = keptLogger()
        do {
            let cluster = try ClusterConfiguration.load(kubeconfig: server.kubeconfig)
            let client = KubeClient(cluster, logger: logger)
            do {
                try await writes(client)
                try await reads(client)
                try await watches(client)
                try await denies(server, client)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        #expect(lines.withLock { $0 }.allSatisfy { $0.contains("warns: unknown field") }, "\(lines.withLock { $0 })")
    }

    private func writes(_ client: KubeClient) async throws {
        let made = try await client.apply(.configMaps, object("a"), fieldManager: "tributary", force: true)
        #expect(made.uid != nil && made.json["metadata", "managedFields"] != nil)
        let same = try await client.apply(.configMaps, object("a"), fieldManager: "tributary", force: true)
        #expect(same.resourceVersion == made.resourceVersion)
        let conflict = await caught {
            try await client.apply(.configMaps, object("a", ["k": "w"]), fieldManager: "other", force: false)
        }
        #expect((conflict as? APIStatus)?.isConflict == true)
        let exists = await caught { try await client.create(.configMaps, object("a")) }
        #expect((exists as? APIStatus)?.isAlreadyExists == true)
        let patched = try await client.patch(.configMaps, key("a"), .merge, body: ["data": ["m": "1"]])
        #expect(patched.json["data"] == ["k": "v", "m": "1"])
        let operations: JSON = [["op": "remove", "path": "/data/m"]]
        let removed = try await client.patch(.configMaps, key("a"), .json, body: operations)
        #expect(removed.json["data"] == ["k": "v"])
        try await client.patch(.configMaps, key("a"), .strategic, body: ["data": ["s": "1"]])
        let stale = await caught { try await client.update(.configMaps, made) }
        #expect((stale as? APIStatus)?.isConflict == true)
        let wrong = await caught { try await client.delete(.configMaps, key("a"), DeleteOptions(uid: "other")) }
        #expect((wrong as? APIStatus)?.isConflict == true)
        let strict = await caught {
            var unknown = object("b")
            unknown.json["spek"] = [:]
            return try await client.apply(
                .configMaps, unknown, fieldManager: "tributary", force: true, fieldValidation: .strict)
        }
        #expect(strict is APIStatus)
        let gone = try await client.delete(.configMaps, key("a"), DeleteOptions(uid: made.uid))
        #expect(gone == nil)
        let missing = await caught { try await client.get(.configMaps, key("a")) }
        #expect((missing as? APIStatus)?.isNotFound == true && (missing as? APIStatus)?.details != nil)
    }

    private func reads(_ client: KubeClient) async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<60 { group.addTask { try await client.create(.configMaps, object("n\(number)")) } }
            try await group.waitForAll()
        }
        let query = ListQuery(labelSelector: "app=test", limit: 25)
        let page = try await client.list(.configMaps, namespace: "default", query)
        #expect(page.items.count == 25 && page.continueToken != nil)
        let all = try await client.listAll(.configMaps, namespace: "default", query)
        #expect(all.items.count == 60 && all.items.allSatisfy { $0.kind == "ConfigMap" && $0.apiVersion == "v1" })
        let metadata = try await client.list(
            .configMaps, namespace: "default", ListQuery(labelSelector: "app=test", metadataOnly: true))
        #expect(metadata.items.count == 60 && metadata.items.allSatisfy { $0.json["data"] == nil })
        let unknown = Resource(group: "example.com", version: "v1", kind: "None", plural: "nones")
        let error = await caught { try await client.list(unknown) }
        #expect((error as? APIStatus)?.isNotFound == true, "\(message(error))")
        // Larger than 128 KiB, the size from which the API server compresses.
        try await client.create(.configMaps, object("big", ["k": .string(String(repeating: "x", count: 700_000))]))
        let big = try await client.get(.configMaps, key("big"))
        #expect(big.json["data", "k"]?.string?.utf8.count == 700_000)
    }

    private func watches(_ client: KubeClient) async throws {
        let initial = WatchQuery(labelSelector: "app=test", sendInitialEvents: true)
        var version = ""
        var names: Set<String> = []
        for try await event in try await client.watch(.configMaps, namespace: "default", initial) {
            if case .added(let object) = event { names.insert(object.name) }
            if case .bookmark(let seen, initialEventsEnd: true) = event {
                version = seen
                break
            }
        }
        #expect(names.count == 61 && !version.isEmpty)
        let watch = try await client.watch(
            .configMaps, namespace: "default", WatchQuery(resourceVersion: version, timeout: .seconds(60)))
        try await client.patch(.configMaps, key("n1"), .merge, body: ["data": ["k": "new"]])
        try await client.delete(.configMaps, key("n2"))
        var seen: [String] = []
        for try await event in watch {
            switch event {
            case .modified(let object): seen.append("modified \(object.name)")
            case .deleted(let object): seen.append("deleted \(object.name)")
            case .bookmark: continue
            default: seen.append("\(event)")
            }
            if seen.count == 2 { break }
        }
        #expect(seen == ["modified n1", "deleted n2"])
    }

    private func denies(_ server: RealAPIServer, _ client: KubeClient) async throws {
        var anonymous = try ClusterConfiguration(server: server.url)
        anonymous.authorities = .file(server.certificates.authority)
        var wrong = anonymous
        wrong.authentication = .token(Redacted("no-such-token"))
        for (cluster, code) in [(anonymous, 403), (wrong, 401)] {
            let client = KubeClient(cluster, logger: quiet)
            let error = await caught { try await client.get(.configMaps, key("n1")) }
            #expect((error as? APIStatus)?.code == code, "\(message(error))")
            #expect(!message(error).contains("no-such-token"))
            await client.shutdown()
        }
        let account = Object(.serviceAccounts, namespace: "default", name: "reader")
        try await client.create(.serviceAccounts, account)
        let request = Object(
            [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "metadata": account.json["metadata"] ?? [:],
            ])
        let answer = try await client.create(.serviceAccounts, request, subresource: "token")
        var known = anonymous
        known.authentication = .token(Redacted(try #require(answer.json["status", "token"]?.string)))
        let reader = KubeClient(known, logger: quiet)
        let denied = await caught { try await reader.get(.configMaps, key("n1")) }
        #expect((denied as? APIStatus)?.isForbidden == true)
        #expect(message(denied).contains("system:serviceaccount:default:reader"))
        await reader.shutdown()
    }
}
