import Kube
import KubeRuntime
@testable import Observability
import Testing

@Suite("A process of controllers") struct ControllerManagerTests {
    private let server = FakeAPI()
    private let log = Recording<String>()

    private func manager(lease: ObjectKey? = nil) -> ControllerManager {
        ControllerManager(
            options: ControllerManager.Options(observabilityAddress: nil, lease: lease, identity: "me"),
            api: server.api, registry: MetricsRegistry(), logger: quiet)
    }

    private func work(
        isSynced: @escaping @Sendable () -> Bool = { true }, prepare: @escaping @Sendable () async throws -> Void = {}
    ) -> ControllerManager.Work {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let (shutDown, onShutDown) = AsyncStream<Void>.makeStream()
        _ = end
        return ControllerManager.Work(
            watch: { [log] in
                log.append("watch")
                for await _ in ends {}
                log.append("watch ends")
            }, isSynced: isSynced, prepare: prepare,
            lead: { [log] in
                log.append("lead")
                for await _ in shutDown {}
                log.append("lead ends")
            },
            shutDown: { [log] in
                log.append("shut down")
                onShutDown.finish()
            }, stop: { [log] in log.append("stop") })
    }

    @Test func `What is under way is finished, then the lease is given back, then the watches end`() async throws {
        let lease = ObjectKey(namespace: "default", name: "tributary")
        let manager = manager(lease: lease)
        let work = work()
        let running = Task { try await manager.run(work) }
        try await eventually("it leads") { log.all.contains("lead") && log.all.contains("watch") }
        #expect(manager.mayWrite())
        server.setFault { [log] call in
            if call.hasPrefix("update leases") { log.append("lease") }
        }
        running.cancel()
        try await running.value
        #expect(log.all.filter { $0.hasSuffix("ends") || $0 == "stop" } == ["lead ends", "watch ends", "stop"])
        #expect(!manager.mayWrite())
        #expect(server.object(.leases, lease)?.json["spec", "holderIdentity"] == "")
    }

    @Test func `A process that is stopped before its watches have shown everything does not lead`() async throws {
        let manager = manager()
        let work = work {
            false
        } prepare: {
            try await Task.sleep(for: .seconds(600))
        }
        let running = Task { try await manager.run(work) }
        try await eventually("it watches") { log.all == ["watch"] }
        #expect(manager.health.response(path: "/readyz")?.status == 500)
        running.cancel()
        try await running.value
        #expect(log.all.contains("stop") && !log.all.contains("lead"))
    }
}
