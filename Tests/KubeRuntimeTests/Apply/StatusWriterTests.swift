import Kube
import KubeRuntime
import Testing

private let tenants = Resource(group: "tributary.dev", version: "v1alpha1", kind: "Tenant", plural: "tenants")

private func status(_ ready: String, _ reason: String) -> JSON {
    [
        "observedGeneration": 1,
        "conditions": [["type": "Ready", "status": .string(ready), "reason": .string(reason), "message": ""]],
    ]
}

@Suite("The writer of statuses") struct StatusWriterTests {
    private let server = FakeAPI()
    private let time = ManualTime()
    private let key = ObjectKey(namespace: "default", name: "a")
    private let writer: StatusWriter

    init() {
        writer = StatusWriter(api: server.api, fieldManager: "tributary", time: time.source)
        server.put(tenants, Object(tenants, namespace: "default", name: "a", ["spec": ["id": "a"]]))
    }

    private var observed: Object { get throws { try #require(server.object(tenants, key)) } }
    private func transition() throws -> String? {
        try observed.json["status", "conditions"]?[0]?["lastTransitionTime"]?.string
    }

    @Test func `A status is written once, and a condition's time changes only with its status`() async throws {
        #expect(try await writer.write(status("False", "Waiting"), of: observed, as: tenants))
        let first = try transition()
        #expect(first != nil)
        time.advance(by: .seconds(60))
        #expect(try await !writer.write(status("False", "Waiting"), of: observed, as: tenants))
        #expect(try await writer.write(status("False", "StillWaiting"), of: observed, as: tenants))
        #expect(try transition() == first)
        #expect(try await writer.write(status("True", "Done"), of: observed, as: tenants))
        #expect(try transition() != first)
        #expect(try observed.json["spec"] == ["id": "a"])
        #expect(server.calls == Array(repeating: "apply tenants.tributary.dev/status default/a", count: 3))
    }

    @Test func `A store that lags behind causes no second write and no new transition time`() async throws {
        let stale = try observed
        #expect(try await writer.write(status("True", "Done"), of: stale, as: tenants))
        time.advance(by: .seconds(5))
        #expect(try await !writer.write(status("True", "Done"), of: stale, as: tenants))
        #expect(server.calls.count == 1)
    }

    @Test func `A watch that shows what was written last shows it once, and no other version`() async throws {
        let before = try observed.version
        _ = try await writer.write(status("True", "Done"), of: observed, as: tenants)
        #expect(!writer.isOwn(tenants, key, before) {})
        #expect(try writer.isOwn(tenants, key, observed.version) {})
        #expect(try !writer.isOwn(tenants, key, observed.version) {})
        _ = try await writer.write(status("False", "Waiting"), of: observed, as: tenants)
        server.edit(tenants, key) { $0["status"] = nil }
        #expect(try !writer.isOwn(tenants, key, observed.version) {})
    }

    @Test func `A status that was removed is written again`() async throws {
        _ = try await writer.write(status("True", "Done"), of: observed, as: tenants)
        server.edit(tenants, key) { $0["status"] = nil }
        #expect(try await writer.write(status("True", "Done"), of: observed, as: tenants))
    }

    @Test func `A status is not written to an object that is gone or was replaced`() async throws {
        let seen = try observed
        server.remove(tenants, key)
        #expect(try await !writer.write(status("True", "Done"), of: seen, as: tenants))
        server.put(tenants, Object(tenants, namespace: "default", name: "a"))
        #expect(try await !writer.write(status("True", "Done"), of: seen, as: tenants))
        #expect(try observed.json["status"] == nil)
    }

    @Test func `A process that does not hold the lease writes no status`() async throws {
        let writer = StatusWriter(api: server.api, fieldManager: "tributary", mayWrite: { false })
        await #expect(throws: Applier.NotLeading.self) {
            try await writer.write(status("True", "Done"), of: observed, as: tenants)
        }
        #expect(server.calls.isEmpty)
    }
}
