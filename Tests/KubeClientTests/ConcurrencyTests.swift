import Kube
import TestSupport
import Testing

@testable import KubeClient

@Suite("Concurrency", .timeLimit(.minutes(5))) struct ConcurrencyTests {
    let key = ObjectKey(namespace: "default", name: "a")

    @Test func `Five hundred concurrent calls all succeed within the limit of concurrency`() async throws {
        let now = Locked((running: 0, most: 0))
        try await withServer { request, reply in
            now.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            try await Task.sleep(for: .milliseconds(1))
            now.withLock { $0.running -= 1 }
            try await reply.json(configMap(String(request.path.split(separator: "/").last ?? "")))
        } test: { client, server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let key = ObjectKey(namespace: "default", name: "n\(number)")
                        return try await client.get(.configMaps, key).name == key.name
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(now.withLock { $0.most } <= 32)
            #expect(server.connectionCount <= 64)
        }
    }

    @Test func `Watches that start at the same time all start without waiting for each other`() async throws {
        try await withServer { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.closed()
        } test: { client, server in
            let watches = (0..<12).map { _ in Task { try await client.watch(.configMaps) } }
            #expect(await eventually(.seconds(10)) { server.requests.count == 12 })
            for watch in watches { watch.cancel() }
            for watch in watches { _ = try? await watch.value }
        }
    }

    @Test func `Watches and calls do not block each other`() async throws {
        try await withServer(options: KubeClient.Options(maximumConcurrentCalls: 2)) { request, reply in
            if request.query["watch"] != nil {
                try await reply.watch()
                try await reply.event("ADDED", configMap("a"))
                try await reply.closed()
            } else if request.path.hasSuffix("slow") {
                try await reply.closed()
            } else {
                try await reply.json(configMap("a"))
            }
        } test: { client, server in
            var watches: [WatchEvents] = []
            for _ in 0..<40 { watches.append(try await client.watch(.configMaps)) }
            _ = try await client.get(.configMaps, key)
            let slow = (0..<2).map { _ in
                Task { try await client.get(.configMaps, ObjectKey(namespace: "default", name: "slow")) }
            }
            #expect(await eventually { server.requests.count == 43 })
            var iterator = try await client.watch(.configMaps).makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            // A third call waits for its turn and can be cancelled.
            let third = Task { try await client.get(.configMaps, key) }
            third.cancel()
            await #expect(throws: CancellationError.self) { try await third.value }
            for task in slow { task.cancel() }
            _ = try await client.get(.configMaps, key)
            #expect(watches.count == 40)
        }
    }

    @Test func `Shutdown ends calls and watches and does not hang`() async throws {
        let server = try await ScriptedServer.start { request, reply in
            if request.query["watch"] != nil { try await reply.watch() }
            try await reply.closed()
        }
        let client = KubeClient(try ClusterConfiguration(server: server.url), logger: quiet)
        let watch = try await client.watch(.configMaps)
        let reader = Task { await caught { for try await _ in watch {} } }
        let call = Task { await caught { try await client.get(.configMaps, key) } }
        #expect(await eventually { server.requests.count == 2 })
        let start = ContinuousClock.now
        async let first: Void = client.shutdown()
        async let second: Void = client.shutdown()
        _ = await (first, second)
        await client.shutdown()
        #expect(ContinuousClock.now - start < .seconds(60))
        for error in [await reader.value, await call.value, await caught { try await client.get(.configMaps, key) }] {
            #expect((error as? KubeClientError)?.code == .cancelled, "\(message(error))")
        }
        #expect(await eventually { server.openConnectionCount == 0 })
        await server.stop()
    }

    @Test func `A released client closes its connections`() async throws {
        let server = try await ScriptedServer.start { _, reply in try await reply.json(configMap("a")) }
        do {
            let client = KubeClient(try ClusterConfiguration(server: server.url), logger: quiet)
            _ = try await client.get(.configMaps, key)
            #expect(server.openConnectionCount == 1)
        }
        #expect(await eventually { server.openConnectionCount == 0 })
        await server.stop()
    }

    @Test func `A client still works after many calls were cancelled at any moment`() async throws {
        try await withServer { _, reply in
            try await reply.json(configMap("a"))
        } test: { client, _ in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let task = Task { try await client.get(.configMaps, key) }
                        for _ in 0..<(number % 20) { await Task.yield() }
                        if number % 3 != 0 { task.cancel() }
                        _ = await task.result
                    }
                }
            }
            #expect(client.limiter.running == 0)
            _ = try await client.get(.configMaps, key)
        }
    }

    @Test func `Calls take turns in the order of their arrival`() {
        var machine = CallLimiterStateMachine<String>(limit: 1)
        #expect(machine.enter() == nil)
        guard let a = machine.enter(), let b = machine.enter(), let c = machine.enter(), let d = machine.enter() else {
            Issue.record("no call waits")
            return
        }
        for (ticket, name) in [(a, "a"), (b, "b"), (c, "c")] {
            guard case .waits = machine.wait(ticket, name) else {
                Issue.record("\(name) does not wait")
                return
            }
        }
        #expect(machine.cancel(b) == "b")
        #expect(machine.leave() == "a")
        #expect(machine.leave() == "c")
        // The turn of d comes before it waits.
        #expect(machine.leave() == nil)
        guard case .goesAhead = machine.wait(d, "d") else {
            Issue.record("d does not go ahead")
            return
        }
        #expect(machine.running == 1)
        #expect(machine.leave() == nil && machine.running == 0)
    }
}
