import Kube
import TestSupport
import Testing
import TributaryAPI

@testable import Planning

@Suite("Certificates and an authenticating service at the gateway", .withNginx, .timeLimit(.minutes(5)))
struct GatewayProofStory {
    @Test func `A client certificate proves the tenant that its subject names`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let authority = try await CertificateAuthority.make(in: story.directory, "ca")
            func certify(_ version: Int, _ file: String) throws {
                let parts = try ["crt", "key"].map { try TemporaryDirectory.read("\(file).\($0)") }
                try RunningGateway.mount(
                    [GatewayFile(name: "tls.crt", text: parts[0]), GatewayFile(name: "tls.key", text: parts[1])], "tls",
                    in: story.directory, version: version)
            }
            try certify(0, try await authority.issue("server", subject: "/CN=localhost", server: true))
            try RunningGateway.mount(
                [GatewayFile(name: "ca.crt", text: try TemporaryDirectory.read(authority.certificate))], "client-ca",
                in: story.directory, version: 0)
            var configuration = backend.configuration()
            configuration.servesTLS = true
            let certificates: JSON = ["caSecretRef": ["name": "ca", "key": "ca.crt"], "permits": "ReadAndWrite"]
            configuration.clientCertificates = try certificates.decode()
            configuration.tenants += [.sample("A"), .sample("a'(x)"), .sample("c")]
            configuration.tenants[4].refusesWrites = true
            let gateway = try await RunningGateway.start(story, configuration)

            func statuses(_ certificate: String?, _ more: [String] = []) async throws -> [Int] {
                var arguments = ["--cacert", authority.certificate]
                if let certificate {
                    arguments += ["--cert", "\(certificate).crt", "--key", "\(certificate).key"]
                }
                let write = try await gateway.send("/tenants/write", arguments + more + ["-d", "x"])
                let read = try await gateway.send("/tenants/read/api/v1/labels", arguments + more)
                for answer in [write, read] where answer.code == 200 {
                    let id = answer.json["headers"]?["thanos-tenant"]?.string ?? ""
                    return [write.code, read.code] + (id == "a" ? [] : [id == "A" ? 1 : id == "a'(x)" ? 2 : 3])
                }
                return [write.code, read.code]
            }
            func subject(_ subject: String) async throws -> [Int] {
                try await statuses(try await authority.issue("client", subject: subject))
            }
            #expect(try await subject("/CN=a") == [200, 200])
            #expect(try await subject("/O=x/OU=b/CN=a") == [200, 200])
            #expect(try await subject("/CN=a/O=Example, Inc.") == [200, 200])
            // An element of the subject with two attributes.
            #expect(try await subject("/O=y+CN=a") == [200, 200])
            #expect(try await subject("/CN=A") == [200, 200, 1])
            #expect(try await subject("/CN=a'(x)") == [200, 200, 2])
            #expect(try await subject("/CN=c") == [403, 200, 3])
            for other in [
                "/CN=nobody", "/CN=a,b", "/CN=a ", "/O=a", "/OU=a", "/CN=x/O=y,CN=a", "/O=y,CN=a", "/O=y\\+CN=a",
                "/O=y\\+CN=a/OU=c",
                "/CN=a/CN=b", "/CN=b/CN=a", "/CN=a\\/CN=b", "/CN=a|a a wr 16777216-0-0 -|", "/UID=a", "/O=\"CN=a\"",
            ] {
                #expect(try await subject(other) == [403, 403], "\(other)")
            }
            // A token decides alone, and never falls back to the certificate.
            let a = try await authority.issue("client-a", subject: "/CN=a")
            #expect(try await statuses(a, ["-H", "Authorization: Bearer wrong-token-of-nobody"]) == [401, 401])
            #expect(try await statuses(a, ["-H", "Authorization: Bearer Write-Token-Of-a-old"]) == [200, 403])
            let b = try await gateway.send(
                "/tenants/write",
                ["--cacert", authority.certificate, "--cert", "\(a).crt", "--key", "\(a).key", "-d", "x"]
                    + ["-H", "Authorization: Bearer Write-Token-Of-b-new"])
            #expect(b.json["headers"]?["thanos-tenant"] == "b")
            #expect(try await statuses(nil) == [401, 401])

            // Of an authority that the view does not name, and of nobody.
            let foreign = try await CertificateAuthority.make(in: story.directory, "foreign")
            #expect(try await statuses(try await foreign.issue("foreign-a", subject: "/CN=a")) == [401, 401])

            configuration.clientCertificates?.permits = nil
            try await gateway.follow(configuration)
            #expect(try await statuses(a) == [200, 403])
            configuration.clientCertificates?.tenantFrom = "OrganizationalUnit"
            try await gateway.follow(configuration)
            #expect(try await statuses(a) == [403, 403])
            #expect(try await subject("/CN=b/OU=a") == [200, 403])
            #expect(try await subject("/OU=a/OU=b") == [403, 403])

