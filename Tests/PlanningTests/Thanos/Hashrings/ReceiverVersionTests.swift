import Hashring
import Kube
import Planning
import PlanningInput
import Testing

@Suite("What receivers of a version read of a hashring file")
struct ReceiverVersionTests {
    private static func scene(_ version: String, _ ring: String = "", tenants: String = "") throws -> Scene {
        var scene = try Scene(
            """
            apiVersion: tributary.dev/v1alpha1
            kind: GlobalView
            metadata: {name: main, generation: 1}
            spec:
              thanos:
                version: \(version)
                query: {url: "http://thanos-query.observability.svc:9090"}
                writeURL: http://thanos-receive.observability.svc:19291/api/v1/receive
                hashrings:
                - name: hard
                  adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: hard}}}
                - name: default
                  soft: true
                  adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}
                  \(ring)
            """)
        if !tenants.isEmpty { try scene.add(tenants) }
        for hashring in ["hard", "default"] { try scene.receivers(hashring, replicas: 3, ready: 3) }
        return scene
    }

    private static func tenant(_ more: String) -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: Tenant
        metadata: {name: a}
        spec: {globalViewRef: {name: main}, hashring: hard, \(more)}
        """
    }

    @Test func `Zones need 0.32, and until then the hashring stays while others go on`() throws {
        let zone = "membership: {zone: {from: statefulSet}}"
        let old = try Self.scene("v0.31.0", zone, tenants: Self.tenant("id: a")).plan()
        let error = try #require(old.diagnostics.first { $0.severity == .error })
        #expect(error.reason == "NotInVersion")
        #expect(error.field?.description == "spec.thanos.hashrings[1].membership.zone")
        #expect(
            error.message
                == "hashring \"default\" stays as it is: with zones, its endpoints are objects, and Thanos 0.31 reads "
                + "endpoints as plain addresses only, and refuses the file; 0.32 and later read it; remove zone, or set "
                + "spec.thanos.version")
        #expect(try old.hashringNames() == ["hard"])
        #expect(try old.readiness(of: "main").contains("NotInVersion"))
        let new = try Self.scene("v0.32.0", zone, tenants: Self.tenant("id: a")).plan()
        #expect(!new.diagnostics.contains { $0.reason == "NotInVersion" })
        #expect(try new.hashringNames() == ["hard", "default"])
    }

    @Test func `Without zones, every version since 0.31 reads the file`() throws {
        let plan = try Self.scene("v0.31.0").plan()
        #expect(!plan.diagnostics.contains { $0.reason == "NotInVersion" })
        let text = try #require(try plan.object("ConfigMap", "main-hashrings").json["data", "hashrings.json"]?.string)
        let findings = try HashringFile(parsing: text).validate(
            replicationFactor: 1, defaultAlgorithm: .ketama, text: text, version: ReceiverVersion(0, 31))
        #expect(findings.filter { $0.severity == .error } == [])
    }

    @Test func `A tenant with a pattern needs 0.35, and holds up nobody else`() throws {
        let scene = try Self.scene("v0.34.0", tenants: Self.tenant("id: \"a-*\", matcher: glob"))
        let error = try #require(scene.plan(tenant: "a").diagnostics.first { $0.severity == .error })
        #expect(error.reason == "NotInVersion" && error.field?.description == "spec.matcher")
        #expect(error.message.hasPrefix("Thanos 0.34 takes patterns for whole ids"))
        #expect(try scene.plan().hashringNames() == ["default"])
        let new = try Self.scene("v0.35.0", tenants: Self.tenant("id: \"a-*\", matcher: glob"))
        #expect(new.plan(tenant: "a").diagnostics.filter { $0.severity == .error } == [])
    }

    @Test func `What a version only ignores is a warning`() throws {
        let sharded = "shuffleSharding: {shardSize: 2}"
        let plan = try Self.scene("v0.38.0", sharded).plan()
        #expect(plan.diagnostics.contains { $0.reason == "NotInVersion" && $0.severity == .warning })
        #expect(!(try Self.scene("v0.39.0", sharded).plan().diagnostics.contains { $0.reason == "NotInVersion" }))
        let labelled = try Self.scene("v0.31.0", tenants: Self.tenant("externalLabels: {tier: gold}"))
        #expect(
            labelled.plan(tenant: "a").diagnostics.contains { $0.reason == "NotInVersion" && $0.severity == .warning })
    }
}
