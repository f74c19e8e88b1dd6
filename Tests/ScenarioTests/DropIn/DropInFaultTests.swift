import Hashring
import HashringController
import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing

extension Scenarios {
    /// The drop-in with an API server that fails on demand, as only a local cluster can.
    @Suite("The drop-in with a failing API server", .timeLimit(.minutes(5))) struct DropInFaultTests {
        private static let prefix = DropInTests.prefix

        @Test func `The drop-in watches only its two ConfigMaps and its receivers`() async throws {
            try await DropIn.play(.local) { dropIn in
                let local = try #require(dropIn.scenario.local)
                try await dropIn.applyBase(DropInTests.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                let running = dropIn.start()
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                try await waitUntil("both receivers are ready") {
                    dropIn.scenario.workloads.isReady("a-0") && dropIn.scenario.workloads.isReady("a-1")
                }
                try await dropIn.scenario.settle()
                let reads = local.requests.filter {
                    $0.userAgent == DropIn.userAgent && ["list", "watch"].contains($0.verb)
                }
                let selectors = Set(
                    reads.map { request in
                        "\(request.resource) \(request.query["fieldSelector"] ?? "")\(request.query["labelSelector"] ?? "")"
                    })
                #expect(
                    selectors == [
                        "configmaps metadata.name=\(DropIn.base)", "configmaps metadata.name=\(DropIn.generated)",
                        "statefulsets.apps controller.receive.thanos.io=thanos-receive-controller",
                        "pods app.kubernetes.io/instance=a",
                    ])
                let attempts = running.metric("\(Self.prefix)_reconcile_attempts_total")
                for number in 0..<5 {
                    try await dropIn.scenario.apply(.configMaps, "other-\(number)", ["data": ["a": "b"]])
                }
                let before = local.requests.filter { $0.userAgent == DropIn.userAgent && $0.verb != "list" }.count
                try await dropIn.scenario.settle()
                #expect(running.metric("\(Self.prefix)_reconcile_attempts_total") == attempts)
                #expect(
                    local.requests.filter { $0.userAgent == DropIn.userAgent && $0.verb != "list" }.count == before)
            }
        }

        @Test func `The hash metric changes only when the file is published, not when a write fails`() async throws {
            try await DropIn.play(.local) { dropIn in
                let local = try #require(dropIn.scenario.local)
                try await dropIn.applyBase(DropInTests.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                let running = dropIn.start()
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                func hash() -> Double? { running.metric("\(Self.prefix)_configmap_hash") }
                func expected() -> Double? {
                    dropIn.hashrings.texts.last.map { Double(HashringFile.configHash(of: $0)) }
                }
                try await waitUntil("the metric has the hash of the file") { hash() == expected() }
                let first = expected()
                let isBroken = Locked(true)
                let role = local.faults
                local.faults = { request in
                    let isWrite = request.userAgent == DropIn.userAgent && request.verb == "update"
                    if isWrite, isBroken.withLock({ $0 }) {
                        return .status(APIStatus(code: 500, reason: "InternalError", message: "etcd is unavailable"))
                    }
                    return role?(request)
                }
                try await dropIn.scenario.scale("a", to: 1)
                try await waitUntil("the failure is counted") {
                    running.metric("\(Self.prefix)_configmap_change_errors_total{type=\"update\"}") ?? 0 > 1
                }
                #expect(running.metric("\(Self.prefix)_reconcile_errors_total{type=\"save\"}") ?? 0 > 0)
                #expect(hash() == first)
                isBroken.withLock { $0 = false }
                try await dropIn.hashrings.waitFor("soft: a-0")
                try await waitUntil("the metric has the hash of the file") { hash() == expected() }
                #expect(hash() != first)
            }
        }

        @Test func `Receivers stay in the hashring if their pods cannot be read`() async throws {
            try await DropIn.play(.local) { dropIn in
                let local = try #require(dropIn.scenario.local)
                try await dropIn.applyBase(DropInTests.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                // With a leaveAfter of zero, a receiver that is not ready at first would leave again.
                try await waitUntil("both receivers are ready") {
                    dropIn.scenario.workloads.isReady("a-0") && dropIn.scenario.workloads.isReady("a-1")
                }
                let first = dropIn.start { $0.leaveAfter = .zero }
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                try await dropIn.stop(first)
                let role = local.faults
                let isBroken = Locked(true)
                local.faults = { request in
                    if request.resource == "pods", request.userAgent == DropIn.userAgent, isBroken.withLock({ $0 }) {
                        return .status(APIStatus(code: 500, reason: "InternalError", message: "etcd is unavailable"))
                    }
                    return role?(request)
                }
                let running = dropIn.start { $0.leaveAfter = .zero }
                try await dropIn.scenario.scale("a", to: 3)
                try await waitUntil("the failure is counted") {
                    running.metric("\(Self.prefix)_reconcile_errors_total{type=\"poll\"}") ?? 0 > 1
                }
                let said = "watches fail and are tried again: pods of namespace \(dropIn.scenario.namespace)"
                try await waitUntil("the log says which watch fails, and why") {
                    running.log.tail.contains(said) && running.log.tail.contains("etcd is unavailable")
                }
                #expect(running.metric("tributary_watches_failing") ?? 0 > 0)
                #expect(dropIn.hashrings.all.last == ["soft: a-0 a-1"])
                #expect(running.metric("\(Self.prefix)_reconcile_attempts_total") == 0)
                isBroken.withLock { $0 = false }
                try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2")
            }
        }

        @Test func `Only the drop-in that holds the lease writes`() async throws {
            try await DropIn.play(.local) { dropIn in
                dropIn.scenario.local?.faults = nil
                try await dropIn.applyBase(DropInTests.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 1)
                let lease = dropIn.scenario.key(DropIn.generated)
                let leader = dropIn.start(lease: lease, identity: "one")
                try await dropIn.hashrings.waitFor("soft: a-0")
                let other = dropIn.start(lease: lease, identity: "two")
                try await dropIn.scenario.scale("a", to: 2)
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                #expect(other.metric("\(Self.prefix)_configmap_change_attempts_total") == 0)
                try await dropIn.stop(leader)
                try await dropIn.scenario.scale("a", to: 1)
                try await dropIn.hashrings.waitFor("soft: a-0")
                #expect(other.metric("\(Self.prefix)_configmap_change_attempts_total") == 1)
            }
        }
    }
}
