import Kube
import TestSupport
import Testing
import TributaryAPI

@testable import Planning

@Suite("Client certificates with a URI at the gateway", .withNginx, .timeLimit(.minutes(5)))
struct GatewayIdentityStory {
    private static func uri(_ id: String) -> String { "spiffe://example.org/ns/\(id)/sa/agent" }

    /// Starts `tributary identity` as the gateway's pod does; returns its port.
    private static func startIdentity(_ story: Story) async throws -> Int {
        let (port, metrics) = (try freePort(), try freePort())
        let container = GatewayIdentity.container("tributary")
        var arguments = (container["args"]?.array ?? []).compactMap(\.string)
        arguments += [
            "--listen-address=127.0.0.1:\(port)", "--metrics-bind-address=127.0.0.1:\(metrics)", "--shutdown-delay=0s",
        ]
        _ = try story.start("identity", Checkout.tributary, arguments)
        try await eventually("the reader of certificates is ready") {
            try await curl(["http://127.0.0.1:\(metrics)/readyz"]).code == 200
        }
        return port
    }

    @Test func `A client certificate proves the tenant that lists its only URI, and no other spelling of it does`()
        async throws
    {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let authority = try await CertificateAuthority.make(in: story.directory, "ca")
            let server = try await authority.issue("server", subject: "/CN=localhost", server: true)
            let own = try ["crt", "key"].map { try TemporaryDirectory.read("\(server).\($0)") }
            try RunningGateway.mount(
                [GatewayFile(name: "tls.crt", text: own[0]), GatewayFile(name: "tls.key", text: own[1])], "tls",
                in: story.directory, version: 0)
            try RunningGateway.mount(
                [GatewayFile(name: "ca.crt", text: try TemporaryDirectory.read(authority.certificate))], "client-ca",
                in: story.directory, version: 0)
            var configuration = backend.configuration()
            configuration.servesTLS = true
            configuration.ports.identity = try await Self.startIdentity(story)
            let certificates: JSON = [
                "caSecretRef": ["name": "ca", "key": "ca.crt"], "permits": "ReadAndWrite", "tenantFrom": "URI",
            ]
            configuration.clientCertificates = try certificates.decode()
            configuration.tenants += [.sample("c"), .sample("d"), .sample("e")]
            configuration.tenants[0].certificateURIs = [Self.uri("a"), "urn:a:two"]
            configuration.tenants[1].certificateURIs = [Self.uri("b"), "spiffe://example.org/NS/A/sa/agent"]
            configuration.tenants[2].certificateURIs = [Self.uri("c"), "urn:shared"]
            configuration.tenants[2].refusesWrites = true
            configuration.tenants[3].certificateURIs = ["urn:shared", "x:$host"]
            configuration.tenants[4].limits.maxBodySize = .int(10)
            configuration.tenants[4].certificateURIs = [Self.uri("e")]
            #expect(configuration.files().problems.map(\.reason) == ["InvalidURI", "SharedCredential"])
            let gateway = try await RunningGateway.start(story, configuration)

            func arguments(_ certificate: String?) -> [String] {
                ["--cacert", authority.certificate]
                    + (certificate.map { ["--cert", "\($0).crt", "--key", "\($0).key"] } ?? [])
            }
            /// The statuses of a write and a read, and the tenant that the servers behind the gateway see.
            func outcome(_ certificate: String?, _ more: [String] = []) async throws -> String {
                let all = arguments(certificate) + more
                let write = try await gateway.send("/tenants/write", all + ["-d", "x"])
                let read = try await gateway.send("/tenants/read/api/v1/labels", all)
                let seen = [write, read].filter { $0.code == 200 }.map { answer in
                    let headers = answer.json["headers"] ?? [:]
                    #expect(headers["x-tributary-uri"] == nil && headers["x-tributary-client-certificate"] == nil)
                    return headers["thanos-tenant"]?.string ?? "nobody"
                }
                return "\(write.code) \(read.code)" + Set(seen).sorted().map { " \($0)" }.joined()
            }
            func named(_ names: String?, subject: String = "/CN=x") async throws -> String {
                let extensions = names.map { "subjectAltName=\($0)" }
                return try await outcome(try await authority.issue("client", subject: subject, extensions: extensions))
            }
            #expect(try await named("URI:\(Self.uri("a"))") == "200 200 a")
            #expect(try await named("DNS:agent,URI:urn:a:two,IP:127.0.0.1") == "200 200 a")
            #expect(try await named("URI:\(Self.uri("b"))") == "200 200 b")
            // In another case, it is the URI of another tenant.
            #expect(try await named("URI:spiffe://example.org/NS/A/sa/agent") == "200 200 b")
            #expect(try await named("URI:\(Self.uri("c"))") == "403 200 c")
            for other in [
                "URI:\(Self.uri("nobody"))", "URI:SPIFFE://example.org/ns/a/sa/agent",
                "URI:spiffe://EXAMPLE.org/ns/a/sa/agent",
                "URI:spiffe://example.org/ns/A/sa/agent", "URI:\(Self.uri("a"))/", "URI:\(Self.uri("a"))?",
                "URI:spiffe://example.org/ns/%61/sa/agent", "URI:spiffe://example.org/ns%2fa/sa/agent",
                "URI:spiffe://example.org/ns/b/../a/sa/agent", "URI:spiffe://example.org//ns/a/sa/agent",
                "URI:\(Self.uri("a"))%0d%0aX-Tributary-URI:urn:a:two", "URI:\(Self.uri("a"))%00",
                "URI:\(Self.uri("a")),URI:\(Self.uri("b"))", "URI:\(Self.uri("a")),URI:\(Self.uri("a"))",
                "URI:a", "URI:urn:shared", "DNS:a", "otherName:1.2.3.4;UTF8:\(Self.uri("a"))", "email:a@example.org",
            ] {
                #expect(try await named(other) == "403 403", "\(other)")
            }
            // The subject counts no longer, and neither does a certificate without alternative names.
            #expect(try await named(nil, subject: "/CN=a/OU=a") == "403 403")
            #expect(try await named("DNS:x", subject: "/CN=\(Self.uri("a").replacing("/", with: "\\/"))") == "403 403")

            let a = try await authority.issue(
                "client-a", subject: "/CN=b", extensions: "subjectAltName=URI:\(Self.uri("a"))")
            // What a caller says about a URI or a certificate is not read.
            for forged in [
                "X-Tributary-URI: \(Self.uri("b"))", "x-tributary-uri: urn:b", "X_Tributary_URI: urn:b",
                "X-Tributary-Service: b", "THANOS-TENANT: b", "X-Tributary-Client-Certificate: \(Self.uri("b"))",
                "Host: identity", "Host: service",
            ] {
                #expect(try await outcome(a, ["-H", forged]) == "200 200 a", "\(forged)")
                #expect(try await outcome(nil, ["-H", forged]) == "401 401", "\(forged)")
            }
            for path in ["/identity", "/identify", "/w/16777216-0-0"] {
                #expect(try await gateway.send(path, arguments(a)).code == 404, "\(path)")
            }
            // A token decides alone, and another authority proves nothing.
            #expect(try await outcome(a, ["-H", "Authorization: Bearer wrong-token-of-nobody"]) == "401 401")
            #expect(try await outcome(a, ["-H", "Authorization: Bearer Write-Token-Of-b-new"]) == "200 403 b")
            let foreign = try await CertificateAuthority.make(in: story.directory, "foreign")
            let stranger = try await foreign.issue(
                "foreign-a", subject: "/CN=a", extensions: "subjectAltName=URI:\(Self.uri("a"))")
            #expect(try await outcome(stranger) == "401 401")

            let e = try await authority.issue(
                "client-e", subject: "/CN=b", extensions: "subjectAltName=URI:\(Self.uri("e"))")
            #expect(try await gateway.send("/tenants/write", arguments(e) + ["-d", "1234567890"]).code == 200)
            #expect(try await gateway.send("/tenants/write", arguments(e) + ["-d", "12345678901"]).code == 413)
            let large = story.directory.path("large")
            try story.directory.write("large", [UInt8](repeating: 120, count: 5 << 20))
            let body = try await gateway.send("/tenants/write", arguments(a) + ["--data-binary", "@\(large)"])
            #expect(body.json["bytes"] == JSON(5 << 20))

            configuration.clientCertificates?.permits = nil
            try await gateway.follow(configuration)
            #expect(try await outcome(a) == "200 403 a")
            // Nobody is let in while certificates cannot be read.
            try await story.end("identity")
            #expect(try await outcome(a) == "503 503")
            #expect(try await outcome(nil, ["-H", "Authorization: Bearer Write-Token-Of-b-new"]) == "200 403 b")
        }
        await backend.server.stop()
    }
}
