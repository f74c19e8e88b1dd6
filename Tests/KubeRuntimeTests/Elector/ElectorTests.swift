import Kube
import KubeRuntime
import Logging
import Testing

private let lease = ObjectKey(namespace: "default", name: "tributary")

@Suite("Leader election") struct ElectorTests {
    private let server = FakeAPI()
    private let time = ManualTime()

    private func elector(_ identity: String) -> Elector {
        Elector(
            lease: lease, identity: identity, api: server.api, logger: Logger(label: "test"), time: time.source)
    }

    private var holder: String? { server.object(.leases, lease)?.json["spec", "holderIdentity"]?.string }

    @Test func `One of two processes leads, and the other one leads when the first has ended its work`() async throws {
        let first = elector("a")
        let second = elector("b")
        let stop = AsyncStream<Void>.makeStream()
        let log = Recording<String>()
        let leading = Task {
            try await first.run {
                log.append("a leads")
                for await _ in stop.stream {}
                log.append("a ends")
            }
        }
        try await eventually("a leads") { first.isLeading }
        let following = Task { try await second.run { log.append("b leads") } }
        try await eventually("b waits") { second.holder == "a" && !time.naps.isEmpty }
        first.shutDown()
        #expect(first.isLeading, "the lease is kept until the work has ended")
        stop.continuation.finish()
        try await leading.value
        #expect(holder == "")
        try await eventually("b leads and ends") {
            time.advance(by: .seconds(1))
            return log.all == ["a leads", "a ends", "b leads"]
        }
        try await following.value
        #expect(!first.isLeading && !second.isLeading)
    }

    @Test func `The lease is renewed for as long as the work takes`() async throws {
        let elector = elector("a")
        let running = Task { try await elector.run { try await Task.sleep(for: .seconds(60)) } }
        try await eventually("it leads") { elector.isLeading }
        let first = server.object(.leases, lease)?.json["spec", "renewTime"]
        for round in 1...20 {
            try await eventually("it waits for the next renewal") { time.naps == [.seconds(2)] }
            time.advance(by: .seconds(2))
            try await eventually("it renews") { server.calls.count { $0.hasPrefix("update") } == round }
        }
        #expect(elector.isLeading)
        #expect(server.object(.leases, lease)?.json["spec", "renewTime"] != first)
        #expect(server.calls.count { $0.hasPrefix("get") } == 1)
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(holder == "", "the lease was released though the task was cancelled")
    }

    @Test func `The work stops when the lease cannot be renewed`() async throws {
        let elector = elector("a")
        let ended = Recording<String>()
        let running = Task {
            try await elector.run {
                do { try await Task.sleep(for: .seconds(60)) } catch { ended.append("stopped") }
            }
        }
        try await eventually("it leads") { elector.isLeading }
        server.setFault { _ in throw APIStatus.timeout("away") }
        try await eventually("it stops") {
            time.advance(by: .milliseconds(100))
            return !ended.all.isEmpty
        }
        await #expect(throws: Elector.LeaseLost.self) { try await running.value }
        #expect(ended.all == ["stopped"])
        #expect(!elector.isLeading)
        #expect(holder == "a", "what was lost is not released")
    }

    @Test func `A call that hangs does not lose the lease`() async throws {
        let elector = elector("a")
        let running = Task { try await elector.run { try await Task.sleep(for: .seconds(60)) } }
        try await eventually("it leads") { elector.isLeading }
        let server = server
        server.setFault { call in
            server.setFault(nil)
            try await Task.sleep(for: .seconds(60))
        }
        try await eventually("it waits for the next renewal") { time.naps == [.seconds(2)] }
        time.advance(by: .seconds(2))
        try await eventually("the call is limited in time") { time.naps == [.seconds(5)] }
        time.advance(by: .seconds(5))
        try await eventually("it renews") { server.calls.last?.hasPrefix("update") == true && server.calls.count >= 4 }
        #expect(elector.isLeading)
        running.cancel()
        _ = try? await running.value
    }

    @Test func `A candidate that is shut down while it waits returns at once`() async throws {
        server.put(
            .leases,
            Object(
                .leases, namespace: "default", name: "tributary",
                ["spec": ["holderIdentity": "b", "leaseDurationSeconds": 15]]))
        let elector = elector("a")
        let running = Task { try await elector.run { Issue.record("it leads") } }
        try await eventually("it waits") { !time.naps.isEmpty }
        elector.shutDown()
        try await running.value
        #expect(elector.holder == "b")
        #expect(holder == "b")
    }

    /// A real API server refuses such a lease, unless an older one stored it or it comes from elsewhere.
    @Test(arguments: [Int.max, Int.min, -1, Int(Int32.max)])
    func `A lease with any number of transitions can be taken`(transitions: Int) async throws {
        server.put(
            .leases,
            Object(
                .leases, namespace: "default", name: "tributary",
                ["spec": ["holderIdentity": "", "leaseDurationSeconds": 1, "leaseTransitions": JSON(transitions)]]))
        let elector = elector("a")
        try await elector.run { #expect(elector.isLeading) }
        let now = try #require(server.object(.leases, lease)?.json["spec", "leaseTransitions"]?.int)
        #expect(now == (transitions < 0 ? 1 : Int(Int32.max)))
    }

    @Test func `An error of the work is thrown to the caller, and the lease is released`() async throws {
        struct Broken: Error {}
        let elector = elector("a")
        await #expect(throws: Broken.self) { try await elector.run { throw Broken() } }
        #expect(holder == "")
    }
}
