import Kube
@testable import KubeClient
import Logging
import TestSupport
import Testing

@Suite("Retries", .timeLimit(.minutes(5))) struct RetryTests {
    let key = ObjectKey(namespace: "default", name: "a")

    @Test(arguments: [429, 503, 500])
    func `A call is retried when the server asks for it`(status: Int) async throws {
        try await withServer { request, reply in
            if request.number < 3 {
                try await reply.respond(status, headers: [("Retry-After", request.number == 1 ? "0" : "1")])
            } else {
                try await reply.json(configMap("a"))
            }
        } test: { client, server in
            let start = ContinuousClock.now
            try await client.create(.configMaps, Object(configMap("a")))
            #expect(server.requests.count == 3)
            #expect(ContinuousClock.now - start >= .seconds(1))
        }
    }

    @Test func `A call is only retried on request, a limited number of times, and after a limited delay`() async throws
    {
        for (header, requests) in [(nil, 1), ("0", 4), ("3600", 1), ("soon", 1)] as [(String?, Int)] {
            var options = KubeClient.Options()
            options.maximumRetries = 3
            try await withServer(options: options) { _, reply in
                try await reply.respond(503, headers: header.map { [("Retry-After", $0)] } ?? [])
            } test: { client, server in
                let error = await caught { try await client.get(.configMaps, key) }
                let status = try #require(error as? APIStatus)
                #expect(status.code == 503 && status.reason == "ServiceUnavailable")
                #expect(status.retryAfter == header.flatMap { Int($0) }.map { .seconds($0) })
                #expect(server.requests.count == requests)
            }
        }
    }

    @Test func `A watch is retried when the server asks for it`() async throws {
        try await withServer { request, reply in
            if request.number == 1 {
                try await reply.respond(429, headers: [("Retry-After", "0")], Array("slow down".utf8))
            } else {
                try await reply.watch()
                try await reply.event("ADDED", configMap("a"))
            }
        } test: { client, _ in
            var count = 0
            for try await _ in try await client.watch(.configMaps) { count += 1 }
            #expect(count == 1)
        }
    }

    @Test func `Cancelling the task ends the wait for a retry`() async throws {
        try await withServer { _, reply in
            try await reply.respond(503, headers: [("Retry-After", "29")])
        } test: { client, server in
            let task = Task { try await client.get(.configMaps, key) }
            #expect(await eventually { server.requests.count == 1 })
            task.cancel()
            let start = ContinuousClock.now
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(25))
        }
    }

    @Test func `A write whose time is over is not sent, neither at first nor again`() async throws {
        try await withServer { _, reply in
            try await reply.respond(503, headers: [("Retry-After", "1")])
        } test: { client, server in
            let left = Locked(Duration.seconds(60))
            let writer = client.writing { left.withLock { $0 } }
            let task = Task { try await writer.patch(.configMaps, key, .merge, body: [:]) }
            #expect(await eventually { server.requests.count == 1 })
            left.withLock { $0 = .zero }
            let error = await caught { try await task.value }
            #expect((error as? KubeClientError)?.code == .timedOut)
            #expect(message(error).hasSuffix(": not sent: the time in which it may be is over"))
            _ = await caught { try await writer.delete(.configMaps, key) }
            #expect(server.requests.count == 1)
            // Reads have no such limit, and the other client has none.
            let read = Task { try await writer.get(.configMaps, key) }
            #expect(await eventually { server.requests.count == 2 })
            read.cancel()
            let other = Task { try await client.patch(.configMaps, key, .merge, body: [:]) }
            #expect(await eventually { server.requests.count == 3 })
            other.cancel()
        }
    }

    @Test func `A write takes no longer than its time`() async throws {
        try await withServer { _, _ in
            try await Task.sleep(for: .seconds(60))
        } test: { client, _ in
            let start = ContinuousClock.now
            let error = await caught {
                try await client.writing { .milliseconds(200) }.patch(.configMaps, key, .merge, body: [:])
            }
            #expect((error as? KubeClientError)?.code == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test func `A refused token is read again from its file once`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try directory.write("token", "old-token\n")
        try await withServer { request, reply in
            if request.header("Authorization") == "Bearer new-token" {
                try await reply.json(configMap("a"))
            } else {
                if request.number == 2 { try directory.write("token", "new-token") }
                try await reply.json(APIStatus.unauthorized.json, status: 401)
            }
        } test: { client, server in
            // The file still has the refused token, so there is no retry.
            await #expect(throws: APIStatus.unauthorized) { try await client.get(.configMaps, key) }
            #expect(server.requests.count == 1)
            _ = try await client.get(.configMaps, key)
            #expect(
                server.requests.map { $0.header("Authorization") } == [
                    "Bearer old-token", "Bearer old-token", "Bearer new-token",
                ])
        } configure: {
            $0.authentication = .tokenFile(path)
        }
    }

    @Test func `A call with a refused token that cannot be renewed is not retried`() async throws {
        try await withServer { _, reply in
            try await reply.json(APIStatus.unauthorized.json, status: 401)
        } test: { client, server in
            await #expect(throws: APIStatus.unauthorized) { try await client.get(.configMaps, key) }
            await #expect(throws: APIStatus.unauthorized) { try await client.watch(.configMaps) }
            #expect(server.requests.map { $0.header("Authorization") } == ["Bearer s3cret", "Bearer s3cret"])
        } configure: {
            $0.authentication = .token(Redacted("s3cret"))
        }
    }

    @Test func `Each warning of the API server is logged once, and other warnings are ignored`() async throws {
        let (logger, lines) = keptLogger()
        try await withServer(logger: logger) { _, reply in
            let warnings = [
                ("Warning", "299 - \"policy/v1beta1 is \\\"deprecated\\\", use v1\", 299 - \"second\""),
                ("Warning", "199 - \"of another kind\""),
                ("Warning", "299 - \"third\" \"Sat, 21 Nov 2026 10:00:00 GMT\""),
                ("Warning", "299 broken"),
            ]
            try await reply.json(configMap("a"), headers: warnings)
        } test: { client, _ in
            for _ in 0..<3 { _ = try await client.get(.configMaps, key) }
            #expect(
                lines.withLock { $0 } == [
                    "warning from the API server: policy/v1beta1 is \"deprecated\", use v1",
                    "warning from the API server: second", "warning from the API server: third",
                ])
        }
    }
}
