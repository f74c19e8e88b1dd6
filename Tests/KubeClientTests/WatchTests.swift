import Kube
@testable import KubeClient
import TestSupport
import Testing

@Suite("Watches", .timeLimit(.minutes(5))) struct WatchTests {
    @Test func `A watch delivers changes in order`() async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.event("MODIFIED", configMap("a", version: 2))
            try await reply.event("DELETED", configMap("a", version: 3))
            try await reply.event("BOOKMARK", ["metadata": ["resourceVersion": "9"]])
            let end: JSON = [
                "metadata": ["resourceVersion": "10", "annotations": ["k8s.io/initial-events-end": "true"]]
            ]
            try await reply.event("BOOKMARK", end)
        } test: { client, server in
            let query = WatchQuery(
                labelSelector: "a=b", resourceVersion: "5", timeout: .seconds(30), sendInitialEvents: true)
            var events: [WatchEvent] = []
            for try await event in try await client.watch(.configMaps, namespace: "default", query) {
                events.append(event)
            }
            #expect(
                events == [
                    .added(Object(configMap("a"))), .modified(Object(configMap("a", version: 2))),
                    .deleted(Object(configMap("a", version: 3))),
                    .bookmark(resourceVersion: "9", initialEventsEnd: false),
                    .bookmark(resourceVersion: "10", initialEventsEnd: true),
                ])
            let request = try #require(server.requests.first)
            #expect(request.path == "/api/v1/namespaces/default/configmaps")
            #expect(
                request.query == [
                    "watch": "true", "timeoutSeconds": "30", "allowWatchBookmarks": "true", "labelSelector": "a=b",
                    "resourceVersion": "5", "sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan",
                ])
        }
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `Events are complete regardless of network packets`(size: Int) async throws {
        let events: [JSON] = [
            ["type": "ADDED", "object": configMap("ä😀", ["k": "zwölf Boxkämpfer 🥊"])],
            ["type": "MODIFIED", "object": configMap("日本語")],
        ]
        let text = "\n" + events.map { $0.text() }.joined(separator: "\n\r\n")  // the last one without a line break
        try await withServer { _, reply in
            try await reply.watch()
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await reply.write(Array(bytes[start..<min(start + size, bytes.count)]))
            }
        } test: { client, _ in
            var found: [WatchEvent] = []
            for try await event in try await client.watch(.configMaps) { found.append(event) }
            let first = configMap("ä😀", ["k": "zwölf Boxkämpfer 🥊"])
            #expect(found == [.added(Object(first)), .modified(Object(configMap("日本語")))])
        }
    }

    @Test func `An expired version is reported as an event or as the response`() async throws {
        let status = APIStatus.expired("too old resource version: 1 (100)")
        try await withServer { request, reply in
            switch request.query["resourceVersion"] {
            case "1":
                try await reply.watch()
                try await reply.event("ERROR", status.json)
                try await reply.event("ADDED", configMap("never delivered"))
            case "2":
                try await reply.watch()
                try await reply.write(status.json.text() + "\n")
            default: try await reply.json(status.json, status: 410)
            }
        } test: { client, _ in
            for version in ["1", "2"] {
                var events: [WatchEvent] = []
                for try await event in try await client.watch(.configMaps, WatchQuery(resourceVersion: version)) {
                    events.append(event)
                }
                #expect(events == [.error(status)])
            }
            await #expect(throws: status) { try await client.watch(.configMaps, WatchQuery(resourceVersion: "3")) }
        }
    }

    @Test func `A cancelled watch ends immediately and closes its connection`() async throws {
        let isClosed = Locked(false)
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.closed()
            isClosed.withLock { $0 = true }
        } test: { client, server in
            let begun = Locked(false)
            let task = Task {
                for try await _ in try await client.watch(.configMaps) { begun.withLock { $0 = true } }
            }
            #expect(await eventually { begun.withLock { $0 } })
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // Far below the timeout of the watch, even on a busy machine.
            #expect(ContinuousClock.now - start < .seconds(60))
            #expect(await eventually { isClosed.withLock { $0 } })
            #expect(server.openConnectionCount == 0)
        }
    }

    @Test func `A released watch ends`() async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.closed()
        } test: { client, server in
            for try await _ in try await client.watch(.configMaps) { break }
            #expect(await eventually { server.openConnectionCount == 0 })
        }
    }

    @Test func `A broken connection is an error after the events before it`() async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.write("{\"type\":\"ADDED\",\"obj")
            reply.drop()
        } test: { client, server in
            var count = 0
            let error = await caught {
                for try await _ in try await client.watch(.configMaps) { count += 1 }
            }
            #expect(count == 1)
            #expect(
                message(error)
                    == "GET http://127.0.0.1:\(server.port)/api/v1/configmaps: "
                    + "the connection was closed in the middle of the response")
            #expect((error as? KubeClientError)?.code == .connectionLost)
        }
    }

    @Test(arguments: [
        ("{\"type\":\"ADDED\",\"object\":{\n", "not valid JSON"), ("[]\n", "found a list"),
        ("{\"type\":\"ADDED\",\"object\":7}\n", "without \"type\" and \"object\""),
        ("{\"type\":\"MOVED\",\"object\":{}}\n", "type \"MOVED\""), ("{\"type\":\"ADDED\",", "not valid JSON"),
    ])
    func `A line that is not an event is reported`(line: String, problem: String) async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.write(line)
        } test: { client, _ in
            let error = await caught { for try await _ in try await client.watch(.configMaps) {} }
            #expect((error as? KubeClientError)?.code == .badResponse)
            #expect(message(error).contains(problem))
        }
    }

    @Test func `An event beyond the limit is refused`() async throws {
        var options = KubeClient.Options()
        options.maximumEventSize = 1 << 20
        try await withServer(options: options) { _, reply in
            try await reply.watch()
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
            while !reply.isClosed { try await reply.write(piece) }
        } test: { client, _ in
            let error = await caught { for try await _ in try await client.watch(.configMaps) {} }
            #expect(message(error).contains("an event is longer than 1048576 bytes"))
        }
    }

    @Test func `A web page in response to a watch is refused`() async throws {
        try await withServer { _, reply in
            try await reply.respond(200, headers: [("Content-Type", "text/html")], Array("<html>".utf8))
        } test: { client, _ in
            let error = await caught { try await client.watch(.configMaps) }
            #expect(message(error).contains("\"text/html\", expected \"application/json\""))
        }
    }

    @Test func `A watch that the server does not end times out`() async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.closed()
        } test: { client, _ in
            let start = ContinuousClock.now
            let watch = try await client.watch(.configMaps, WatchQuery(timeout: .seconds(1)))
            let error = await caught { for try await _ in watch {} }
            #expect((error as? KubeClientError)?.code == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }

    @Test func `A watch may be silent for longer than a call`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        try await withServer(options: options) { _, reply in
            try await reply.watch()
            try await Task.sleep(for: .seconds(5))  // libcurl checks the speed once per second
            try await reply.event("ADDED", configMap("a"))
        } test: { client, _ in
            var count = 0
            for try await _ in try await client.watch(.configMaps) { count += 1 }
            #expect(count == 1)
        }
    }

    @Test func `A slow reader slows the server down instead of filling memory`() async throws {
        let sent = Locked(0)
        try await withServer { _, reply in
            try await reply.limitBuffers()
            try await reply.watch()
            let event =
                (["type": "ADDED", "object": configMap("a", ["k": .string(String(repeating: "x", count: 65_536))])]
                as JSON)
                .text() + "\n"
            for _ in 0..<512 {  // 32 MiB
                try await reply.write(event)
                sent.withLock { $0 += 1 }
            }
        } test: { client, _ in
            var iterator = try await client.watch(.configMaps).makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            // The server stalls: it stops sending long before the end.
            var before = -1
            #expect(
                await eventually() {
                    let now = sent.withLock { $0 }
                    try await Task.sleep(for: .milliseconds(200))
                    return now == sent.withLock { $0 }
                })
            before = sent.withLock { $0 }
            #expect(before < 256)
            var count = 1
            while try await iterator.next() != nil { count += 1 }
            #expect(count == 512)
        }
    }
}
