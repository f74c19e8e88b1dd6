#if canImport(Glibc)
import Glibc
#endif
import Hashring
import HashringController
import Kube
import KubeClient
import Planning
import PlanningInput
import TestSupport
import Testing

extension Scenarios {
    /// `tributary hashring` in place of thanos-receive-controller, with only its Role.
    @Suite("The drop-in for thanos-receive-controller", .timeLimit(.minutes(5))) struct DropInTests {
        static let soft = #"[{"hashring":"soft"}]"#
        static let prefix = "thanos_receive_controller"

        @Test(arguments: ClusterKind.available)
        func `The generated ConfigMap follows receivers that are scaled up and down`(kind: ClusterKind) async throws {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(#"[{"hashring":"hard","tenants":["a","b"]},{"hashring":"soft"}]"#)
                try await dropIn.applyReceivers("soft", hashring: "soft", 2)
                try await dropIn.applyReceivers("hard", hashring: "hard", 1)
                let running = dropIn.start()
                try await dropIn.hashrings.waitFor("hard(a,b): hard-0", "soft: soft-0 soft-1")
                dropIn.scenario.workloads.startPods(ready: false)
                try await dropIn.scenario.scale("soft", to: 4)
                dropIn.scenario.workloads.set("soft-3", ready: true)
                try await dropIn.hashrings.waitFor("hard(a,b): hard-0", "soft: soft-0 soft-1 soft-3")
                dropIn.scenario.workloads.set("soft-2", ready: true)
                try await dropIn.hashrings.waitFor("hard(a,b): hard-0", "soft: soft-0 soft-1 soft-2 soft-3")
                try await dropIn.scenario.scale("soft", to: 1)
                try await dropIn.hashrings.waitFor("hard(a,b): hard-0", "soft: soft-0")

                let base = try #require(try await dropIn.scenario.get(.configMaps, DropIn.base))
                let written = try #require(try await dropIn.generated())
                #expect(
                    written.json["metadata", "ownerReferences"] == [
                        [
                            "apiVersion": "v1", "kind": "ConfigMap", "name": .string(DropIn.base),
                            "uid": .string(base.uid ?? ""),
                        ]
                    ])
                #expect(written.labels.isEmpty && written.annotations.isEmpty)
                let namespace = dropIn.scenario.namespace
                let text =
                    #"[{"hashring":"hard","tenants":["a","b"],"endpoints":[{"address":"hard-0.hard.\#(namespace).svc.cluster.local:10901","az":""}]},{"hashring":"soft","endpoints":[{"address":"soft-0.soft.\#(namespace).svc.cluster.local:10901","az":""}]}]"#
                #expect(written.json["data"] == ["hashrings.json": .string(text)])

                let hash = Double(HashringFile.configHash(of: text))
                try await waitUntil("the metric has the hash of the file") {
                    running.metric("\(Self.prefix)_configmap_hash") == hash
                }
                #expect(running.metric("\(Self.prefix)_hashring_nodes{name=\"hard\"}") == 1)
                #expect(running.metric("\(Self.prefix)_hashring_tenants{name=\"hard\"}") == 2)
                #expect(running.metric("\(Self.prefix)_hashring_nodes{name=\"soft\"}") == 1)
                // Only the watch of pods is refused, and the log says once which verb would help.
                #expect(running.refusals.keys.allSatisfy { $0 == "GET" }, "\(running.refusals)")
                let hints = running.log.lines.filter { $0.contains("not allowed to watch pods") }
                #expect(hints.count == 1 && hints[0].contains("watch") && hints[0].contains("faster"))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The drop-in watches pods if it is allowed to`(kind: ClusterKind) async throws {
            try await DropIn.play(kind) { dropIn in
                dropIn.scenario.local?.faults = nil
                try await dropIn.applyBase(Self.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                let running = dropIn.start(as: dropIn.administrator)
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                try await dropIn.scenario.scale("a", to: 3)
                try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2")
                #expect(running.refusals.isEmpty)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A rolling restart changes nothing, even if the drop-in restarts during it`(kind: ClusterKind)
            async throws
        {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(Self.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 3)
                var running = dropIn.start()
                try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2")
                let version = try await dropIn.generated()?.resourceVersion
                let workloads = dropIn.scenario.workloads
                try await waitUntil("all receivers are ready") { ["a-0", "a-1", "a-2"].allSatisfy(workloads.isReady) }
                for pod in ["a-2", "a-1", "a-0"] {
                    let uid = workloads.uid(of: pod)
                    workloads.set(pod, ready: false)
                    try await dropIn.scenario.workloads.delete(pod: pod)
                    try await waitUntil("\(pod) is recreated") { workloads.uid(of: pod).map { $0 != uid } ?? false }
                    try await dropIn.stop(running)
                    running = dropIn.start()
                    try await waitUntil("the drop-in has finished a pass") {
                        running.metric("\(Self.prefix)_hashring_nodes{name=\"soft\"}") == 3
                    }
                    workloads.set(pod, ready: true)
                    try await waitUntil("\(pod) is ready") { workloads.isReady(pod) }
                }
                #expect(dropIn.hashrings.all == [["soft: a-0 a-1 a-2"]])
                #expect(try await dropIn.generated()?.resourceVersion == version)
                #expect(running.metric("\(Self.prefix)_configmap_change_attempts_total") == 0)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A receiver that is away for long leaves the generated ConfigMap, and joins again`(
            kind: ClusterKind
        ) async throws {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(Self.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 3)
                dropIn.start { $0.leaveAfter = .seconds(2) }
                try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2")
                let workloads = dropIn.scenario.workloads
                try await waitUntil("all receivers are ready") { ["a-0", "a-1", "a-2"].allSatisfy(workloads.isReady) }
                for _ in 0..<2 {
                    let start = ContinuousClock.now
                    workloads.set("a-1", ready: false, since: .now)
                    try await dropIn.hashrings.waitFor("soft: a-0 a-2")
                    // Kubernetes timestamps have a resolution of one second.
                    #expect(ContinuousClock.now - start > .seconds(1))
                    workloads.set("a-1", ready: true)
                    try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2")
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The drop-in orders the StatefulSets of a hashring by name, whichever exists first`(kind: ClusterKind)
            async throws
        {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(#"[{"hashring":"soft","algorithm":"ketama"}]"#)
                try await dropIn.applyReceivers("zone-b", hashring: "soft", 2)
                try await dropIn.applyReceivers("elsewhere", hashring: "unknown", 2)
                try await dropIn.applyReceivers("unlabelled", hashring: nil, 2)
                let running = dropIn.start { $0.usesZones = true }
                try await dropIn.hashrings.waitFor("soft: zone-b-0 zone-b-1")
                try await dropIn.applyReceivers("zone-a", hashring: "soft", 2)
                try await dropIn.hashrings.waitFor("soft: zone-a-0 zone-a-1 zone-b-0 zone-b-1")
                let file = try HashringFile(parsing: try #require(dropIn.hashrings.texts.last))
                #expect(file.rings[0].endpoints.map(\.zone) == ["zone-a", "zone-a", "zone-b", "zone-b"])
                let lines = running.log.lines.filter { $0.contains("RingUnknown") }
                #expect(lines.count == 1 && lines[0].contains("elsewhere"), "\(lines)")
                try await dropIn.scenario.client.delete(.statefulSets, dropIn.scenario.key("zone-b"))
                try await dropIn.hashrings.waitFor("soft: zone-a-0 zone-a-1")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A broken base ConfigMap is reported and changes nothing until it is fixed`(
            kind: ClusterKind
        ) async throws {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyReceivers("a", hashring: "soft", 1)
                let running = dropIn.start()
                func errors(_ type: String) -> Double {
                    running.metric("\(Self.prefix)_reconcile_errors_total{type=\"\(type)\"}") ?? -1
                }
                try await waitUntil("the missing base ConfigMap is counted") { errors("fetch") > 0 }
                try await dropIn.applyBase(Self.soft)
                try await dropIn.hashrings.waitFor("soft: a-0")
                #expect(errors("decode") == 0)
                try await dropIn.applyBase("[{\"hashring\":\n \"soft\"")
                try await waitUntil("the error is counted") { errors("decode") > 0 }
                try await waitUntil("the log has the position of the error") {
                    running.log.lines.contains { $0.contains("hashrings.json:2:8: not valid JSON") }
                }
                try await dropIn.scenario.scale("a", to: 2)
                try await dropIn.applyBase("[]")
                try await waitUntil("the error is counted") { errors("validate") > 0 }
                #expect(
                    running.metric("tributary_hashring_problems{reason=\"HashringInvalid\",severity=\"error\"}") == 1)
                #expect(dropIn.hashrings.all == [["soft: a-0"]])
                try await dropIn.applyBase(#"[{"hashring":"soft","tenants":["a"]}]"#)
                try await dropIn.hashrings.waitFor("soft(a): a-0 a-1")
                #expect(!running.registry.text().contains("reason=\"HashringInvalid\""))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Others can label the generated ConfigMap, but cannot change the file`(kind: ClusterKind)
            async throws
        {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(Self.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                let running = dropIn.start()
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                let scenario = dropIn.scenario
                try await scenario.patch(
                    .configMaps, DropIn.generated,
                    [
                        "metadata": ["labels": ["team": "a"], "annotations": ["note": "b"]],
                        "data": ["hashrings.json": "[]", "other.json": "{}"],
                    ])
                // Another client writes all the time while the file changes.
                let writer = Task {
                    for number in 0..<200 {
                        _ = try? await scenario.patch(
                            .configMaps, DropIn.generated, ["metadata": ["annotations": ["count": "\(number)"]]])
                    }
                }
                for replicas in [3, 5, 2, 4] {
                    try await scenario.scale("a", to: replicas)
                    let members = (0..<replicas).map { "a-\($0)" }.joined(separator: " ")
                    try await dropIn.hashrings.waitFor("soft: \(members)")
                }
                await writer.value
                let object = try #require(try await dropIn.generated())
                #expect(object.labels == ["team": "a"])
                #expect(object.annotations == ["note": "b", "count": "199"])
                #expect(object.json["data", "other.json"] == "{}")
                #expect(running.refusals.keys.allSatisfy { $0 == "GET" }, "\(running.refusals)")
                // If the whole ConfigMap is deleted, the same file is created again.
                try await scenario.client.delete(.configMaps, object.key)
                try await waitUntil("the ConfigMap exists again") {
                    try await dropIn.generated().map { $0.uid != object.uid } ?? false
                }
                #expect(
                    try await dropIn.generated()?.json["data", "hashrings.json"]
                        == object.json["data", "hashrings.json"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The drop-in annotates pods only when the file has changed`(kind: ClusterKind) async throws {
            try await DropIn.play(kind) { dropIn in
                try await dropIn.applyBase(Self.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 2)
                let workloads = dropIn.scenario.workloads
                try await waitUntil("both receivers are ready") { workloads.isReady("a-0") && workloads.isReady("a-1") }
                var running = dropIn.start { $0.annotatesPods = true }
                try await dropIn.hashrings.waitFor("soft: a-0 a-1")
                func annotations() async throws -> [String?] {
                    var all: [String?] = []
                    for pod in ["a-0", "a-1"] {
                        all.append(
                            try await dropIn.scenario.get(.pods, pod)?
                                .annotations["controller.receive.thanos.io/lastControllerUpdate"])
                    }
                    return all
                }
                try await waitUntil("both pods are annotated") { try await annotations().allSatisfy { $0 != nil } }
                let first = try await annotations()
                #expect(
                    first.allSatisfy { $0.flatMap { Int64($0) }.map { abs($0 - Timestamp.now.seconds) < 60 } ?? false })
                // A pass that changes nothing, here the first one after a restart, writes to no pod.
                try await dropIn.stop(running)
                var versions: [String?] = []
                for pod in ["a-0", "a-1"] {
                    versions.append(try await dropIn.scenario.get(.pods, pod)?.resourceVersion)
                }
                running = dropIn.start { $0.annotatesPods = true }
                try await waitUntil("the drop-in has finished a pass") {
                    running.metric("\(Self.prefix)_hashring_nodes{name=\"soft\"}") == 2
                }
                for (pod, version) in zip(["a-0", "a-1"], versions) {
                    #expect(try await dropIn.scenario.get(.pods, pod)?.resourceVersion == version)
                }
                #expect(running.refusals["PATCH"] == nil)
            }
        }

        @Test(
            .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
            arguments: ClusterKind.available)
        func `A drop-in that is killed at any point writes no wrong file, and continues after a restart`(
            kind: ClusterKind
        )
            async throws
        {
            try await DropIn.play(kind) { dropIn in
                try await Program.with(dropIn.scenario, as: dropIn.cluster) { program in
                    let deployment = try #require(try DropIn.example().first { $0.kind == "Deployment" })
                    let container = deployment.json["spec", "template", "spec"]?["containers"]?[0]
                    #expect(container?["command"] == ["/usr/local/bin/tributary", "hashring"])
                    let own = (container?["args"]?.array ?? []).compactMap(\.string)
                    let flags =
                        own.filter { !$0.hasPrefix("--namespace") } + [
                            "-internal-addr", "0", "-annotate-pods-on-change=true", "--scale-timeout=5s",
                        ]
                    try await dropIn.applyBase(Self.soft)
                    try await dropIn.applyReceivers("a", hashring: "soft", 2)
                    for round in 0..<5 {
                        let process = try program.start(flags, command: "hashring")
                        try await dropIn.scenario.scale("a", to: 3 + round)
                        // Kill it anywhere between its first request and its last one.
                        try await Task.sleep(for: .milliseconds(Int.random(in: 20...500)))
                        process.signal(SIGKILL)
                        try await waitUntil("the process is dead") { !process.isRunning }
                    }
                    let process = try program.start(flags, command: "hashring")
                    // The last process always has something to do, however far the others got.
                    try await dropIn.scenario.scale("a", to: 8)
                    try await dropIn.hashrings.waitFor("soft: a-0 a-1 a-2 a-3 a-4 a-5 a-6 a-7")
                    // The hashring only grew: no receiver ever left.
                    var count = 0
                    for hashrings in dropIn.hashrings.all {
                        let members = hashrings.joined().split(separator: " ").count
                        #expect(members > count, "\(dropIn.hashrings.all)")
                        count = members
                    }
                    process.signal(SIGTERM)
                    try await waitUntil("the process ends") { !process.isRunning }
                    #expect(process.exitStatus == 0, "\(process.log)")
                    #expect(process.log.contains("--scale-timeout is not used"))
                }
            }
        }
    }
}
