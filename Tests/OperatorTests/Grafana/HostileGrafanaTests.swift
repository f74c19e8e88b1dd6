import Kube
import KubeClient
import Planning
import PlanningInput
import TestSupport
import Testing

@testable import Operator

/// Servers that are no Grafana, or a broken one.
@Suite("A Grafana that answers nonsense", .timeLimit(.minutes(5))) struct HostileGrafanaTests {
    private static let password = "hunter2-Secret-Password"
    private static let token = "tok3n-of-the-tenant-0123456789"

    /// Plays against a script until `isOver`, with one tenant. Nothing that is told or logged has a credential.
    private func play(
        _ script: @escaping ScriptedServer.Script, _ body: (GrafanaSetting, ScriptedServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer.start(script)
        let setting = try GrafanaSetting(url: server.url, password: Self.password)
        setting.start()
        setting.want("acme", token: Self.token)
        do {
            try await body(setting, server)
        } catch {
            await setting.stop()
            await server.stop()
            throw error
        }
        await setting.stop()
        await server.stop()
        let told = setting.log.withLock { $0 }.joined(separator: "\n")
        let basic = Base64.encode("root:\(Self.password)".utf8)
        for secret in [Self.password, Self.token, basic] { #expect(!told.contains(secret), "\(told)") }
    }

    struct Nonsense: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var expected: String
        var script: ScriptedServer.Script
    }

    static let nonsense: [Nonsense] = [
        Nonsense(testDescription: "a web page", expected: "found a web page, expected JSON") { _, reply in
            try await reply.respond(200, headers: [("Content-Type", "text/html")], Array("<html>".utf8))
        },
        Nonsense(testDescription: "text that is not JSON", expected: "not valid JSON") { _, reply in
            try await reply.respond(200, headers: [("Content-Type", "application/json")], Array("{".utf8))
        },
        Nonsense(testDescription: "500 without a body", expected: "with status 500, expected JSON") { _, reply in
            try await reply.respond(500)
        },
        Nonsense(testDescription: "500 that echoes the password", expected: "answers 500") { request, reply in
            let header = request.header("Authorization") ?? ""
            try await reply.json(["message": JSON("bad: \(header) \(Self.password)")], status: 500)
        },
        Nonsense(testDescription: "a redirect", expected: "found a redirect (302)") { _, reply in
            try await reply.respond(302, headers: [("Location", "https://elsewhere/")])
        },
        Nonsense(testDescription: "an endless body", expected: "longer than 4194304 bytes") { _, reply in
            try await reply.head(200, headers: [("Content-Type", "application/json")])
            while !reply.isClosed { try await reply.write([UInt8](repeating: 0x20, count: 1 << 20)) }
        },
        Nonsense(testDescription: "no answer", expected: "timed out") { _, reply in try await reply.closed() },
        Nonsense(testDescription: "a closed connection", expected: "GET /api/orgs") { _, reply in reply.drop() },
        Nonsense(testDescription: "another protocol", expected: "GET /api/orgs") { _, reply in
            try await reply.raw("220 mail.example.org ESMTP\r\n")
        },
        Nonsense(testDescription: "401", expected: "refuses the user and the password") { _, reply in
            try await reply.json(["message": JSON("invalid \(Self.password)")], status: 401)
        },
        Nonsense(testDescription: "403", expected: "expected the user of a server administrator") { _, reply in
            try await reply.json(["message": "Permission denied"], status: 403)
        },
        Nonsense(testDescription: "503", expected: "answers 503") { _, reply in try await reply.respond(503) },
    ]

    @Test(arguments: nonsense)
    func `An answer of nonsense is a problem of the server, which says what was found`(_ nonsense: Nonsense)
        async throws
    {
        try await play(nonsense.script) { setting, _ in
            try await waitUntil("the problem is told", within: .seconds(60)) { setting.serverProblem != nil }
            let text = setting.serverProblem?.text ?? ""
            #expect(text.contains(nonsense.expected), "\(text)")
            #expect(setting.organization(of: "acme") == nil)
            #expect(text.utf8.count < 1000)
        }
    }

    @Test func `A server that is away is asked less and less, and at once when it is back the organization is made`()
        async throws
    {
        let port = try freePort()
        let setting = try GrafanaSetting(url: "http://127.0.0.1:\(port)", password: Self.password)
        setting.start()
        for number in 0..<12 { setting.want("t\(number)") }
        try await waitUntil("the problem is told") { setting.serverProblem?.reason == "GrafanaUnavailable" }
        let server = try await ScriptedServer.start(port: port) { request, reply in
            try await Self.answer(request, reply)
        }
        try await waitUntil("all organizations are made", within: .seconds(120)) {
            (0..<12).allSatisfy { setting.organization(of: "t\($0)") != nil }
        }
        #expect(setting.serverProblem == nil)
        await setting.stop()
        await server.stop()
    }

    @Test func `A tenant on which Grafana fails keeps no other tenant waiting`() async throws {
        try await play { request, reply in
            let isOfAcme =
                request.target.contains("acme") || String(decoding: request.body, as: UTF8.self).contains("acme")
            guard isOfAcme else { return try await Self.answer(request, reply) }
            try await reply.json(["message": JSON("boom \(Self.token)")], status: 500)
        } _: { setting, _ in
            setting.want("beta")
            try await waitUntil("the other tenant has its organization") { setting.organization(of: "beta") != nil }
            try await waitUntil("the problem is told") { setting.problem(of: "acme") != nil }
            #expect(setting.problem(of: "acme")?.message.contains("answers 500") == true)
            #expect(setting.serverProblem == nil)
        }
    }

    @Test func `At most three organizations are worked on at once`() async throws {
        let (running, most) = (Locked(0), Locked(0))
        let server = try await ScriptedServer.start { request, reply in
            let now = running.withLock { value in
                value += 1
                return value
            }
            most.withLock { $0 = max($0, now) }
            try await Task.sleep(for: .milliseconds(2))
            running.withLock { $0 -= 1 }
            try await Self.answer(request, reply)
        }
        // A request that is given up goes on in the server, and would be counted beside the next one.
        let setting = try GrafanaSetting(url: server.url, password: Self.password, patience: .seconds(60))
        setting.start()
        for number in 0..<12 { setting.want("t\(number)") }
        try await waitUntil("all organizations are made") {
            (0..<12).allSatisfy { setting.organization(of: "t\($0)") != nil }
        }
        await setting.stop()
        await server.stop()
        #expect(most.withLock { $0 } <= 3)
    }

    @Test func `A Secret that is missing or lacks a key is named with what it has`() async throws {
        let setting = try GrafanaSetting(url: "http://127.0.0.1:1", password: Self.password)
        setting.set(secret: nil)
        setting.start()
        setting.want("acme")
        try await waitUntil("the problem is told") { setting.serverProblem != nil }
        #expect(
            setting.serverProblem?.text.hasPrefix("spec.grafana.api.adminSecretRef.name: there is no Secret o/grafana")
                == true)
        setting.set(secret: ["admin-user": JSON(Base64.encode("root".utf8)), "other": ""])
        try await waitUntil("the key is named") { setting.serverProblem?.reason == "SecretKeyNotFound" }
        #expect(
            setting.serverProblem?.text
                == "spec.grafana.api.adminSecretRef.passwordKey: Secret o/grafana has no key \"admin-password\"; it has: admin-user, other"
        )
        await setting.stop()
    }

    @Test func `A URL with a password is refused without being printed`() async throws {
        let setting = try GrafanaSetting(url: "http://root:\(Self.password)@127.0.0.1:1", password: Self.password)
        setting.start()
        setting.want("acme")
        try await waitUntil("the problem is told") { setting.serverProblem?.reason == "GrafanaURLInvalid" }
        #expect(setting.serverProblem?.text.contains(Self.password) == false)
        await setting.stop()
    }

    /// Answers as a Grafana in which organizations can be made and everything else is missing.
    private static func answer(_ request: ScriptedServer.Request, _ reply: ScriptedServer.Reply) async throws {
        switch (request.method, request.path) {
        case ("POST", "/api/orgs"): try await reply.json(["orgId": JSON(request.number + 1)])
        case ("GET", "/api/orgs"): try await reply.json([])
        case ("GET", let path) where path.hasSuffix("/users"):
            try await reply.json([["userId": 1, "login": "root", "role": "Admin"]])
        case ("GET", _): try await reply.json(["message": "not found"], status: 404)
        default: try await reply.json(["message": "done"])
        }
    }
}
