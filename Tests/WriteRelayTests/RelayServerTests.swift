import Kube
import Logging
import Observability
import TestSupport
import Testing

@testable import WriteRelay

@Suite("The relay of writes") struct RelayServerTests {
    /// A relay before a scripted central Prometheus.
    private struct Setup {
        var port: Int
        var central: ScriptedServer
        var server: RelayServer
    }

    private static let taking: ScriptedServer.Script = { _, reply in try await reply.respond(204) }

    private static func with(
        _ change: (inout RelayConfiguration) -> Void = { _ in },
        central script: @escaping ScriptedServer.Script = taking,
        _ body: (Setup) async throws -> Void
    ) async throws {
        let central = try await ScriptedServer.start(script)
        var configuration = RelayConfiguration(upstreams: ["\(central.url)/api/v1/write"], label: "tenant")
        configuration.maximumMessageBytes = 1 << 20
        change(&configuration)
        let server = RelayServer(
            configuration, registry: MetricsRegistry(), health: Health(), logger: Logger(label: "test"))
        let port = try await server.start(on: try #require(try BindAddress.parse("127.0.0.1:0")))
        do {
            try await body(Setup(port: port, central: central, server: server))
        } catch {
            await server.stop()
            await central.stop()
            throw error
        }
        await server.stop()
        await central.stop()
    }

    private static let write = SnappyBlock.compressed(
        Message.series([("__name__", "up"), ("tenant", "b")], Message.field(2, [0x10, 1])))
    private static let headers = [
        "X-Tributary-Tenant": "a", "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
    ]

    private static func request(
        _ headers: [(String, String)], _ body: [UInt8] = write, target: String = "POST /write"
    ) -> [UInt8] {
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let head =
            "\(target) HTTP/1.1\r\nHost: relay\r\nContent-Length: \(body.count)\r\n\(fields)Connection: close\r\n\r\n"
        return Array(head.utf8) + body
    }

    private static func send(
        _ setup: Setup, _ changes: [String: String?] = [:], more: [(String, String)] = [], body: [UInt8] = write,
        target: String = "POST /write"
    ) async throws -> String {
        var all = headers
        for (name, value) in changes { all[name] = value }
        return try await exchange(
            request(all.sorted { $0.key < $1.key } + more, body, target: target), port: setup.port)
    }

    private static func status(_ answer: String) -> Int { Int(answer.dropFirst(9).prefix(3)) ?? 0 }

    /// The status of the answer to a write.
    private static func code(
        _ setup: Setup, _ changes: [String: String?] = [:], body: [UInt8] = write, target: String = "POST /write"
    ) async throws -> Int {
        status(try await send(setup, changes, body: body, target: target))
    }

    @Test func `A write arrives with the label of the tenant that the gateway names`() async throws {
        try await Self.with { setup in
            let answer = try await Self.send(
                setup, ["User-Agent": "Prometheus/3.5.3", "X-Prometheus-Remote-Write-Version": "0.1.0"],
                more: [("Authorization", "Bearer secret"), ("Cookie", "x"), ("X-Scope-OrgID", "b")])
            #expect(Self.status(answer) == 204, "\(answer)")
            let request = try #require(setup.central.requests.first)
            #expect(request.method == "POST" && request.target == "/api/v1/write")
            let sent = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { $0 + $1 }
            #expect(sent["user-agent"] == "Prometheus/3.5.3")
            #expect(sent["x-prometheus-remote-write-version"] == "0.1.0")
            #expect(sent["content-type"] == "application/x-protobuf" && sent["content-encoding"] == "snappy")
            #expect(
                Set(sent.keys).isDisjoint(with: ["authorization", "cookie", "x-scope-orgid", "x-tributary-tenant"]))
            let message = request.body.withUnsafeBytes { bytes in
                SnappyBlock.size(of: bytes).flatMap { SnappyBlock.decompressed(bytes, size: $0) }
            }
            let series = try Message.first(try #require(message))
            #expect(series.map { $0.labels.map(\.description) } == [["__name__=up", "tenant=a"]])
        }
    }

    @Test func `The answer of the relay is that of the central Prometheus`() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
        try await Self.with(central: { request, reply in
            switch request.header("User-Agent") {
            case "200":
                try await reply.respond(
                    200, headers: [("X-Prometheus-Remote-Write-Samples-Written", "3"), ("X-Other", "1")])
            case "400": try await reply.respond(400, Array("out of bounds\n".utf8))
            case "429": try await reply.respond(429, headers: [("Retry-After", "7")])
            case "500": try await reply.respond(500, long)
            case "503": try await reply.respond(503)
            case "302": try await reply.respond(302, headers: [("Location", "http://elsewhere/")])
            case "404": try await reply.respond(404)
            default: reply.drop()
            }
        }) { setup in
            let written = try await Self.send(setup, ["User-Agent": "200"])
            #expect(Self.status(written) == 200 && written.contains("X-Prometheus-Remote-Write-Samples-Written: 3\r\n"))
            #expect(!written.contains("X-Other"))
            #expect(try await Self.send(setup, ["User-Agent": "400"]).hasSuffix("\r\n\r\nout of bounds\n"))
            #expect(try await Self.send(setup, ["User-Agent": "429"]).contains("Retry-After: 7\r\n"))
            let failed = try await Self.send(setup, ["User-Agent": "500"])
            #expect(Self.status(failed) == 500 && (4000..<5000).contains(failed.utf8.count))
            #expect(try await Self.code(setup, ["User-Agent": "503"]) == 503)
            // What is wrong there is not the message: the agent should send it again.
            for agent in ["302", "404", "dropped"] {
                #expect(try await Self.code(setup, ["User-Agent": agent]) == 502, "\(agent)")
            }
        }
    }

