import Kube
@testable import KubeClient
import TestSupport
import Testing

@Suite("TLS", .enabled(if: nginx != nil && openssl != nil, "nginx and openssl are installed"), .timeLimit(.minutes(5)))
struct TLSTests {
    let directory: TemporaryDirectory
    let authority: TestAuthority

    init() async throws {
        directory = try TemporaryDirectory()
        authority = try await TestAuthority(directory)
        try await authority.make("server", extensions: "subjectAltName=IP:127.0.0.1,DNS:kubernetes.test")
        try await authority.make("admin", extensions: "extendedKeyUsage=clientAuth")
    }

    private func file(_ name: String) -> ClusterConfiguration.Source { .file(directory.path(name)) }
    private func data(_ name: String) throws -> ClusterConfiguration.Source {
        .data(Redacted(Array(try TemporaryDirectory.read(directory.path(name)).utf8)))
    }

    /// Runs a test with nginx before a scripted server.
    private func withFront(
        certificate: String = "server", speaksHTTP2: Bool = true, _ script: @escaping ScriptedServer.Script,
        _ test: (TLSFront, ScriptedServer) async throws -> Void
    ) async throws {
        defer { directory.remove() }
        let server = try await ScriptedServer.start(script)
        do {
            let front = try await TLSFront(
                directory, certificate: certificate, to: server, speaksHTTP2: speaksHTTP2)
            do {
                try await test(front, server)
            } catch {
                await front.process.stop()
                throw error
            }
            await front.process.stop()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func withClient(
        _ front: TLSFront, host: String = "127.0.0.1", _ configure: (inout ClusterConfiguration) throws -> Void,
        _ test: (KubeClient) async throws -> Void
    ) async throws {
        var cluster = try ClusterConfiguration(server: "https://\(host):\(front.port)")
        try configure(&cluster)
        let client = KubeClient(cluster, logger: quiet)
        do {
            try await test(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    @Test func `Calls and watches share one HTTP2 connection and present the client certificate`() async throws {
        try await withFront { request, reply in
            guard request.query["watch"] != nil else { return try await reply.json(configMap("a")) }
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.closed()
        } _: { front, server in
            for isData in [true, false] {
                try await withClient(front) { cluster in
                    cluster.authorities = isData ? try data("ca.crt") : file("ca.crt")
                    cluster.clientCertificate = isData ? try data("admin.crt") : file("admin.crt")
                    cluster.clientKey = isData ? try data("admin.key") : file("admin.key")
                } _: { client in
                    let before = server.requests.count
                    var iterator = try await client.watch(.configMaps).makeAsyncIterator()
                    let first = try await iterator.next()
                    #expect(first == .added(Object(configMap("a"))))
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<100 {
                            group.addTask {
                                _ = try await client.get(.configMaps, ObjectKey(namespace: "default", name: "a"))
                            }
                        }
                        try await group.waitForAll()
                    }
                    let requests = server.requests[before...]
                    #expect(requests.count == 101)
                    #expect(requests.allSatisfy { $0.header("X-Protocol") == "HTTP/2.0" })
                    #expect(requests.allSatisfy { $0.header("X-Verify") == "SUCCESS" })
                    #expect(requests.allSatisfy { $0.header("X-Subject") == "CN=admin" })
                    #expect(Set(requests.map { $0.header("X-Connection") ?? "" }).count == 1)
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `Many watches start at the same time with each version of HTTP`(speaksHTTP2: Bool) async throws {
        try await withFront(speaksHTTP2: speaksHTTP2) { _, reply in
            try await reply.watch()
            try await reply.event("ADDED", configMap("a"))
            try await reply.closed()
        } _: { front, _ in
            try await withClient(front) {
                $0.authorities = file("ca.crt")
            } _: { client in
                let hasAll = Locked(0)
                try await withThrowingTaskGroup { group in
                    for _ in 0..<30 {
                        group.addTask {
                            var iterator = try await client.watch(.configMaps).makeAsyncIterator()
                            #expect(try await iterator.next() != nil)
                            hasAll.withLock { $0 += 1 }
                            // No watch ends before all have started.
                            try await waitUntil("all watches have begun") { hasAll.withLock { $0 } == 30 }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `A cancelled watch does not affect others on its connection`() async throws {
        try await withFront { request, reply in
            try await reply.watch()
            for number in 0..<200 {
                try await reply.event(
                    "ADDED", configMap("n\(number)", ["k": .string(String(repeating: "x", count: 20_000))]))
            }
        } _: { front, server in
            try await withClient(front) {
                $0.authorities = file("ca.crt")
            } _: { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<30 {
                        group.addTask {
                            var count = 0
                            var iterator = try await client.watch(.configMaps).makeAsyncIterator()
                            // Some pause, some cancel while libcurl is paused, and some read everything.
                            while try await iterator.next() != nil {
                                count += 1
                                if number % 3 == 0, count == 5 { return try await Task.sleep(for: .milliseconds(200)) }
                                if number % 3 == 1, count == 5 { try await Task.sleep(for: .milliseconds(400)) }
                            }
                            #expect(count == 200)
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(Set(server.requests.map { $0.header("X-Connection") ?? "" }).count == 1)
            }
        }
    }

    @Test func `A server of another authority is only trusted if the kubeconfig skips verification`() async throws {
        try await authority.makeAuthority("other")
        try await withFront { _, reply in
            try await reply.json([:])
        } _: { front, server in
            for authorities in [file("other.crt"), nil] {
                try await withClient(front) {
                    $0.authorities = authorities
                } _: { client in
                    let error = await caught { try await client.raw(method: "GET", path: "/api") }
                    #expect((error as? KubeClientError)?.code == .tls)
                    #expect(
                        message(error).hasPrefix(
                            "GET https://127.0.0.1:\(front.port)/api: the server's certificate is not trusted: "))
                }
            }
            #expect(server.requests.isEmpty)
            try await withClient(front) {
                $0.skipsTLSVerification = true
            } _: { client in
                let response = try await client.raw(method: "GET", path: "/api")
                #expect(response.status == 200)
            }
        }
    }

    @Test func `An authority that is replaced in its file is trusted with the next call after one that failed`()
        async throws
    {
        try await authority.makeAuthority("other")
        let directory = authority.directory
        func fill(from name: String) throws {
            try directory.replace("trusted.crt", TemporaryDirectory.read(directory.path(name)))
        }
        try fill(from: "other.crt")
        try await withFront { _, reply in
            try await reply.json([:])
        } _: { front, _ in
            try await withClient(front) {
                $0.authorities = .file(directory.path("trusted.crt"))
            } _: { client in
                let first = await caught { try await client.raw(method: "GET", path: "/api") }
                #expect((first as? KubeClientError)?.code == .tls)
                try fill(from: "ca.crt")
                #expect(try await client.raw(method: "GET", path: "/api").status == 200)
            }
        }
    }

    @Test func `The name of the certificate is requested and verified`() async throws {
        try await authority.make("server", extensions: "subjectAltName=DNS:kubernetes.test")
        try await withFront { _, reply in
            try await reply.json([:])
        } _: { front, server in
            try await withClient(front) {
                $0.authorities = file("ca.crt")
            } _: { client in
                let error = await caught { try await client.raw(method: "GET", path: "/api") }
                #expect((error as? KubeClientError)?.code == .tls)
            }
            try await withClient(front) { cluster in
                cluster.authorities = file("ca.crt")
                cluster.tlsServerName = "kubernetes.test"
            } _: { client in
                let response = try await client.raw(method: "GET", path: "/api")
                #expect(response.status == 200)
                #expect(server.requests.last?.header("X-Server-Name") == "kubernetes.test")
                #expect(server.requests.last?.header("Host") == "127.0.0.1:\(front.port)")
            }
            try await withClient(front) { cluster in
                cluster.authorities = file("ca.crt")
                cluster.tlsServerName = "elsewhere.test"
            } _: { client in
                let error = await caught { try await client.raw(method: "GET", path: "/api") }
                #expect((error as? KubeClientError)?.code == .tls)
            }
        }
    }

    @Test func `Invalid certificates are reported`() async throws {
        try await authority.make("other", extensions: "extendedKeyUsage=clientAuth")
        try directory.write("nonsense.pem", "s3cret")
        try directory.write("broken.crt", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n")
        let cases: [(String, String?, String?, KubeClientError.Code, String)] = [
            ("nonsense.pem", nil, nil, .configuration, "certificate authority: found 6 bytes without a PEM block"),
            ("missing", nil, nil, .configuration, "missing: cannot be read: no such file or directory"),
            ("broken.crt", nil, nil, .tls, "the certificate authority is invalid"),
            ("ca.crt", "nonsense.pem", "admin.key", .configuration, "client certificate: found 6 bytes without"),
            ("ca.crt", "admin.crt", "admin.crt", .configuration, "client key: found"),
            ("ca.crt", "admin.crt", "other.key", .tls, "the client certificate or its key is invalid"),
        ]
        try await withFront { _, reply in
            try await reply.json([:])
        } _: { front, _ in
            for (authority, certificate, key, code, problem) in cases {
                try await withClient(front) { cluster in
                    cluster.authorities = file(authority)
                    cluster.clientCertificate = certificate.map(file)
                    cluster.clientKey = key.map(file)
                } _: { client in
                    let error = await caught { try await client.raw(method: "GET", path: "/api") }
                    #expect((error as? KubeClientError)?.code == code, "\(message(error))")
                    #expect(message(error).contains(problem), "\(message(error))")
                    #expect(!message(error).contains("s3cret"))
                }
            }
        }
    }

    @Test func `The client certificate of a plugin is presented`() async throws {
        let script = try directory.write(
            "plugin",
            """
            pem() { awk '{printf "%s\\\\n", $0}' \(directory.root)/admin.$1; }
            cat <<END
            {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
             "status": {"clientCertificateData": "$(pem crt)", "clientKeyData": "$(pem key)"}}
            END
            """)
        try await withFront { _, reply in
            try await reply.json([:])
        } _: { front, server in
            try await withClient(front) { cluster in
                cluster.authorities = file("ca.crt")
                var plugin = ExecPlugin(command: "/bin/sh")
                plugin.arguments = [script]
                cluster.authentication = .exec(plugin)
            } _: { client in
                _ = try await client.raw(method: "GET", path: "/api")
                #expect(server.requests.last?.header("X-Subject") == "CN=admin")
            }
        }
    }

    @Test func `Compressed responses are read, and not requested if the kubeconfig disables them`() async throws {
        let big = configMap("a", ["k": .string(String(repeating: "tributary ", count: 100_000))])
        try await withFront { _, reply in
            try await reply.json(big)
        } _: { front, server in
            for isDisabled in [false, true] {
                try await withClient(front) { cluster in
                    cluster.authorities = file("ca.crt")
                    cluster.disablesCompression = isDisabled
                } _: { client in
                    let object = try await client.get(.configMaps, ObjectKey(namespace: "default", name: "a"))
                    #expect(object.json == big)
                    let response = try await client.raw(method: "GET", path: "/x")
                    #expect(response.headers["content-encoding"] == (isDisabled ? nil : "gzip"))
                }
            }
        }
    }

    @Test func `All calls and watches notice that their server dies`() async throws {
        try await withFront { request, reply in
            if request.query["watch"] != nil { try await reply.watch() }
            try await reply.closed()
        } _: { front, server in
            try await withClient(front) {
                $0.authorities = file("ca.crt")
            } _: { client in
                let watch = try await client.watch(.configMaps)
                let reader = Task { await caught { for try await _ in watch {} } }
                let call = Task { await caught { try await client.raw(method: "GET", path: "/api") } }
                #expect(await eventually { server.requests.count == 2 })
                front.process.signal(9)
                for error in [await reader.value, await call.value] {
                    #expect((error as? KubeClientError)?.code == .connectionLost, "\(message(error))")
                }
            }
        }
    }

    @Test func `A call through a proxy reaches the server`() async throws {
        // nginx acts as a plain HTTP proxy: it gets the complete URL.
        try await withServer { request, reply in
            try await reply.json(["target": .string(request.target)])
        } test: { client, server in
            let response = try await client.raw(method: "GET", path: "/api")
            let json = try JSON(parsing: response.body)
            #expect(json["target"]?.string == "\(server.url)/api" || json["target"]?.string == "/api")
        } configure: { cluster in
            cluster.proxy = Redacted(cluster.server.description)
        }
        directory.remove()
    }
}
