#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Failures of receivers and nodes, edits of the file by others, and crashes of the operator.
    @Suite("Disturbances of receivers and file", .timeLimit(.minutes(5))) struct DisturbanceTests {
        @Test(arguments: ClusterKind.available)
        func `Receivers that flap repeatedly do not change the hashring`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(GlobalView.resource, "main")
                for round in 0..<4 {
                    let pods = round % 2 == 0 ? ["a-1"] : ["a-0", "a-1", "a-2"]
                    for pod in pods { scenario.workloads.set(pod, ready: false, since: .now) }
                    try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                    for pod in pods { scenario.workloads.set(pod, ready: true) }
                    try await scenario.waitForReady(GlobalView.resource, "main")
                }
                #expect(scenario.hashrings.all == [["default: a-0 a-1 a-2"]])
            }
        }

        @Test(arguments: ClusterKind.available, [true, false])
        func `A receiver on a lost node leaves the hashring, although its pod stays`(kind: ClusterKind, saysReady: Bool)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(
                    replicationFactor: 2, Scenario.hashring("default", soft: true, ["leaveAfter": "2s"]))
                try await scenario.waitForReady(GlobalView.resource, "main")
                // After some minutes, Kubernetes marks the pod as not ready and evicts it. The pod stays in termination
                // until the node is back or somebody deletes the pod by force.
                if !saysReady {
                    scenario.workloads.set("a-1", ready: false, since: .now)
                    try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                }
                scenario.workloads.strand("a-1")
                if kind == .local {
                    // A local cluster does not wait for a kubelet when it deletes a pod.
                    try await scenario.patch(.pods, "a-1", ["metadata": ["finalizers": ["example.com/node-is-gone"]]])
                }
                try await scenario.client.delete(
                    .pods, scenario.key("a-1"), DeleteOptions(gracePeriodSeconds: saysReady ? 1 : 30))
                try await waitUntil("a-1 is being deleted") { scenario.workloads.isBeingDeleted("a-1") }
                try await scenario.hashrings.waitFor("default: a-0 a-2")
                #expect(scenario.hashrings.all == [["default: a-0 a-1 a-2"], ["default: a-0 a-2"]])
                let view = try #require(try await scenario.get(GlobalView.resource, "main"))
                #expect(view.json["status", "hashrings"]?[0]?["pending"]?[0]?["pod"] == "a-1")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An edit of the hashring file is reverted, and an Event says why`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(GlobalView.resource, "main")
                let text = try #require(scenario.hashrings.texts.last)
                let name = "main-hashrings"
                let marks: JSON = [
                    "labels": ["example.com/team": "metrics"], "annotations": ["example.com/note": "ours"],
                ]
                try await scenario.patch(.configMaps, name, ["metadata": marks])
                let foreign = #"[{"hashring": "default", "endpoints": ["elsewhere:10901"]}]"#
                let edits: [(String, JSON)] = [
                    ("edited", .string(foreign)), ("emptied", ""), ("made invalid", "[{"), ("removed", .null),
                ]
                for (edit, value) in edits {
                    try await scenario.patch(.configMaps, name, ["data": ["hashrings.json": value]])
                    try await waitUntil("the file is restored after it was \(edit)") {
                        try await scenario.get(.configMaps, name)?.json["data", "hashrings.json"]?.string == text
                    }
                }
                // By server-side apply with force, as another operator would.
                try await scenario.client.apply(
                    .configMaps,
                    Object(
                        .configMaps, namespace: scenario.namespace, name: name,
                        ["data": ["hashrings.json": .string(foreign)]]), fieldManager: "another", force: true)
                try await waitUntil("the file is restored after another field manager applied it") {
                    try await scenario.get(.configMaps, name)?.json["data", "hashrings.json"]?.string == text
                }
                // Events with the same reason are counted as one. The log has all of them.
                try await waitUntil("an Event names the field manager") {
                    try await scenario.events("HashringEdited", about: "main").contains(
                        "ConfigMap \"\(name)\" was changed by \"kubectl-edit\" and is being restored; "
                            + "change the GlobalView instead")
                }
                let log = try scenario.tributary.log
                try await waitUntil("the log names the other field manager") {
                    log.lines.contains { $0.contains("HashringEdited") && $0.contains("another") }
                }
                try await scenario.waitForReady(GlobalView.resource, "main")
                let file = try #require(try await scenario.get(.configMaps, name))
                #expect(file.labels["example.com/team"] == "metrics")
                #expect(file.annotations["example.com/note"] == "ours")
                // A change of the hashring keeps them, too.
                try await scenario.scale("a", to: 3)
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2")
                #expect(try await scenario.get(.configMaps, name)?.labels["example.com/team"] == "metrics")
            }
        }

        @Test(
            .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
            arguments: 1...8)
        func `An operator that is killed at any of its writes continues after a restart`(write: Int)
            async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let local = try #require(scenario.local)
                try await Program.with(scenario) { program in
                    try await scenario.applyReceivers("a", hashring: "default", 2)
                    try await scenario.applyReceivers("b", hashring: "hard-0", 1)
                    try await scenario.applyView(
                        replicationFactor: 1, Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                    try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                    let victim = Locked<(process: ChildProcess?, left: Int)>((nil, write))
                    local.faults = { request in
                        guard request.userAgent.hasPrefix("tributary/"), ["apply", "create"].contains(request.verb)
                        else { return nil }
                        // The write succeeds, but the operator never gets the response.
                        victim.withLock { victim in
                            victim.left -= 1
                            if victim.left == 0 { victim.process?.signal(SIGKILL) }
                        }
                        return nil
                    }
                    let first = try program.start([])
                    victim.withLock { $0.process = first }
                    var replicas = 2
                    while first.isRunning, replicas < 12 {
                        // Cause the next write, if the operator still runs.
                        replicas += 1
                        try await scenario.scale("a", to: replicas)
                        _ = try? await waitUntil("the operator is dead", within: .seconds(2)) { !first.isRunning }
                    }
                    #expect(!first.isRunning)
                    local.faults = nil
                    let second = try program.start([])
                    let members = (0..<replicas).map { "a-\($0)" }.joined(separator: " ")
                    try await scenario.hashrings.waitFor("hard-0(tenant-a): b-0", "default: \(members)")
                    try await scenario.waitForReady(Tenant.resource, "tenant-a")
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    // No published file lost a receiver or a tenant.
                    var count = 0
                    for hashrings in scenario.hashrings.all {
                        let members = hashrings.last?.split(separator: " ").dropFirst().count ?? 0
                        #expect(
                            members >= count && hashrings.first == "hard-0(tenant-a): b-0", "\(scenario.hashrings.all)")
                        count = members
                    }
                    try await waitUntil("the second operator has started") { second.log.contains("started") }
                    second.signal(SIGTERM)
                    try await waitUntil("the second operator ends") { !second.isRunning }
                    #expect(second.exitStatus == 0, "\(second.log)")
                }
            }
        }
    }
}
