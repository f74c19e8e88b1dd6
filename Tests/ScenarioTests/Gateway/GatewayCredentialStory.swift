import Kube
import TestSupport
import Testing

@testable import Planning

@Suite("Who writes and reads through the gateway", .withNginx, .timeLimit(.minutes(5)))
struct GatewayCredentialStory {
    /// A request with some credential, and what becomes of it.
    struct Case: CustomTestStringConvertible {
        var credential: [String]
        var write: Int
        var read: Int
        var testDescription: String { credential.joined(separator: " ") }

        init(_ credential: String..., write: Int, read: Int) {
            self.credential = credential
            (self.write, self.read) = (write, read)
        }
    }

    static let cases = [
        Case(write: 401, read: 401),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-new", write: 200, read: 403),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-old", write: 200, read: 403),
        Case("-H", "Authorization: Bearer Read-Token-Of-a-new", write: 403, read: 200),
        Case("-H", "Authorization: Bearer Read-Token-Of-a-old", write: 403, read: 200),
        Case("-H", "authorization: bearer   Write-Token-Of-a-new ", write: 200, read: 403),
        Case("-H", "AUTHORIZATION: BEARER Read-Token-Of-a-new", write: 403, read: 200),
        Case("-H", "Authorization: Bearer write-token-of-a-new", write: 401, read: 401),
        Case("-H", "Authorization: Bearer WRITE-TOKEN-OF-A-NEW", write: 401, read: 401),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-neW", write: 401, read: 401),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-ne", write: 401, read: 401),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-new2", write: 401, read: 401),
        Case("-H", "Authorization: Bearer", write: 401, read: 401),
        Case("-H", "Authorization: Write-Token-Of-a-new", write: 401, read: 401),
        Case("-H", "Authorization: Token Write-Token-Of-a-new", write: 401, read: 401),
        Case("-H", "Authorization: Bearer Write-Token-Of-a-new, Bearer x", write: 401, read: 401),
        Case("-H", "Authorization: Bearer b:Write-Token-Of-a-new", write: 401, read: 401),
        Case("-H", "Authorization: Bearer i:a", write: 401, read: 401),
        Case("-u", "tenant-a:Write-Token-Of-a-new", write: 200, read: 403),
        Case("-u", "a:Write-Token-Of-a-old", write: 200, read: 403),
        Case("-u", "tenant-a:Read-Token-Of-a-new", write: 403, read: 200),
        Case("-u", "a:Read-Token-Of-a-old", write: 403, read: 200),
        Case("-u", "tenant-b:Write-Token-Of-a-new", write: 401, read: 401),
        Case("-u", "Tenant-a:Write-Token-Of-a-new", write: 401, read: 401),
        Case("-u", "A:Write-Token-Of-a-new", write: 401, read: 401),
        Case("-u", "tenant-a:write-token-of-a-new", write: 401, read: 401),
        Case("-u", ":Write-Token-Of-a-new", write: 401, read: 401),
        Case("-u", "tenant-a:", write: 401, read: 401),
        Case("-H", "Authorization: Basic Write-Token-Of-a-new", write: 401, read: 401),
        Case("-H", "Authorization: Basic", write: 401, read: 401),
        // The letters of Base64 in other cases are other credentials.
        Case(
            "-H", "Authorization: Basic \(Base64.encode("a:Write-Token-Of-a-new".utf8).lowercased())", write: 401,
            read: 401),
        Case("-H", "X-Api-Key: Write-Token-Of-a-new", write: 401, read: 401),
        Case("-H", "Proxy-Authorization: Bearer Write-Token-Of-a-new", write: 401, read: 401),
    ]

    @Test func `Only an exact credential passes, and only for what it permits`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let gateway = try await RunningGateway.start(story, backend.configuration())
            for item in Self.cases {
                let write = try await gateway.send("/tenants/write", item.credential + ["--data-binary", "x"])
                #expect(write.code == item.write, "write with \(item.credential): \(write.body)")
                let read = try await gateway.send("/tenants/read/api/v1/query?query=up", item.credential)
                #expect(read.code == item.read, "read with \(item.credential): \(read.body)")
                for refused in [write, read] where refused.code != 200 {
                    #expect(refused.json["status"] == "error", "\(refused.body)")
                }
            }
            for request in backend.server.requests {
                #expect(request.headers.filter { $0.name.lowercased() == "thanos-tenant" }.map(\.value) == ["a"])
                #expect(request.header("Authorization") == nil)
            }
            let written = try await gateway.write("Write-Token-Of-b-old")
            #expect(written.json["target"] == "/api/v1/receive" && written.json["bytes"] == 1)
            #expect(written.json["headers"]?["x-tributary-tenants"] == nil)
            let read = try await gateway.read("Read-Token-Of-b-old", "label/__name__/values?match[]=x&x=%2e")
            #expect(read.json["target"] == "/prometheus/api/v1/label/__name__/values?match[]=x&x=%2e")
            #expect(read.json["headers"]?["x-tributary-tenants"] == "b")
            // Neither a credential nor a query is in the log, which names tenants and statuses.
            let log = gateway.process.log
            #expect(log.contains("\"status\":401") && !log.lowercased().contains("token-of"), "\(log)")
            #expect(log.contains("\"tenant\":\"a\"") && !log.contains("query"), "\(log)")
        }
        await backend.server.stop()
    }

    @Test func `Ids, users and tokens that differ only in case stay apart, and a shared one counts for nobody`()
        async throws
    {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            let lower = GatewayTenant(id: "team", user: "x", writeTokens: ["same-letters-of-case"], readTokens: [])
            let upper = GatewayTenant(id: "TEAM", user: "x", writeTokens: ["SAME-letters-of-CASE"], readTokens: [])
            let mixed = GatewayTenant(id: "Team", user: "x", writeTokens: ["Same-Letters-Of-Case"], readTokens: [])
            let one = GatewayTenant(id: "one", user: "one", writeTokens: ["shared-by-two-tenants"], readTokens: [])
            let two = GatewayTenant(
                id: "two", user: "two", writeTokens: ["only-of-the-tenant-two"], readTokens: ["shared-by-two-tenants"])
            configuration.tenants += [lower, upper, mixed, one, two]
            let problems = configuration.files().problems
            #expect(problems.map(\.reason) == ["SharedCredential"] && problems.first?.tenants == ["one", "two"])
            #expect(problems.first?.message.contains("shared-by") == false)
            let gateway = try await RunningGateway.start(story, configuration)
            for tenant in [lower, upper, mixed] {
                let answer = try await gateway.write(tenant.writeTokens[0])
                #expect(answer.json["headers"]?["thanos-tenant"] == JSON(tenant.id))
                let basic = try await gateway.send(
                    "/tenants/write", ["-u", "\(tenant.id):\(tenant.writeTokens[0])", "-d", "x"])
                #expect(basic.json["headers"]?["thanos-tenant"] == JSON(tenant.id))
                let other = tenant.id == "team" ? "TEAM" : "team"
                #expect(
                    try await gateway.send("/tenants/write", ["-u", "\(other):\(tenant.writeTokens[0])", "-d", "x"])
                        .code == 401)
            }
            #expect(try await gateway.write("sAmE-letters-of-case").code == 401)
            #expect(try await gateway.write("shared-by-two-tenants").code == 401)
            #expect(try await gateway.read("shared-by-two-tenants").code == 401)
            #expect(try await gateway.write("only-of-the-tenant-two").code == 200)
            #expect(try await gateway.write("Write-Token-Of-a-new").code == 200)
        }
        await backend.server.stop()
    }
}
