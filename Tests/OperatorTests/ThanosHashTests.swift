import Hashring
import Kube
import KubeClient
import Logging
import TestSupport
import Testing

@testable import Operator

/// What a genuine Thanos says of its hashring file is what we say of it.
struct ThanosHashTests {
    @Test(.enabled(if: foundThanos != nil, "thanos is not found: set THANOS_BIN"), .timeLimit(.minutes(5)))
    func `Thanos reports the hash that we compute for each file, and counts a refused file as an error`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let ports = try (0..<4).map { _ in try freePort() }
        func text(_ tenants: [String]) -> String {
            var rings = tenants.map {
                Hashring(name: $0, tenants: [$0], endpoints: [Endpoint(address: "127.0.0.1:\(ports[0])")])
            }
            rings.append(Hashring(name: "soft", endpoints: [Endpoint(address: "127.0.0.1:\(ports[0])")]))
            return HashringFile(rings).encoded()
        }
        let file = try directory.write("hashrings.json", text([]))
        let process = try ChildProcess(
            try #require(foundThanos),
            [
                "receive", "--grpc-address=127.0.0.1:\(ports[0])", "--http-address=127.0.0.1:\(ports[1])",
                "--remote-write.address=127.0.0.1:\(ports[2])", "--receive.capnproto-address=127.0.0.1:\(ports[3])",
                "--label=replica=\"a\"", "--tsdb.path=\(directory.path("data"))",
                "--receive.hashrings-file=\(file)", "--receive.hashrings-file-refresh-interval=1s",
                "--receive.hashrings-algorithm=ketama", "--receive.local-endpoint=127.0.0.1:\(ports[0])",
            ], logPath: directory.path("thanos.log"))
        let client = KubeClient(
            try ClusterConfiguration(server: "http://127.0.0.1:1"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let url = "http://127.0.0.1:\(ports[1])/metrics"
            var last: ReceiverMetrics?
            for tenants in [[], ["a"], ["a", "b"], ["ü/ß"]] {
                // In one step, as kubelet does: half a file would be refused.
                try directory.replace("hashrings.json", text(tenants))
                try await waitUntil("Thanos has loaded the file of \(tenants)", within: .seconds(60)) {
                    last = try? await ReceiverMetrics.read(url, with: client)
                    return last?.configHash == HashringFile.configHash(of: text(tenants))
                }
                #expect(last?.fileErrors == 0)
                #expect((last?.startTime ?? 0) > 1_700_000_000)
            }
            let loaded = last?.configHash
            try directory.replace("hashrings.json", "[]")
            try await waitUntil("Thanos refuses an empty file", within: .seconds(60)) {
                last = try await ReceiverMetrics.read(url, with: client)
                return (last?.fileErrors ?? 0) >= 2
            }
            #expect(last?.configHash == loaded)
        } catch {
            Issue.record("\(error)\n\(process.log.suffix(2000))")
        }
        await process.stop()
        await client.shutdown()
    }
}

/// Thanos, by its environment variable, in the folder of tools, or on the path.
private let foundThanos: String? =
    ChildProcess.environment["THANOS_BIN"]
    ?? ChildProcess.find("thanos", in: [ChildProcess.environment["TRIBUTARY_TOOLS"] ?? ".tools"])

/// A GET of somebody who is not the API server, and may mean no good.
struct PlainGetTests {
    private static func read(
        within limit: Duration = .seconds(30), _ script: @escaping ScriptedServer.Script
    ) async throws -> ReceiverMetrics {
        let server = try await ScriptedServer.start(script)
        let client = KubeClient(
            try ClusterConfiguration(server: "http://127.0.0.1:1"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result: Result<ReceiverMetrics, any Error>
        do {
            result = .success(
                try await ReceiverMetrics.read("\(server.url)/metrics", with: client, within: limit))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        await server.stop()
        return try result.get()
    }

    @Test func `Reading metrics ends once everything is found`() async throws {
        let metrics = try await Self.read { _, reply in
            try await reply.head(200)
            try await reply.write("process_start_time_seconds 5\nthanos_receive_config_hash 7\n")
            try await reply.write("thanos_receive_hashrings_file_errors_total 0\n")
            // Whoever reads on waits for ever.
            try await reply.closed()
        }
        #expect(metrics.configHash == 7)
    }

    @Test func `A pod that is silent, stops in the middle, redirects or answers without end is an error in good time`()
        async
    {
        let scripts: [ScriptedServer.Script] = [
            { _, reply in try await reply.closed() },
            { _, reply in
                try await reply.head(200)
                try await reply.write("thanos_receive_config_ha")
                try await reply.closed()
            },
            { _, reply in
                try await reply.head(200, headers: [("Content-Length", "1000")])
                try await reply.write("thanos_receive_config_hash 7\n")
                reply.drop()
            },
            { _, reply in
                try await reply.respond(302, headers: [("Location", "http://127.0.0.1:1/")])
            },
            { _, reply in
                try await reply.head(200)
                let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
                while !reply.isClosed { try await reply.write(chunk) }
            },
        ]
        await withTaskGroup(of: Void.self) { group in
            for script in scripts {
                group.addTask {
                    let start = ContinuousClock.now
                    await #expect(throws: (any Error).self) { try await Self.read(within: .seconds(2), script) }
                    #expect(ContinuousClock.now - start < .seconds(60))
                }
            }
        }
    }
}
