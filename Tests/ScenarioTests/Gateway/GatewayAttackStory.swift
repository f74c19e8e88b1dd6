import Kube
import TestSupport
import Testing

@testable import Planning

@Suite("Attacks on the gateway", .withNginx, .timeLimit(.minutes(5)))
struct GatewayAttackStory {
    @Test func `Nobody writes or reads as another tenant, however the request is spelled`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let gateway = try await RunningGateway.start(story, backend.configuration())
            #expect(GatewayAttack.all.count >= 160, "\(GatewayAttack.all.count)")
            var before = 0
            var passed = 0
            for attack in GatewayAttack.all {
                let answer = try await exchange(
                    Array(attack.text.utf8), port: gateway.port, quiet: .milliseconds(150))
                let all = backend.server.requests
                for request in all[before...] {
                    if let reason = Self.leak(request) {
                        Issue.record("\(attack.name.debugDescription): \(reason): \(request)\n\(answer)")
                    }
                }
                passed += all.count > before ? 1 : 0
                before = all.count
            }
            // Many of them are served, as what they are: requests of tenant a.
            #expect(passed >= 40 && gateway.process.isRunning, "\(passed)")
            #expect(try await gateway.write("Write-Token-Of-b-new").json["headers"]?["thanos-tenant"] == "b")
            #expect(!gateway.process.log.lowercased().contains("token-of"))
        }
        await backend.server.stop()
    }

    /// Without the gateway's rules, most of the attacks reach what they want, so they are real ones.
    @Test func `A plain proxy lets most of the attacks through`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let port = try freePort()
            let names = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            let folders = names.map { "\($0)_temp_path \(story.directory.path($0));" }.joined(separator: "\n")
            let file = try story.directory.write(
                "plain.conf",
                """
                daemon off; master_process off; pid \(story.directory.path("pid")); error_log stderr crit;
                events {}
                http {
                    access_log off; underscores_in_headers on; ignore_invalid_headers off;
                    \(folders)
                    server { listen 127.0.0.1:\(port); location / { proxy_pass \(backend.server.url); } }
                }
                """)
            let nginx = try story.start("plain", try #require(InstalledPrograms.nginx), ["-e", "stderr", "-c", file])
            try await eventually("nginx listens") {
                guard nginx.isRunning else { throw WaitingError(description: nginx.log) }
                return try await curl(["http://127.0.0.1:\(port)/"]).code == 200
            }
            var before = backend.server.requests.count
            var leaks = 0
            for attack in GatewayAttack.all {
                _ = try await exchange(Array(attack.text.utf8), port: port, quiet: .milliseconds(150))
                let all = backend.server.requests
                // Nothing of this proxy sets a tenant or a path, so only what the caller forges counts.
                if all[before...].contains(where: { Self.isForged($0) }) { leaks += 1 }
                before = all.count
            }
            #expect(leaks >= 90, "\(leaks) of \(GatewayAttack.all.count)")
        }
        await backend.server.stop()
    }

    /// What is wrong with a request that the server behind the gateway got by an attack of `a`; nil if it is one of
    /// tenant `a`'s own.
    static func leak(_ request: ScriptedServer.Request) -> String? {
        func values(_ name: String) -> [String] {
            request.headers.filter { $0.name.lowercased() == name }.map(\.value)
        }
        let isWrite = request.target == "/api/v1/receive"
        guard values("thanos-tenant") == ["a"] else { return "the tenant is \(values("thanos-tenant"))" }
        guard values("x-tributary-tenants") == (isWrite ? [] : ["a"]) else { return "reads several tenants" }
        let paths = ["/prometheus/api/v1/query"]
        guard isWrite && request.method == "POST" || paths.contains(request.path) else { return "another path" }
        let known: Set = [
            "host", "connection", "thanos-tenant", "x-tributary-tenants", "content-length", "content-type",
            "user-agent", "accept", "traceparent",
        ]
        let others = request.headers.map { $0.name.lowercased() }.filter { !known.contains($0) }
        guard others.isEmpty else { return "has \(others)" }
        // A value of the caller's may not hold a line of its own for a server that is less strict.
        guard request.headers.allSatisfy({ !$0.value.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" } }) else {
            return "a value with several lines"
        }
        return nil
    }

    private static func isForged(_ request: ScriptedServer.Request) -> Bool {
        let others = request.headers.contains { name, value in
            !["host", "connection", "authorization", "content-length", "x"].contains(name.lowercased()) && value != "a"
        }
        let known = ["/tenants/write", "/tenants/read/api/v1/query"]
        return others || !known.contains(request.path) || !["GET", "POST"].contains(request.method)
    }
}
