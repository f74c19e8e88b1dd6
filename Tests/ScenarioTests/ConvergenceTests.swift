import Crypto
import Hashring
import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The operator asks receivers which file they have, and annotates pods so that kubelets update it.
    @Suite("The hashring file of running receivers", .timeLimit(.minutes(5))) struct ConvergenceTests {
        /// Plays a scenario with two receivers that answer requests, `a-0` and `a-1`.
        private static func play(
            _ kind: ClusterKind, _ body: (Scenario, [StandInReceiver], _ hashring: JSON) async throws -> Void
        ) async throws {
            let (pods, port) = (["a-0", "a-1"], try freePort())
            try await StandInReceiver.play(kind, for: pods, port: port) { scenario, receivers in
                var hashring = Scenario.hashring("default", soft: true)
                hashring["httpPort"] = JSON(port)
                try await body(scenario, pods.compactMap { receivers[$0] }, hashring)
            }
        }

        /// Waits until the receivers have had no requests for a while.
        private static func waitUntilQuiet(_ receivers: [StandInReceiver]) async throws {
            let clock = ContinuousClock()
            var (count, since) = (-1, clock.now)
            try await waitUntil("the receivers get no more requests") {
                let now = receivers.reduce(0) { $0 + $1.requests.count }
                if now != count { (count, since) = (now, clock.now) }
                return clock.now - since > .seconds(3)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The operator asks receivers until they have the file, and then stops`(kind: ClusterKind) async throws {
            try await Self.play(kind) { scenario, receivers, hashring in
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(hashring)
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                let text = try #require(scenario.hashrings.texts.last)
                receivers[0].load(text)
                // The other one waits for the kubelet, so the operator asks it repeatedly.
                try await waitUntil("the operator asks a-1 again") { receivers[1].requests.count >= 3 }
                let before = receivers[1].requests.count
                receivers[1].load(text)
                try await waitUntil("the operator asks a-1 twice after it loaded the file") {
                    receivers[1].requests.count >= before + 2
                }
                try await Self.waitUntilQuiet(receivers)
                let counts = receivers.map(\.requests.count)
                #expect(counts[0] <= counts[1])
                for request in receivers.flatMap(\.requests) {
                    #expect(request.header("authorization") == nil)
                    #expect(request.target == "/metrics")
                }
                // A change that does not affect the file causes no requests.
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await Self.waitUntilQuiet(receivers)
                #expect(receivers.map(\.requests.count) == counts)
                // A new file does.
                try await scenario.scale("a", to: 1)
                try await scenario.hashrings.waitFor("default: a-0")
                receivers[0].load(try #require(scenario.hashrings.texts.last))
                try await Self.waitUntilQuiet(receivers)
                let again = receivers[0].requests.count - counts[0]
                #expect((2...4).contains(again), "asked \(again) times")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Status, condition and Event name a receiver that refuses the file, until it loads it`(
            kind: ClusterKind
        ) async throws {
            try await Self.play(kind) { scenario, receivers, hashring in
                try await scenario.applyReceivers("a", hashring: "default", 2)
                receivers[0].load("[]")
                receivers[0].refuse()
                try await scenario.applyView(hashring)
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                let text = try #require(scenario.hashrings.texts.last)
                receivers[1].load(text)
                let view = try await scenario.waitForReady(GlobalView.resource, "main", "False ReceiversBehind")
                let status = view.json["status"]
                #expect(status?["hashrings"]?[0]?["older"]?.array?.count == 1)
                #expect(status?["hashrings"]?[0]?["older"]?[0]?["pod"] == "a-0")
                #expect(status?["hashrings"]?[0]?["older"]?[0]?["reason"] == "FileRefused")
                #expect(status?["hashrings"]?[0]?["older"]?[0]?["hash"] != status?["fileHash"])
                #expect(status?["fileHash"]?.string.map { SHA256.hexadecimal(text).hasPrefix($0) } == true)
                #expect(status?["hashringSummary"] == "default 2/2; 1 with an older file")
                try await waitUntil("an Event reports it") {
                    try await !scenario.events("ReceiversBehind", about: "main").isEmpty
                }
                receivers[0].load(text)
                let ready = try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(40))
                #expect(ready.json["status", "hashrings"]?[0]?["older"] == nil)
            }
        }

        // MARK: - Annotations

        private static let annotation = "tributary.dev/hashring-hash"

        private static func annotations(_ scenario: Scenario) async throws -> [String] {
            try await scenario.client.list(.pods, namespace: scenario.namespace).items.compactMap { pod in
                pod.annotations[annotation].map { "\(pod.name) \($0)" }
            }.sorted()
        }

        private static func applyView(_ scenario: Scenario, _ hashring: JSON) async throws {
            try await scenario.apply(
                GlobalView.resource, "main", ["spec": ["thanos": ["annotatePods": true, "hashrings": [hashring]]]])
        }

        private static func hash(_ scenario: Scenario) throws -> String {
            String(SHA256.hexadecimal(try #require(scenario.hashrings.texts.last)).prefix(12))
        }

        @Test(arguments: ClusterKind.available)
        func `Only pods that mount the file are annotated, once for each change`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 2, mounting: "main-hashrings")
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await waitUntil("all pods exist") {
                    try await scenario.client.list(.pods, namespace: scenario.namespace).items.count == 3
                }
                try await Self.applyView(scenario, Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: a-0 a-1 b-0")
                let first = try Self.hash(scenario)
                try await waitUntil("both pods are annotated") {
                    try await Self.annotations(scenario) == ["a-0 \(first)", "a-1 \(first)"]
                }
                try await scenario.waitForReady(GlobalView.resource, "main")
                // A restart, and a change of the view that does not affect its file, write to no pod.
                func versions() async throws -> [String?] {
                    try await scenario.client.list(.pods, namespace: scenario.namespace).items.map(\.resourceVersion)
                }
                let before = try await versions()
                try await scenario.stop(scenario.tributary)
                scenario.startOperator()
                try await scenario.applyTenant("tenant-a")
                try await waitUntil("the view counts the tenant") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"] == 1
                }
                #expect(try await versions() == before)
                try await scenario.scale("b", to: 0)
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                let second = try Self.hash(scenario)
                #expect(first != second)
                try await waitUntil("both pods are annotated again") {
                    try await Self.annotations(scenario) == ["a-0 \(second)", "a-1 \(second)"]
                }
            }
        }

        @Test func `An operator that is killed before it annotates the pods annotates them after a restart`()
            async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await scenario.applyReceivers("a", hashring: "default", 2, mounting: "main-hashrings")
                try await waitUntil("all pods exist") {
                    try await scenario.client.list(.pods, namespace: scenario.namespace).items.count == 2
                }
                local.faults = { request in
                    request.userAgent == "tributary" && request.resource == "pods" && request.verb == "patch"
                        ? .dropConnection : nil
                }
                try await Self.applyView(scenario, Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                try await scenario.stop(scenario.tributary)
                // A request that was on its way may arrive even now.
                #expect(try await Self.annotations(scenario) == [])
                local.faults = nil
                scenario.startOperator()
                let hash = try Self.hash(scenario)
                try await waitUntil("both pods are annotated") {
                    try await Self.annotations(scenario) == ["a-0 \(hash)", "a-1 \(hash)"]
                }
            }
        }

        @Test func `Without permission to annotate pods, the file is published and an Event names the permission`()
            async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                local.faults = { request in
                    request.userAgent == "tributary" && request.resource == "pods" && request.verb == "patch"
                        ? .status(APIStatus(httpCode: 403, message: "pods \"a-0\" is forbidden: cannot patch")) : nil
                }
                try await scenario.applyReceivers("a", hashring: "default", 2, mounting: "main-hashrings")
                try await waitUntil("all pods exist") {
                    try await scenario.client.list(.pods, namespace: scenario.namespace).items.count == 2
                }
                try await Self.applyView(scenario, Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await waitUntil("an Event reports it") {
                    try await scenario.events("AnnotateForbidden", about: "main").contains {
                        $0.contains("cannot patch")
                    }
                }
                try await scenario.stop(scenario.tributary)
            }
        }
    }
}
