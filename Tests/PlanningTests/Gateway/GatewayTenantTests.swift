import Kube
import PlanningInput
import Testing
import TributaryAPI

@testable import Planning

@Suite("Tenants of a gateway")
struct GatewayTenantTests {
    private static func tenants(_ scene: Scene) throws -> GatewayTenants {
        let view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        return GatewayTenants(of: try #require(ViewBackends.backend(of: view, in: scene.snapshot)), in: scene.snapshot)
    }

    private static func give(
        _ scene: inout Scene, _ tenant: String, write: String? = nil, read: String? = nil, former: String? = nil,
        until: Duration = .seconds(60)
    ) {
        let now = scene.snapshot.now
        for (purpose, token) in [(CredentialPurpose.write, write), (.read, read)] {
            guard let token else { continue }
            let credential = TenantCredential(
                token: token, validSince: now, former: former,
                formerValidUntil: former.map { _ in now.advanced(by: until) })
            scene.snapshot.take(.tenantCredential(Scene.key(tenant), purpose, credential))
        }
    }

    @Test func `The gateway serves the view's tenants, with their limits and what they also see`() throws {
        var scene = try Scene(
            Samples.gateway, Samples.tenant("tenant-a", "{id: acme, read: {alsoSees: [shared]}}"),
            Samples.tenant("tenant-b", "{gateway: {limits: {requestsPerSecond: 5}}, offboarding: {readsFor: 1h}}"),
            Samples.tenant("tenant-c", "{hashring: none}"))
        Self.give(&scene, "tenant-a", write: "write-token", read: "read-token")
        let tenants = try Self.tenants(scene).all
        #expect(tenants.map(\.user) == ["tenant-a", "tenant-b"])
        #expect(tenants[0].id == "acme")
        #expect(tenants[0].writeTokens == ["write-token"])
        #expect(tenants[0].readTokens == ["read-token"])
        #expect(tenants[0].alsoSees == ["shared"])
        #expect(tenants[0].limits == GatewayLimits(maxBodySize: .string("8Mi"), requestsPerSecond: 50))
        #expect(tenants[1].limits == GatewayLimits(maxBodySize: .string("8Mi"), requestsPerSecond: 5))
        #expect(tenants.map(\.refusesWrites) == [false, true])
    }

    @Test func `A former credential is accepted until its time is over, and the view is planned again then`() throws {
        var scene = try Scene(Samples.gateway, Samples.tenant("tenant-a"))
        Self.give(&scene, "tenant-a", write: "new", former: "old", until: .seconds(90))
        #expect(try Self.tenants(scene).all.first?.writeTokens == ["new", "old"])
        #expect(scene.plan().recheckAfter == .seconds(90))
        scene.snapshot.now.seconds += 90
        #expect(try Self.tenants(scene).all.first?.writeTokens == ["new"])
    }

    @Test func `A credential concerns the view if that has a gateway, and only if it changes`() throws {
        var scene = try Scene(Samples.gateway, Samples.tenant("tenant-a"))
        let (view, tenant) = (PlanKey.globalView(Scene.key("main")), PlanKey.tenant(Scene.key("tenant-a")))
        let credential = TenantCredential(token: "token", validSince: scene.snapshot.now)
        let change = Change.tenantCredential(Scene.key("tenant-a"), .write, credential)
        #expect(scene.snapshot.take(change) == [view, tenant])
        #expect(scene.snapshot.take(change) == [])
        var open = try Scene(Samples.thanos, Samples.tenant("tenant-a"))
        #expect(open.snapshot.take(change) == [tenant])
    }
}
