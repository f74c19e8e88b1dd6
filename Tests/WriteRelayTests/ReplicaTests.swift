import Kube
import Logging
import Observability
import TestSupport
import Testing

@testable import WriteRelay

@Suite("Writes to several replicas") struct ReplicaTests {
    private static let start = ContinuousClock.now

    private static func answer(_ statuses: Int...) -> Int {
        RelayAnswer.worst(of: statuses.map { RelayAnswer(status: $0) }).status
    }

    @Test func `A write succeeds only if every replica has it`() {
        #expect(Self.answer(204, 204) == 204)
        #expect(Self.answer(204, 502) == 502)
        #expect(Self.answer(500, 204) == 500)
        #expect(Self.answer(204, 429, 204) == 429)
    }

    @Test func `A refusal counts only once no replica can take the write any more`() {
        #expect(Self.answer(204, 400) == 400)
        #expect(Self.answer(400, 503) == 503)
        #expect(Self.answer() == 503)
    }

    @Test func `Writes wait for a replica that is down, and then go on without it`() {
        var states = ReplicaStates(count: 2, patience: .seconds(60))
        #expect(states.parts() == [.required, .required])
        #expect(states.note([(0, true), (1, false)], at: Self.start) == [.lost(1)])
        #expect(states.note([(0, true), (1, false)], at: Self.start + .seconds(59)) == [])
        #expect(states.parts() == [.required, .required])
        #expect(states.note([(0, true), (1, false)], at: Self.start + .seconds(60)) == [.left(1)])
        #expect(!states.isRequired(1) && states.isRequired(0))
        // One write at a time asks for it.
        #expect(states.parts() == [.required, .probe])
        #expect(states.parts() == [.required, .none])
        #expect(states.note([(1, false)], at: Self.start + .seconds(61)) == [])
        #expect(states.parts() == [.required, .probe])
        #expect(states.note([(1, true)], at: Self.start + .seconds(62)) == [.back(1)])
        #expect(states.parts() == [.required, .required])
    }

    @Test func `Writes do not go on without all replicas`() {
        var states = ReplicaStates(count: 2, patience: .zero)
        #expect(states.note([(0, false), (1, false)], at: Self.start) == [.lost(0), .lost(1)])
        #expect(states.note([(0, false), (1, false)], at: Self.start + .seconds(9999)) == [])
        #expect(states.parts() == [.required, .required])
        // The first one that is back takes over at once: the other one was waited for.
        #expect(states.note([(0, true), (1, false)], at: Self.start + .seconds(10_000)) == [.back(0), .left(1)])
    }

    private static func with(
        patience: Duration, _ scripts: [ScriptedServer.Script],
        _ body: (RelayServer, Int, [ScriptedServer]) async throws -> Void
    ) async throws {
        var servers: [ScriptedServer] = []
        for script in scripts { servers.append(try await ScriptedServer.start(script)) }
        var configuration = RelayConfiguration(upstreams: servers.map { "\($0.url)/api/v1/write" }, label: nil)
        configuration.replicaPatience = patience
        let relay = RelayServer(
            configuration, registry: MetricsRegistry(), health: Health(), logger: Logger(label: "test"))
        let port = try await relay.start(on: try #require(try BindAddress.parse("127.0.0.1:0")))
        do {
            try await body(relay, port, servers)
        } catch {
            Issue.record("\(error)")
        }
        await relay.stop()
        for server in servers { await server.stop() }
    }

    private static let message = SnappyBlock.compressed(
        Message.series([("__name__", "up"), ("tenant", "b")], Message.field(2, [0x10, 1])))

    private static func write(_ port: Int) async throws -> Int {
        let head =
            "POST /write HTTP/1.1\r\nHost: relay\r\nX-Tributary-Tenant: a\r\nContent-Encoding: snappy\r\n"
            + "Content-Type: application/x-protobuf\r\nContent-Length: \(message.count)\r\nConnection: close\r\n\r\n"
        let answer = try await exchange(Array(head.utf8) + message, port: port)
        return Int(answer.dropFirst(9).prefix(3)) ?? 0
    }

    @Test func `Every replica gets the same write, as it is if no label is forced`() async throws {
        let taking: ScriptedServer.Script = { _, reply in try await reply.respond(204) }
        try await Self.with(patience: .seconds(60), [taking, taking]) { _, port, servers in
            let code = try await Self.write(port)
            #expect(code == 204)
            for server in servers { #expect(server.requests.map(\.body) == [Self.message]) }
        }
    }

    @Test func `The sender keeps a write that one replica could not take, until writes go on without it`() async throws
    {
        let isBack = Locked(false)
        let taking: ScriptedServer.Script = { _, reply in try await reply.respond(204) }
        let starting: ScriptedServer.Script = { _, reply in
            try await reply.respond(isBack.withLock(\.self) ? 204 : 503)
        }
        try await Self.with(patience: .seconds(3600), [taking, starting]) { _, port, servers in
            let held = try await Self.write(port)
            #expect(held == 503)
            #expect(servers[0].requests.count == 1)
            isBack.withLock { $0 = true }
            let taken = try await Self.write(port)
            #expect(taken == 204)
        }
        isBack.withLock { $0 = false }
        try await Self.with(patience: .zero, [taking, starting]) { _, port, servers in
            let code = try await Self.write(port)
            #expect(code == 204)
            isBack.withLock { $0 = true }
            // It is asked by writes, and once it has answered, every write has to reach it.
            try await waitUntil("it is back", within: .seconds(60)) {
                _ = try await Self.write(port)
                return servers[1].requests.count >= 3
            }
        }
    }
}
