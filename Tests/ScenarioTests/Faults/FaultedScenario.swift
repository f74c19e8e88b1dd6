import Kube
@testable import KubeClient
import TestSupport
import Testing
import TributaryAPI

/// A scenario whose operator reaches the API server through a ``FaultProxy``: three receivers and three tenants, a fault
/// during which they change, and what must hold afterwards.
struct FaultedScenario: Sendable {
    typealias Limits = @Sendable (inout KubeClient.Options) -> Void

    let scenario: Scenario
    let proxy: FaultProxy
    private let history: ObjectHistory

    /// Plays it: everything is ready, then comes what `fault` does, which calls ``change()``, and in the end all is as
    /// without a fault.
    static func play(
        _ kind: ClusterKind, limits: @escaping Limits = { _ in },
        _ fault: (FaultedScenario, RunningOperator) async throws -> Void
    ) async throws {
        try await playRestart(kind, limits: limits) { faulted, running in
            try await fault(faulted, running)
            return running
        }
    }

    /// The same with a fault during which another operator takes over, which is the result.
    static func playRestart(
        _ kind: ClusterKind, limits: @escaping Limits = { _ in },
        _ fault: (FaultedScenario, RunningOperator) async throws -> RunningOperator
    ) async throws {
        try await with(kind) { faulted in
            let first = try await faulted.setUp(limits)
            let before = try await faulted.quietState()
            let watches = faulted.watches
            let running = try await fault(faulted, first)
            try await faulted.waitForEnd()
            try await faulted.expectNoLeak(running, watches)
            try await faulted.expectRightWrites(since: before)
            try await faulted.expectNothingIsLeft(running)
        }
    }

    /// Lets a test work with a namespace, and a proxy in front of the API server.
    static func with(_ kind: ClusterKind, _ body: (FaultedScenario) async throws -> Void) async throws {
        try await Scenario.play(kind, startsOperator: false) { scenario in
            try await scenario.withPlainPort { port in
                let proxy = try await FaultProxy.start(to: port)
                let history = try await ObjectHistory.record(scenario)
                let result: Result<Void, any Error>
                do {
                    result = .success(
                        try await body(FaultedScenario(scenario: scenario, proxy: proxy, history: history)))
                } catch {
                    result = .failure(error)
                }
                await history.stop()
                proxy.heal()
                // What runs still, such as the operator of a failed test, ends faster without a server.
                await proxy.stop()
                try result.get()
            }
        }
    }

    // MARK: - The course of a scenario

    /// Starts an operator behind the proxy.
    func startOperator(_ limits: Limits = { _ in }) throws -> RunningOperator {
        scenario.startOperator(
            as: try ClusterConfiguration(server: proxy.url), { $0.deliveryInterval = nil }, limits: limits)
    }

    func setUp(_ limits: Limits = { _ in }) async throws -> RunningOperator {
        let running = try startOperator(limits)
        try await applyObjects()
        return running
    }

    func applyObjects() async throws {
        try await Scenarios.OutageTests.setUp(scenario)
        for name in ["tenant-b", "tenant-d"] {
            try await scenario.applyTenant(name)
            try await scenario.waitForReady(Tenant.resource, name)
        }
        try await waitForTenants(3)
    }

    /// What users do during a fault: one more receiver, one more tenant, and one that is deleted.
    func change() async throws {
        try await scenario.scale("a", to: 4)
        try await scenario.applyTenant("tenant-c")
        try await scenario.client.delete(Tenant.resource, scenario.key("tenant-d"))
    }

    /// Waits until all changes have their effects.
    func waitForEnd() async throws {
        try await scenario.hashrings.waitFor(Scenarios.OutageTests.hashring(4), within: .seconds(60))
        for name in ["tenant-a", "tenant-b", "tenant-c"] {
            try await scenario.waitForReady(Tenant.resource, name, within: .seconds(60))
        }
        try await waitForTenants(3)
        try await scenario.waitForReady(GlobalView.resource, "main")
        try await waitUntil("the objects of tenant-d are deleted") {
            try await scenario.collectGarbage()
            return try await scenario.made().allSatisfy { !$0.contains("tenant-d") }
        }
    }

