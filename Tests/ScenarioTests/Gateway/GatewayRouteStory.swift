import Kube
import TestSupport
import Testing
import TributaryAPI

@testable import Planning

@Suite("Paths, limits and addresses of the gateway", .withNginx, .timeLimit(.minutes(5)))
struct GatewayRouteStory {
    @Test func `Only writes and the read API pass, behind the prefix, with the methods that they need`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            configuration.prefix = "/metrics/v1.0/"
            let gateway = try await RunningGateway.start(story, configuration)
            func status(_ method: String, _ path: String, _ purpose: String) async throws -> Int {
                try await gateway.send(
                    "/metrics/v1.0\(path)",
                    ["-X", method, "-H", "Authorization: Bearer \(purpose)-Token-Of-a-new", "-d", "x=1"]
                ).code
            }
            let read = "/tenants/read/api/v1"
            for path in ["query", "query_range", "query_exemplars", "series", "labels"] {
                #expect(try await status("GET", "\(read)/\(path)", "Read") == 200)
                #expect(try await status("POST", "\(read)/\(path)?x=2", "Read") == 200)
                #expect(try await status("PUT", "\(read)/\(path)", "Read") == 405)
            }
            for path in ["rules", "alerts", "label/job/values", "label/__name__/values"] {
                #expect(try await status("GET", "\(read)/\(path)", "Read") == 200)
                #expect(try await status("POST", "\(read)/\(path)", "Read") == 405)
            }
            for path in ["metadata", "status/buildinfo", "read", "format_query", "parse_query", "targets"] {
                #expect(try await status("GET", "\(read)/\(path)", "Read") == 404)
            }
            for path in [
                "//query", "/./query", "/x/../query", "/%71uery", "/query/", "/QUERY", "/query;x", "/query%3fa",
            ] {
                #expect(try await status("GET", "\(read)\(path)", "Read") == 404, "\(path)")
            }
            #expect(try await status("POST", "/tenants/write", "Write") == 200)
            #expect(try await status("POST", "/tenants/write?x=1", "Write") == 200)
            #expect(try await status("GET", "/tenants/write", "Write") == 405)
            #expect(try await gateway.write("Write-Token-Of-a-new").code == 404)
            #expect(
                try await gateway.send(
                    "/metrics/v1x0/tenants/write",
                    ["-H", "Authorization: Bearer Write-Token-Of-a-new", "-d", "x"]
                ).code == 404)

            configuration.routes.isolatesReads = true
            configuration.routes.readHeader = nil
            try await gateway.follow(configuration)
            for path in ["metadata", "status/buildinfo", "format_query", "parse_query"] {
                #expect(try await status("GET", "\(read)/\(path)", "Read") == 200)
            }
            #expect(try await status("POST", "\(read)/read", "Read") == 200)
            #expect(try await status("GET", "\(read)/read", "Read") == 405)
            #expect(try await status("GET", "\(read)/status/config", "Read") == 404)
        }
        await backend.server.stop()
    }

    @Test func `Tenants have limits of their own, which the gateway keeps apart`() async throws {
        let backend = try await GatewayBackend.start()
        let slow = try await ScriptedServer.start { _, reply in
            try await Task.sleep(for: .milliseconds(400))
            try await reply.respond(204)
        }
        try await Story.tell { story in
            var configuration = backend.configuration()
            configuration.tenants = ["a", "b", "small", "seldom", "single"].map { .sample($0) }
            configuration.tenants[2].limits.maxBodySize = .string("1Ki")
            configuration.tenants[3].limits.requestsPerSecond = 2
            configuration.tenants[4].limits.concurrentRequests = 1
            configuration.tenants[4].readURL = "\(slow.url)/own"
            let gateway = try await RunningGateway.start(story, configuration)
            func write(_ id: String, bytes: Int = 1, _ more: [String] = []) async throws -> Int {
                let body = story.directory.path("body-\(bytes)")
                try story.directory.write("body-\(bytes)", [UInt8](repeating: 120, count: bytes))
                return try await gateway.send(
                    "/tenants/write",
                    ["-H", "Authorization: Bearer Write-Token-Of-\(id)-new", "--data-binary", "@\(body)"] + more
                ).code
            }
            #expect(try await write("small", bytes: 1024) == 200)
            #expect(try await write("small", bytes: 1025) == 413)
            #expect(try await write("small", bytes: 1025, ["-H", "Transfer-Encoding: chunked"]) == 413)
            #expect(try await write("a", bytes: 1025) == 200)
            #expect(try await write("a", bytes: 16 << 20) == 200)
            #expect(try await write("a", bytes: 16 << 20 + 1) == 413)

            var statuses: [Int] = []
            for _ in 0..<12 { statuses.append(try await write("seldom")) }
            #expect(statuses.prefix(2) == [200, 200] && statuses.contains(429), "\(statuses)")
            #expect(Set(statuses) == [200, 429])
            #expect(try await write("a") == 200)

            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await gateway.read("Read-Token-Of-single-new").code } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers) == [204, 429], "\(answers)")
            #expect(try await gateway.read("Read-Token-Of-single-new").code == 204)
        }
        await backend.server.stop()
        await slow.stop()
    }

    @Test func `The gateway serves reads of several tenants, a tenant's own addresses and a tenant that leaves`()
        async throws
    {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            configuration.routes.wideReadURL = "\(backend.server.url)/wide"
            let others = (0..<100).map { "other-\($0)-" + String(repeating: "x", count: 100) }
            configuration.tenants[0].alsoSees = ["b", "a,c", "d e"] + others
            var own = GatewayTenant.sample("own")
            own.readURL = "http://localhost:\(backend.server.port)/own/read/"
            var leaving = GatewayTenant.sample("leaving")
            leaving.refusesWrites = true
            var broken = GatewayTenant.sample("broken")
            broken.readURL = "http://$http_x/{"
            configuration.tenants += [own, leaving, broken]
            #expect(configuration.files().problems.map(\.reason) == ["InvalidURL"])
            let gateway = try await RunningGateway.start(story, configuration)

            let wide = try await gateway.read("Read-Token-Of-a-new").json
            #expect(wide["target"] == "/wide/api/v1/query?query=up")
            #expect(wide["headers"]?["x-tributary-tenants"] == JSON((["a", "b"] + others).joined(separator: ",")))
            #expect(wide["headers"]?["thanos-tenant"] == "a")
            let answer = try await gateway.read("Read-Token-Of-own-new").json
            #expect(answer["target"] == "/own/read/api/v1/query?query=up")
            #expect(answer["headers"]?["host"] == JSON("localhost:\(backend.server.port)"))
            #expect(try await gateway.write("Write-Token-Of-own-new").code == 200)
            #expect(try await gateway.write("Write-Token-Of-leaving-new").code == 403)
            #expect(try await gateway.write("Read-Token-Of-leaving-new").code == 403)
            #expect(try await gateway.read("Read-Token-Of-leaving-new").code == 200)
            #expect(try await gateway.read("Read-Token-Of-broken-new").code == 404)
            #expect(try await gateway.write("Write-Token-Of-broken-new").code == 200)
            #expect(try await gateway.read("Read-Token-Of-b-new").json["headers"]?["x-tributary-tenants"] == "b")
        }
        await backend.server.stop()
    }
}