    @Test func `A central Prometheus that is away or slow is no reason to drop samples`() async throws {
        try await Self.with({ $0.upstreams = ["http://127.0.0.1:1/api/v1/write"] }, central: Self.taking) { setup in
            let code = try await Self.code(setup)
            #expect(code == 502)
        }
        try await Self.with(
            { $0.upstreamTimeout = .milliseconds(200) }, central: { _, reply in try await reply.closed() }
        ) { setup in
            let code = try await Self.code(setup)
            #expect(code == 504)
        }
    }

    @Test func `A request that is no write of one tenant is refused, and nothing is sent on`() async throws {
        let v2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request"
        try await Self.with({ $0.acceptsSecondVersion = false }, central: Self.taking) { setup in
            typealias Case = (status: Int, changes: [String: String?], more: [(String, String)])
            let cases: [Case] = [
                (403, ["X-Tributary-Tenant": nil], []), (403, ["X-Tributary-Tenant": ""], []),
                (403, [:], [("x-tributary-tenant", "b")]), (403, [:], [("X-Tributary-Tenant", "a")]),
                (403, ["X-Tributary-Tenant": "a,b"], []), (403, ["X-Tributary-Tenant": "a b"], []),
                (403, ["X-Tributary-Tenant": "ä"], []),
                (403, ["X-Tributary-Tenant": String(repeating: "x", count: 151)], []),
                (403, ["X-Tributary-Tenant": nil], [("X_Tributary_Tenant", "a")]),
                (415, ["Content-Encoding": nil], []), (415, ["Content-Encoding": "gzip"], []),
                (415, [:], [("Content-Encoding", "snappy")]), (415, ["Content-Type": nil], []),
                (415, ["Content-Type": "application/json"], []), (415, [:], [("Content-Type", v2)]),
                (415, ["Content-Type": v2], []),
                (415, ["Content-Type": "application/x-protobuf;proto=io.prometheus.write.v3.Request"], []),
            ]
            for test in cases {
                let answer = try await Self.send(setup, test.changes, more: test.more)
                #expect(Self.status(answer) == test.status, "\(test): \(answer)")
            }
            for target in ["GET /write", "PUT /write"] {
                #expect(try await Self.code(setup, target: target) == 405)
            }
            for target in ["POST /", "POST /write/", "POST /write?x", "POST //write", "POST /api/v1/query"] {
                #expect(try await Self.code(setup, target: target) == 404, "\(target)")
            }
            let bodies: [[UInt8]] = [[], [0xFF], Array("{}".utf8), SnappyBlock.compressed([0x0A]), Self.write + [1]]
            for body in bodies { #expect(try await Self.code(setup, body: body) == 400, "\(body)") }
            #expect(setup.central.requests.isEmpty)
        }
    }

    @Test func `A message that is too long is refused before there is memory for it`() async throws {
        try await Self.with { setup in
            let limit = 1 << 20
            // It says that it has four gigabytes.
            #expect(try await Self.code(setup, body: [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 1]) == 413)
            let zeros = SnappyBlock.compressed([UInt8](repeating: 0, count: limit + 1))
            #expect(try await Self.code(setup, body: zeros) == 413)
            // Its result would be too long: each series gets the label.
            let tiny = SnappyBlock.compressed((0..<limit / 2).flatMap { _ in [0x0A, 0] as [UInt8] })
            #expect(try await Self.code(setup, body: tiny) == 413)
            // Without a length, and longer than permitted.
            let head = Self.headers.map { "\($0): \($1)\r\n" }.joined()
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 1, count: 65_536) + Array("\r\n".utf8)
            let chunks = Array(repeatElement(chunk, count: 20).joined())
            let answer = try await exchange(
                Array("POST /write HTTP/1.1\r\nHost: x\r\n\(head)Transfer-Encoding: chunked\r\n\r\n".utf8) + chunks,
                port: setup.port)
            #expect(Self.status(answer) == 413)
            #expect(setup.central.requests.isEmpty)
        }
    }

