import Kube
import Testing

@testable import Planning

@Suite("The arguments of a Thanos version")
struct ThanosVersionTests {
    private static func plan(_ version: String, spoken: String = "protobuf") throws -> Plan {
        try Scene(
            Samples.managed.replacing(
                "replicationFactor: 2",
                with: "\(version)\n    replicationFactor: 2\n    replicationProtocol: \(spoken)")
        ).plan()
    }

    private static func names(_ object: Object) -> [String] {
        object.arguments.map { String($0.prefix { $0 != "=" }) }
    }

    @Test(arguments: [
        ("version: v0.31.0", false), ("image: mirror:5000/thanos:v0.36.1", false), ("version: v0.37.0", true),
        ("version: main-2026-01-01", true), ("image: mirror:5000/thanos@sha256:0123", true),
    ])
    func `Receivers and routers get only flags that their version has`(version: String, takes: Bool) throws {
        let plan = try Self.plan(version)
        let set = try plan.object("StatefulSet", "main-receive-hashring-0")
        let router = try plan.object("Deployment", "main-receive")
        for object in [set, router] {
            #expect(object.arguments.first == "receive")
            #expect(Self.names(object).contains("--receive.replication-protocol") == takes)
            #expect(Self.names(object).contains("--receive.replication-factor"))
        }
        #expect(plan.messages == [])
    }

    @Test func `A protocol that the version does not have is left out everywhere, and a warning says so`() throws {
        let plan = try Self.plan("version: v0.31.0", spoken: "capnproto")
        let set = try plan.object("StatefulSet", "main-receive-hashring-0")
        #expect(!Self.names(set).contains { $0.contains("capnproto") || $0.contains("protocol") })
        #expect(!"\(try plan.hashrings())".contains("capnproto"))
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.replicationProtocol: Thanos v0.31.0 has no "
                    + "--receive.replication-protocol, so receivers and routers forward by protobuf; v0.37.0 and later "
                    + "have it"
            ])
    }

    @Test func `A flag that was removed is left out from that version on`() {
        #expect(ThanosFlags.span(.query, "store").contains(ThanosVersion(0, 37, 2)))
        #expect(!ThanosFlags.span(.query, "store").contains(ThanosVersion(0, 38)))
        #expect(!ThanosFlags.span(.query, "store").contains(nil))
        #expect(ThanosFlags.span(.query, "query.default-tenant").contains(ThanosVersion(0, 32, 5)))
        #expect(!ThanosFlags.span(.query, "query.default-tenant").contains(ThanosVersion(0, 31)))
        #expect(ThanosFlags.span(.query, "endpoint").contains(ThanosVersion(0, 31)))
    }
}
