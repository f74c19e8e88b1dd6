import Kube
@testable import KubeClient
import TestSupport
import Testing

@Suite("Faults of the server", .timeLimit(.minutes(5))) struct FaultTests {
    let key = ObjectKey(namespace: "default", name: "a")

    /// The error of a get with this response of the server.
    private func error(
        options: KubeClient.Options = KubeClient.Options(), _ script: @escaping ScriptedServer.Script
    ) async throws -> KubeClientError {
        var result: (any Error)?
        try await withServer(options: options, script) { client, _ in
            result = await caught { try await client.get(.configMaps, key) }
        }
        return try #require(result as? KubeClientError, "\(message(result))")
    }

    @Test func `A server that is not reachable is reported`() async throws {
        let port = try freePort()
        let client = KubeClient(try ClusterConfiguration(server: "http://127.0.0.1:\(port)"), logger: quiet)
        let error = await caught { try await client.raw(method: "GET", path: "/api", query: [("token", "x")]) }
        #expect(message(error) == "GET http://127.0.0.1:\(port)/api: cannot connect: connection refused")
        #expect((error as? KubeClientError)?.code == .cannotConnect)
        let unknown = KubeClient(try ClusterConfiguration(server: "http://no-such-host.invalid"), logger: quiet)
        let other = await caught { try await unknown.raw(method: "GET", path: "/api") }
        #expect((other as? KubeClientError)?.code == .cannotConnect)
        #expect(message(other).contains("no such host"))
        await client.shutdown()
        await unknown.shutdown()
    }

    @Test func `A connection that breaks in the middle of a response is an error`() async throws {
        let error = try await error { _, reply in
            try await reply.head(200, headers: [("Content-Type", "application/json"), ("Content-Length", "1000")])
            try await reply.write("{\"kind\":")
            reply.drop()
        }
        #expect(error.code == .connectionLost)
        #expect(error.problem == "the connection was closed in the middle of the response")
    }

    @Test func `A connection closed without a response is an error`() async throws {
        let error = try await error { _, reply in reply.drop() }
        #expect(error.code == .connectionLost)
        #expect(error.problem == "the server closed the connection without a response")
    }

    @Test func `A call to a server that never responds times out`() async throws {
        var options = KubeClient.Options()
        options.callTimeout = .milliseconds(300)
        let start = ContinuousClock.now
        let error = try await error(options: options) { _, reply in try await reply.closed() }
        #expect(error.code == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `A call times out if the server stops in the middle of the response`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        let error = try await error(options: options) { _, reply in
            try await reply.head(200, headers: [("Content-Type", "application/json")])
            try await reply.write("{")
            try await reply.closed()
        }
        #expect(error.code == .timedOut)
    }

    @Test func `A watch that never starts times out`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        try await withServer(options: options) { _, reply in
            try await reply.closed()
        } test: { client, _ in
            let error = await caught { try await client.watch(.configMaps) }
            #expect((error as? KubeClientError)?.code == .timedOut)
        }
    }

    @Test func `A watch times out if the server stops in the middle of a refusal`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        try await withServer(options: options) { _, reply in
            try await reply.head(404, headers: [("Content-Type", "application/json")])
            try await reply.write("{")
            try await reply.closed()
        } test: { client, _ in
            let error = await caught { try await client.watch(.configMaps) }
            #expect((error as? KubeClientError)?.code == .timedOut)
        }
    }

    @Test func `A watch on which nothing comes any more times out`() async throws {
        var options = KubeClient.Options()
        options.watchSilence = .milliseconds(500)
        try await withServer(options: options) { _, reply in
            try await reply.watch()
            for _ in 0..<4 {
                try await reply.event("ADDED", configMap("a"))
                try await Task.sleep(for: .milliseconds(200))
            }
            try await reply.closed()
        } test: { client, server in
            var count = 0
            let error = await caught {
                for try await _ in try await client.watch(.configMaps) { count += 1 }
            }
            #expect(count == 4)
            #expect((error as? KubeClientError)?.code == .timedOut)
            #expect(message(error).hasSuffix("timed out: nothing came for 0 s"))
            #expect(await eventually { server.openConnectionCount == 0 })
        }
    }

    @Test(
        arguments: [
            (
                "<html>", "text/html; charset=utf-8",
                "found a response (200) with \"text/html; charset=utf-8\", expected"
            ),
            ("", nil, "found a response (200) with no content type"),
            (
                "{\"kind\":\"ConfigMap\",", "application/json",
                "found a response of 20 bytes that is not valid JSON at byte 20"
            ),
            ("[1]", "application/json", "found a list, expected a JSON object"),
            ("", "application/json", "found a response of 0 bytes that is not valid JSON"),
            (
                "k8s\u{0}\u{0}", "application/vnd.kubernetes.protobuf",
                "\"application/vnd.kubernetes.protobuf\", expected"
            ),
        ] as [(String, String?, String)])
    func `A response that is not of the API is reported`(body: String, type: String?, problem: String) async throws {
        let error = try await error { _, reply in
            try await reply.respond(200, headers: type.map { [("Content-Type", $0)] } ?? [], Array(body.utf8))
        }
        #expect(error.code == .badResponse && error.httpStatus == 200)
        #expect(error.problem.contains(problem), "\(error.problem)")
        #expect(!"\(error)".contains("\n"))
    }

    @Test(arguments: ["garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
    func `A server that does not speak HTTP is reported`(text: String) async throws {
        let error = try await error { _, reply in try await reply.raw(text) }
        #expect([.badResponse, .connectionLost].contains(error.code))
        #expect(!"\(error)".contains("\n") && !"\(error)".contains("\r"))
    }

    @Test func `A response head beyond the limit is refused`() async throws {
        let error = try await error { _, reply in
            try await reply.raw(
                "HTTP/1.1 200 OK\r\n" + String(repeating: "X: \(String(repeating: "y", count: 1000))\r\n", count: 400))
        }
        #expect(error.code == .badResponse)
        #expect(error.problem.contains("the head of the response is longer than"))
    }

    @Test func `A redirect is not followed`() async throws {
        let error = try await error { _, reply in
            try await reply.respond(302, headers: [("Location", "http://elsewhere/")])
        }
        #expect(error.problem.contains("found a redirect (302)"))
    }

    @Test(arguments: [true, false])
    func `A response beyond the limit is refused`(announced: Bool) async throws {
        var options = KubeClient.Options()
        options.maximumBodySize = 1 << 20
        let error = try await error(options: options) { _, reply in
            let length = announced ? [("Content-Length", "100000000000")] : []
            try await reply.head(200, headers: [("Content-Type", "application/json")] + length)
            let piece = [UInt8](repeating: 0x20, count: 64 * 1024)
            while !reply.isClosed { try await reply.write(piece) }
        }
        #expect(error.code == .badResponse)
        #expect(error.problem == "the response is longer than 1048576 bytes")
    }

    @Test func `Errors of a proxy in front differ from errors of the API`() async throws {
        let html = try await error { _, reply in
            try await reply.respond(404, headers: [("Content-Type", "text/html")], Array("<h1>".utf8))
        }
        #expect(html.code == .badResponse && html.httpStatus == 404)
        for (type, body) in [("text/plain", "404 page not found\n"), ("text/plain; charset=utf-8", "")] {
            try await withServer { _, reply in
                try await reply.respond(404, headers: [("Content-Type", type)], Array(body.utf8))
            } test: { client, _ in
                let error = await caught { try await client.get(.configMaps, key) }
                let status = try #require(error as? APIStatus)
                #expect(status.isNotFound && status.details == nil)
                #expect(
                    status.message.hasSuffix(
                        body.isEmpty ? "responded with 404" : "responded with 404: 404 page not found"))
            }
        }
    }

    @Test(
        arguments: [
            ("{\"kind\":\"Status\",", "found a response of 17 bytes that is not valid JSON at byte 17"),
            ("{\"error\":\"overloaded\"}", "found a response (500) in JSON that is not a Status, expected a Status"),
            ("[1]", "found a response (500) in JSON that is not a Status, expected a Status"),
        ])
    func `An error response in JSON that is not a Status is reported`(body: String, problem: String) async throws {
        let error = try await error { _, reply in
            try await reply.respond(500, headers: [("Content-Type", "application/json")], Array(body.utf8))
        }
        #expect(error.code == .badResponse && error.httpStatus == 500)
        #expect(error.problem.hasPrefix(problem), "\(error.problem)")
    }

    @Test func `A list without items and items that are not objects are reported`() async throws {
        try await withServer { request, reply in
            let items: JSON? = request.query["limit"] == "1" ? nil : [1]
            try await reply.json(["kind": "ConfigMap", "items": items ?? "x"])
        } test: { client, _ in
            let first = await caught { try await client.list(.configMaps, ListQuery(limit: 1)) }
            #expect(message(first).hasSuffix("found kind \"ConfigMap\" without items, expected a list"))
            let second = await caught { try await client.list(.configMaps) }
            #expect(message(second).hasSuffix("found an integer among the items, expected objects"))
        }
    }

    @Test(arguments: [
        "10.0.0.1", "ftp://10.0.0.1", "https://", "https://a:b@10.0.0.1", "https://10.0.0.1?x=y",
        "https://10.0.0.1:99999",
        "https://a b", "",
    ])
    func `A URL that is not valid for a server is refused`(url: String) throws {
        let error = #expect(throws: KubeClientError.self) { try ClusterConfiguration(server: url) }
        #expect(error?.code == .configuration)
        #expect(message(error).contains("a:b") == false)
    }

    @Test(arguments: ["http://me:pa55word@", "http://me:pa55word@127.0.0.1:1", "http://me:pa55word@[x]:99999999"])
    func `The error for an invalid proxy does not contain its password`(proxy: String) async throws {
        try await withServer { _, reply in
            try await reply.json([:])
        } test: { client, server in
            let error = await caught { try await client.get(.configMaps, key) }
            #expect(error is KubeClientError && !message(error).contains("pa55word"), "\(message(error))")
            #expect(server.requests.isEmpty)
        } configure: {
            $0.proxy = Redacted(proxy)
        }
    }
}