    @Test func `A request beyond the number or the memory of all is told to come again`() async throws {
        let gate = Gate()
        try await Self.with(
            { $0.maximumRequests = 2 },
            central: { _, reply in
                await gate.wait()
                try await reply.respond(204)
            }
        ) { setup in
            async let first = Self.send(setup)
            async let second = Self.send(setup)
            try await waitUntil("both are there", within: .seconds(60)) { setup.central.requests.count == 2 }
            let third = try await Self.send(setup)
            #expect(Self.status(third) == 503 && third.contains("Retry-After: 1\r\n"))
            await gate.open()
            #expect(try await [Self.status(first), Self.status(second)] == [204, 204])
            // The places are free again.
            #expect(try await Self.code(setup) == 204)
        }
    }

    @Test func `What a message may take at most fits into the memory, but not twice`() {
        var configuration = RelayConfiguration(upstreams: ["http://x"], label: "tenant")
        configuration.maximumMessageBytes = 1000
        let admission = Admission(requests: 10, bytes: configuration.memory)
        var first = admission.ticket()
        let second = admission.ticket()
        #expect(first?.reserve(3000) == true && second?.reserve(1) == false)
        #expect(first?.reserve(2999) == true && second?.reserve(1) == true)
        first = nil
        #expect(second?.reserve(3000) == true && admission.count == 1)
    }

    @Test func `A relay that ends answers what it has`() async throws {
        let gate = Gate()
        try await Self.with(central: { _, reply in
            await gate.wait()
            try await reply.respond(204)
        }) { setup in
            async let answer = Self.send(setup)
            try await waitUntil("it is there", within: .seconds(60)) { setup.central.requests.count == 1 }
            async let stopped: Void = setup.server.stop()
            try await Task.sleep(for: .milliseconds(100))
            await gate.open()
            #expect(Self.status(try await answer) == 204)
            await stopped
            await #expect(throws: (any Error).self) { try await Self.send(setup) }
        }
    }

    @Test func `A connection serves several writes`() async throws {
        try await Self.with { setup in
            let head = Self.headers.map { "\($0): \($1)\r\n" }.joined()
            let one =
                Array(
                    "POST /write HTTP/1.1\r\nHost: x\r\n\(head)Content-Length: \(Self.write.count)\r\n\r\n".utf8)
                + Self.write
            let answer = try await exchange(one + one + Self.request(Self.headers.map { ($0, $1) }), port: setup.port)
            #expect(answer.ranges(of: "HTTP/1.1 204").count == 3, "\(answer)")
            #expect(setup.central.connectionCount == 1)
        }
    }

    /// Holds requests back until it is opened.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func wait() async {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }
}
