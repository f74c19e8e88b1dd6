import Kube
import KubeClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    let key = ObjectKey(namespace: "default", name: "a")

    /// What a get fails with when the server answers so.
    private func error(
        options: KubeClient.Options = KubeClient.Options(), _ script: @escaping ScriptedServer.Script
    ) async throws -> KubeClientError {
        var result: (any Error)?
        try await withServer(options: options, script) { client, _ in
            result = await caught { try await client.get(.configMaps, key) }
        }
        return try #require(result as? KubeClientError, "\(message(result))")
    }

    @Test func `a server that is not there is named`() async throws {
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

    @Test func `a connection that drops in the middle of the answer is an error`() async throws {
        let error = try await error { _, reply in
            try await reply.head(200, headers: [("Content-Type", "application/json"), ("Content-Length", "1000")])
            try await reply.write("{\"kind\":")
            reply.drop()
        }
        #expect(error.code == .connectionLost)
        #expect(error.problem == "the connection was closed in the middle of the answer")
    }

    @Test func `a server that closes without an answer is an error`() async throws {
        let error = try await error { _, reply in reply.drop() }
        #expect(error.code == .connectionLost)
        #expect(error.problem == "the server closed the connection without an answer")
    }

    @Test func `a server that never answers is given up`() async throws {
        var options = KubeClient.Options()
        options.callTimeout = .milliseconds(300)
        let start = ContinuousClock.now
        let error = try await error(options: options) { _, reply in try await reply.closed() }
        #expect(error.code == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `a server that falls silent is given up`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        let error = try await error(options: options) { _, reply in
            try await reply.head(200, headers: [("Content-Type", "application/json")])
            try await reply.write("{")
            try await reply.closed()
        }
        #expect(error.code == .timedOut)
    }

    @Test func `a watch that never begins is given up`() async throws {
        var options = KubeClient.Options()
        options.stallTimeout = .seconds(1)
        try await withServer(options: options) { _, reply in
            try await reply.closed()
        } test: { client, _ in
            let error = await caught { try await client.watch(.configMaps) }
            #expect((error as? KubeClientError)?.code == .timedOut)
        }
    }

    @Test(
        arguments: [
            ("<html>", "text/html; charset=utf-8", "found an answer (200) in \"text/html; charset=utf-8\", expected"),
            ("", nil, "found an answer (200) in no content type"),
            (
                "{\"kind\":\"ConfigMap\",", "application/json",
                "found an answer of 20 bytes that is not valid JSON at byte 20"
            ),
            ("[1]", "application/json", "found a list, expected a JSON object"),
            ("", "application/json", "found an answer of 0 bytes that is not valid JSON"),
            (
                "k8s\u{0}\u{0}", "application/vnd.kubernetes.protobuf",
                "\"application/vnd.kubernetes.protobuf\", expected"
            ),
        ] as [(String, String?, String)])
    func `an answer that is no API's is named`(body: String, type: String?, problem: String) async throws {
        let error = try await error { _, reply in
            try await reply.respond(200, headers: type.map { [("Content-Type", $0)] } ?? [], Array(body.utf8))
        }
        #expect(error.code == .badResponse && error.httpStatus == 200)
        #expect(error.problem.contains(problem), "\(error.problem)")
        #expect(!"\(error)".contains("\n"))
    }

    @Test(arguments: ["garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
    func `a server that speaks something else is named`(text: String) async throws {
        let error = try await error { _, reply in try await reply.raw(text) }
        #expect([.badResponse, .connectionLost].contains(error.code))
        #expect(!"\(error)".contains("\n") && !"\(error)".contains("\r"))
    }

    @Test func `a head without end is given up`() async throws {
        let error = try await error { _, reply in
            try await reply.raw(
                "HTTP/1.1 200 OK\r\n" + String(repeating: "X: \(String(repeating: "y", count: 1000))\r\n", count: 400))
        }
        #expect(error.code == .badResponse)
        #expect(error.problem.contains("the answer's head is longer than"))
    }

    @Test func `a redirection is not followed`() async throws {
        let error = try await error { _, reply in
            try await reply.respond(302, headers: [("Location", "http://elsewhere/")])
        }
        #expect(error.problem.contains("found a redirection (302)"))
    }

    @Test(arguments: [true, false])
    func `a gigantic answer is given up at the limit`(announced: Bool) async throws {
        var options = KubeClient.Options()
        options.maximumBodySize = 1 << 20
        let error = try await error(options: options) { _, reply in
            let length = announced ? [("Content-Length", "100000000000")] : []
            try await reply.head(200, headers: [("Content-Type", "application/json")] + length)
            let piece = [UInt8](repeating: 0x20, count: 64 * 1024)
            while !reply.isClosed { try await reply.write(piece) }
        }
        #expect(error.code == .badResponse)
        #expect(error.problem == "the answer is longer than 1048576 bytes")
    }

    @Test func `errors of proxies in front are told from the API's`() async throws {
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
                #expect(status.message.hasSuffix(body.isEmpty ? "answered 404" : "answered 404: 404 page not found"))
            }
        }
    }

    @Test func `a list without items and items that are none are named`() async throws {
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
    func `a URL that cannot be a server's is refused`(url: String) throws {
        let error = #expect(throws: KubeClientError.self) { try ClusterConfiguration(server: url) }
        #expect(error?.code == .configuration)
        #expect(message(error).contains("a:b") == false)
    }

    @Test(arguments: ["http://me:pa55word@", "http://me:pa55word@127.0.0.1:1", "http://me:pa55word@[x]:99999999"])
    func `a proxy that cannot be used is an error without its password`(proxy: String) async throws {
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