            // A renewed certificate is served, and a broken one is not.
            try story.directory.write("broken.crt", "nonsense")
            try story.directory.write("broken.key", "nonsense")
            try certify(1, story.directory.path("broken"))
            try await eventually("the broken certificate is refused") {
                gateway.process.log.contains("the new configuration is refused")
            }
            #expect(try await statuses(nil) == [401, 401])
            try certify(2, try await foreign.issue("renewed", subject: "/CN=localhost", server: true))
            try await eventually("the renewed certificate is served") {
                try await gateway.send("/", ["--cacert", foreign.certificate]).code == 404
            }
        }
        await backend.server.stop()
    }

    @Test func `A service names the tenant of those who have no credential of the gateway`() async throws {
        let backend = try await GatewayBackend.start()
        let asked = Locked<[ScriptedServer.Request]>([])
        let service = try await ScriptedServer.start { request, reply in
            asked.withLock { $0.append(request) }
            switch request.header("Authorization") ?? request.header("Cookie") {
            case "Bearer a.jwt.of-somebody": try await reply.respond(202, headers: [("X-Auth-Request-Tenant", "a")])
            case "session=b": try await reply.respond(200, headers: [("X-Auth-Request-Tenant", "b")])
            case "session=nobody": try await reply.respond(200, headers: [("X-Auth-Request-Tenant", "nobody")])
            case "session=evil":
                try await reply.respond(200, headers: [("X-Auth-Request-Tenant", "a |a b wr 16777216-0-0 -|")])
            case "session=none": try await reply.respond(200)
            case "session=forbidden": try await reply.respond(403)
            case "session=broken": try await reply.respond(500)
            default: try await reply.respond(401, headers: [("WWW-Authenticate", "Bearer realm=\"oidc\"")])
            }
        }
        try await Story.tell { story in
            var configuration = backend.configuration()
            let question: JSON = ["url": JSON("\(service.url)/oauth2/auth"), "permits": "ReadAndWrite"]
            configuration.service = try question.decode()
            configuration.tenants[1].limits.maxBodySize = .int(10)
            let gateway = try await RunningGateway.start(story, configuration)
            func send(_ path: String, _ arguments: String...) async throws -> CurlResponse {
                try await gateway.send(path, arguments)
            }
            let (write, read) = ("/tenants/write", "/tenants/read/api/v1/query?query=up&x=%2f")
            // 503 says that the service did not answer in time, as on a busy machine: that decides nothing.
            func decision(_ arguments: String...) async throws -> Int {
                var code = 503
                for _ in 0..<5 where code == 503 { code = try await gateway.send(read, arguments).code }
                return code
            }
            let token = "Authorization: Bearer a.jwt.of-somebody"
            // What only a proxy should say about a caller does not reach the service.
            let claims = [
                "X-Forwarded-User: b", "X-Forwarded-For: 10.1.1.1", "X-Real-IP: 10.1.1.1", "Forwarded: for=b",
            ]
            let first = try await gateway.send(
                read,
                ([token, "X-Auth-Request-Tenant: b", "THANOS-TENANT: b"] + claims).flatMap { ["-H", $0] })
            #expect(first.json["headers"]?["thanos-tenant"] == "a" && first.json["headers"]?["cookie"] == nil)
            #expect(first.json["target"] == "/prometheus/api/v1/query?query=up&x=%2f")
            #expect(first.json["headers"]?["authorization"] == nil)
            let asking = try #require(asked.withLock { $0.first })
            #expect(asking.path == "/oauth2/auth" && asking.header("X-Original-Method") == "GET")
            #expect(asking.header("X-Auth-Request-Tenant") == nil)
            for claim in claims { #expect(asking.header(String(claim.prefix { $0 != ":" })) == nil, "\(claim)") }
            let body = try await send(write, "-H", token, "--data-binary", String(repeating: "x", count: 100_000))
            #expect(body.json["bytes"] == 100_000 && body.json["headers"]?["thanos-tenant"] == "a")
            #expect(try await send(read, "-b", "session=b").json["headers"]?["thanos-tenant"] == "b")
            #expect(try await send(write, "-b", "session=b", "-d", "12345678901").code == 413)
            #expect(try await decision("-b", "session=nobody") == 403)
            #expect(try await decision("-b", "session=evil") == 403)
            #expect(try await decision("-b", "session=none") == 403)
            #expect(try await decision("-b", "session=none", "-H", "X-Tributary-Service: a") == 403)
            #expect(try await decision("-b", "session=forbidden") == 403)
            #expect(try await send(read, "-b", "session=broken").code == 503)
            #expect(try await decision() == 401)
            #expect(try await decision("-H", "X-Tributary-Service: a") == 401)
            // A credential of the gateway decides without a question, and other paths ask nobody.
            let count = asked.withLock { $0.count }
            #expect(try await gateway.read("Read-Token-Of-b-new").code == 200)
            #expect(try await gateway.read("Write-Token-Of-b-new").code == 403)
            #expect(try await send("/tenants/read/api/v1/status/config", "-H", token).code == 404)
            #expect(try await send("/service", "-H", token).code == 404)
            #expect(try await send("/authenticate", "-H", token).code == 404)
            #expect(asked.withLock { $0.count } == count)

            configuration.service?.permits = nil
            try await gateway.follow(configuration)
            #expect(try await send(write, "-H", token, "-d", "x").code == 401)
            #expect(try await send(read, "-H", token).code == 200)
        }
        await backend.server.stop()
        await service.stop()
    }
}
