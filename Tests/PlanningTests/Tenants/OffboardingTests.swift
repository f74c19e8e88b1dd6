import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Bringing a tenant off")
struct OffboardingTests {
    private static func scene(_ offboarding: String, view: String = Samples.walled) throws -> Scene {
        var scene = try Scene(view, Samples.tenant("tenant-a", "{offboarding: \(offboarding)}"))
        scene.makeRandom(1)
        return scene
    }

    @Test func `Reads go on for as long as asked, and then nothing is left`() throws {
        var scene = try Self.scene("{readsFor: 48h}")
        let start = scene.snapshot.now
        try scene.applyCredentials(of: "tenant-a")
        scene.pass(hours: 47)
        // Another process knows the start from the status.
        scene.makeRandom(2)
        var plan = scene.plan(tenant: "tenant-a")
        #expect(plan.names.contains("Secret tenant-a-datasource"))
        #expect(plan.names.contains("Secret tenant-a-read-credential"))
        #expect(plan.recheckAfter == .seconds(3600))
        let until = start.advanced(by: .seconds(48 * 3600))
        #expect(
            try plan.status(of: "tenant-a")["offboarding"]
                == ["since": JSON(start.description), "readsUntil": JSON(until.description), "phase": "ReadOnly"])
        try scene.setStatus(of: "tenant-a", plan)
        scene.pass(hours: 1)
        plan = scene.plan(tenant: "tenant-a")
        #expect(plan.objects == [] && !plan.keepsExisting && plan.keeps == [])
        #expect(
            try plan.status(of: "tenant-a")["offboarding"]
                == ["since": JSON(start.description), "readsUntil": JSON(until.description), "phase": "Removed"])
        let ready = try plan.condition("Ready", of: "tenant-a")
        #expect(
            ready.message
                == "offboarded since \(start): everything that was created for the tenant is removed, and stored series "
                + "stay until their retention ends")
        #expect(ready.status == .true)
    }

    @Test func `Without a time for reads everything is removed at once`() throws {
        let plan = try Self.scene("{}").plan(tenant: "tenant-a")
        #expect(plan.objects == [])
        #expect(try plan.status(of: "tenant-a")["offboarding", "phase"] == "Removed")
    }

    @Test func `A tenant that is taken back gets everything again`() throws {
        var scene = try Self.scene("{}")
        try scene.setStatus(of: "tenant-a", scene.plan(tenant: "tenant-a"))
        try scene.change("tenant-a") { $0.spec.offboarding = nil }
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.names.contains("Secret tenant-a-write-credential"))
        #expect(try plan.status(of: "tenant-a")["offboarding"] == nil)
    }

    @Test func `Without a gateway a warning says who still writes`() throws {
        let plan = try Self.scene("{readsFor: 1h}", view: Samples.external).plan(tenant: "tenant-a")
        #expect(plan.diagnostics.map(\.reason) == ["NoGateway"])
    }

    @Test func `Agents stop to write as the tenant at once and say so`() throws {
        var scene = try Self.scene("{readsFor: 1h}")
        try scene.change("tenant-a") { $0.spec.agents = nil }
        try scene.add(
            Samples.agent.replacing(
                "tenantRef: {name: tenant-a}",
                with: "tenantRef: {name: tenant-a}\n  remoteWrite: [{url: \"http://other/write\"}]"))
        let plan = scene.plan(agent: "cluster")
        #expect(plan.diagnostics.map(\.reason) == ["TenantOffboarding"])
        let file = try AgentPlannerTests.configuration(plan)
        #expect(file["remote_write"]?.array?.compactMap { $0["url"]?.string } == ["http://other/write"])
        #expect(file["global", "external_labels"]?["tenant"] == "tenant-a")
    }
}
