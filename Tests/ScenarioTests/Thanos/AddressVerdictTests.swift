import Hashring
import Kube
import TestSupport
import Testing

/// The rules for hashring files against a running Thanos.
@Suite("Thanos's own verdict", .enabled(if: InstalledPrograms.thanos != nil, "thanos is not found: set THANOS_BIN"))
struct AddressVerdictTests {
    private static func start(
        _ folder: TemporaryDirectory, _ name: String, grpc: Int, write: Int, _ arguments: [String]
    ) async throws -> ChildProcess {
        let http = try freePort()
        let thanos = try ChildProcess(
            try #require(InstalledPrograms.thanos),
            [
                "receive", "--grpc-address=127.0.0.1:\(grpc)", "--http-address=127.0.0.1:\(http)",
                "--remote-write.address=127.0.0.1:\(write)", "--tsdb.path=\(folder.path("\(name)-data"))",
                "--label=replica=\"\(name)\"", "--receive.capnproto-address=127.0.0.1:\(try freePort())",
            ] + arguments, logPath: folder.path("\(name).log"))
        try await waitUntil("Thanos is ready") {
            guard thanos.isRunning else { throw WaitingError(description: thanos.log) }
            return try await curl(["http://127.0.0.1:\(http)/-/ready"]).code == 200
        }
        return thanos
    }

    /// Runs a test, and stops the programs that it has started.
    private static func play(_ body: (TemporaryDirectory, inout [ChildProcess]) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        var running: [ChildProcess] = []
        var failure: (any Error)?
        do { try await body(folder, &running) } catch { failure = error }
        for process in running { await process.stop() }
        if let failure { throw failure }
    }

    /// Addresses of a receiver at a port of loopback, as people write them.
    private static func addresses(_ port: Int) -> [String] {
        let right = "127.0.0.1:\(port)"
        return [
            right, "localhost:\(port)", ":\(port)", "dns:///localhost:\(port)", "passthrough:///\(right)",
            "dns:localhost:\(port)", "\(right)?x=1", "\(right)#x", "http://\(right)", "grpc://\(right)", "\(right)/api",
            " \(right)", "\(right) ", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "dns+\(right)", "tcp:\(right)",
            "\(right),\(right)", "me@\(right)", "local host:\(port)", "127.0.0.1",
        ]
    }

    @Test(.timeLimit(.minutes(3))) func `Receivers forward to an address exactly if it has no problem`() async throws {
        try await Self.play { folder, running in
            let (grpc, write) = (try freePort(), try freePort())
            running.append(try await Self.start(folder, "ingester", grpc: grpc, write: try freePort(), []))
            let addresses = Self.addresses(grpc)
            // A hashring for each address, and a tenant for each hashring.
            let file = HashringFile(
                addresses.enumerated().map {
                    Hashring(name: "h\($0)", tenants: ["t\($0)"], endpoints: [Endpoint(address: $1)])
                })
            running.append(
                try await Self.start(
                    folder, "router", grpc: try freePort(), write: write,
                    ["--receive.hashrings-file=\(try folder.write("hashrings.json", file.encoded()))"]))
            let body = try folder.write("body", Snappy.encoded(WriteRequest.message([["__name__": "up"]])))
            for (index, address) in addresses.enumerated() {
                let response = try await curl([
                    "http://127.0.0.1:\(write)/api/v1/receive", "--data-binary", "@\(body)", "-H",
                    "THANOS-TENANT: t\(index)",
                    "-H", "Content-Encoding: snappy",
                ])
                #expect(
                    (response.code == 200) == (EndpointAddress.problem(address) == nil),
                    "\(address): \(response.code) \(response.body)")
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func `What is only a warning, receivers load and serve`() async throws {
        try await Self.play { folder, running in
            let (grpc, write) = (try freePort(), try freePort())
            running.append(try await Self.start(folder, "ingester", grpc: grpc, write: try freePort(), []))
            let right = "127.0.0.1:\(grpc)"
            // Two names, an address twice, a pattern like a regular expression, a comma, misspelt keys, a lone odd address.
            let text = """
                [{"hashring": "h", "tenants": ["a.*"], "tenant_matcher_type": "glob", "endpoints": ["\(right)", "\(right)"]},
                 {"hashring": "h", "tenants": ["b,c"], "tenant_matcher": "glob", "endpoints": [{"address": "\(right)", "zone": "z"}]},
                 {"hashring": "own", "tenants": ["own"], "endpoints": ["localhost"]},
                 {"hashring": "i", "tenant": ["d"], "algoritm": "ketama", "endpoints": ["\(right)"]}]
                """
            let findings = try HashringFile(parsing: text).validate(replicationFactor: 1)
            #expect(findings.allSatisfy { $0.severity == .warning }, "\(findings)")
            #expect(findings.count >= 8)
            running.append(
                try await Self.start(
                    folder, "router", grpc: try freePort(), write: write,
                    [
                        "--receive.hashrings-file=\(try folder.write("hashrings.json", text))",
                        "--receive.local-endpoint=localhost",
                    ]))
            let body = try folder.write("body", Snappy.encoded(WriteRequest.message([["__name__": "up"]])))
            for tenant in ["a.x", "b,c", "own", "anybody"] {
                let response = try await curl([
                    "http://127.0.0.1:\(write)/api/v1/receive", "--data-binary", "@\(body)", "-H",
                    "THANOS-TENANT: \(tenant)",
                    "-H", "Content-Encoding: snappy",
                ])
                #expect(response.code == 200, "\(tenant): \(response.body)")
            }
        }
    }
}