    private func waitForTenants(_ count: Int) async throws {
        try await waitUntil("the global view counts \(count) tenants", within: .seconds(30)) {
            try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"]?.int == count
        }
    }

    /// The resources and selectors of the open watches.
    var watches: [String] {
        proxy.underWay.filter(\.isWatch).map { "\($0.path) \($0.query["labelSelector"] ?? "")" }.sorted()
    }

    // MARK: - What must hold

    /// What the objects say at some moment, and how many versions each has had.
    struct Moment {
        var contents: [String: String]
        var counts: [String: Int]
    }

    /// The objects once the operator has been quiet for a while.
    func quietState() async throws -> Moment {
        try await waitUntilQuiet()
        try await history.catchUp()
        let versions = history.versions
        let latest = versions.compactMapValues { $0.last }.filter { !$0.value.isDeletion }
        return Moment(
            contents: latest.mapValues { ObjectHistory.content($0.object) }, counts: versions.mapValues(\.count))
    }

    func waitUntilQuiet() async throws {
        let clock = ContinuousClock()
        var (count, since) = (-1, clock.now)
        try await waitUntil("the operator writes and lists nothing more", within: .seconds(90)) {
            let now = proxy.requests.count { $0.request.isList || !$0.request.isWatch }
            if now != count { (count, since) = (now, clock.now) }
            return clock.now - since > .milliseconds(700)
        }
    }

    /// Each version that the API server has had of each object is right: as before, or as after the change. No object was
    /// deleted and made anew.
    func expectRightWrites(since before: Moment) async throws {
        let after = try await quietState()
        Scenarios.OutageTests.expectGrowth(scenario, from: 4)
        #expect(history.versions.count > 8)
        for (name, versions) in history.versions {
            let isGone = name.contains("tenant-d")
            #expect(isGone || !versions.contains(where: \.isDeletion), "\(name) was deleted")
            #expect(Set(versions.compactMap(\.object.uid)).count == 1, "\(name) was made again")
            // The set-up ends with the version before the fault.
            let latest = versions[max(0, (before.counts[name] ?? 0) - 1)...]
            if name.hasPrefix("GlobalView") || name.hasPrefix("Tenant ") {
                for version in latest {
                    let ready = Scenario.condition("Ready", of: version.object)
                    #expect(ready.map(Self.trueConditions.contains) ?? true, "\(name): \(ready ?? "")")
                }
                continue
            }
            let right = [before.contents[name], after.contents[name]].compactMap { $0 }
            for version in latest where !version.isDeletion {
                let content = ObjectHistory.content(version.object)
                #expect(right.contains(content), "\(name) had \(content), but right are \(right)")
            }
        }
    }

    /// What is true at some moment while one more receiver starts and tenants come and go.
    private static let trueConditions: Set<String> = [
        "True Ready", "False MembersPending", "False Creating", "False WaitingForPods",
    ]

    /// As many watches, and no more connections than the client keeps for its next calls.
    func expectNoLeak(_ running: RunningOperator, _ before: [String]) async throws {
        try await waitUntilQuiet()
        do {
            try await waitUntil("the same watches are open", within: .seconds(45)) { watches == before }
        } catch is WaitingError {
            throw WaitingError(description: "open are other watches than before: \(watches), before \(before)")
        }
        #expect(proxy.openConnectionCount <= before.count + 40)
        try await waitUntil("no watch fails") { running.metric("tributary_watches_failing") == 0 }
        try await waitUntil("no work is left") {
            running.metric("workqueue_depth") == 0 && running.metric("controller_runtime_active_workers") == 0
        }
    }

    /// Another operator, which has seen no fault, finds nothing to write; and the connections end with the operator.
    func expectNothingIsLeft(_ running: RunningOperator) async throws {
        #expect(running.refusals.isEmpty)
        try await scenario.stop(running)
        try await waitUntil("all connections are closed") { proxy.openConnectionCount == 0 }
        let versions = try await scenario.versions()
        let fresh = scenario.startOperator { $0.deliveryInterval = nil }
        try await fresh.settle(after: 4)
        #expect(try await scenario.versions() == versions)
        try await scenario.stop(fresh)
    }
}
