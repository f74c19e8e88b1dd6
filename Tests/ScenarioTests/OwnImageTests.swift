import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The side-cars of agents run from the image of the operator's own pod.
    @Suite("The image of side-cars", .timeLimit(.minutes(5))) struct OwnImageTests {
        private static let agent: JSON = ["version": "v2.53.0", "serviceMonitorSelector": .null]

        private func sidecars(_ scenario: Scenario) async throws -> Set<String> {
            let pod = try await scenario.get(.statefulSets, "cluster-agent")?.json["spec", "template", "spec"]
            let containers = (pod?["containers"]?.array ?? []) + (pod?["initContainers"]?.array ?? [])
            return Set(containers.filter { $0["name"] != "prometheus" }.compactMap { $0["image"]?.string })
        }

        @Test(arguments: ClusterKind.available)
        func `Side-cars run from the image of the operator's own pod`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let containers: JSON = [
                    ["name": "istio-proxy", "image": "proxy:1"],
                    ["name": "tributary", "image": "registry.example/tools/tributary:7"],
                ]
                try await scenario.apply(.pods, "tributary-6c9f-xk2vq", ["spec": ["containers": containers]])
                scenario.startOperator { $0.pod = scenario.key("tributary-6c9f-xk2vq") }
                try await scenario.applyAgent(Self.agent)
                try await waitUntil("the agent's StatefulSet exists") { try await !sidecars(scenario).isEmpty }
                let found = try await sidecars(scenario)
                #expect(found == ["registry.example/tools/tributary:7"])
            }
        }

        @Test func `Side-cars run from the default image if there is no such pod, and the log says so`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let running = scenario.startOperator { $0.pod = scenario.key("tributary-6c9f-xk2vq") }
                try await scenario.applyAgent(Self.agent)
                try await waitUntil("the agent's StatefulSet exists") { try await !sidecars(scenario).isEmpty }
                let found = try await sidecars(scenario)
                #expect(found == ["tributary:0.1.0"])
                #expect(
                    running.log.lines.contains { $0.contains("default image") && $0.contains("tributary-6c9f-xk2vq") })
            }
        }

        @Test func `No StatefulSet is created until the API server returns the operator's pod`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let local = try #require(scenario.local)
                let containers: JSON = [["name": "tributary", "image": "registry.example/tributary:7"]]
                try await scenario.apply(.pods, "tributary-6c9f-xk2vq", ["spec": ["containers": containers]])
                let failures = Locked(2)
                local.faults = { request in
                    guard request.verb == "get", request.resource == "pods", request.userAgent == "tributary" else {
                        return nil
                    }
                    return failures.withLock { left in
                        left -= 1
                        return left >= 0 ? .status(APIStatus(code: 500, reason: "InternalError", message: "no")) : nil
                    }
                }
                scenario.startOperator { $0.pod = scenario.key("tributary-6c9f-xk2vq") }
                try await scenario.applyAgent(Self.agent)
                try await waitUntil("the agent's StatefulSet exists", within: .seconds(60)) {
                    try await !sidecars(scenario).isEmpty
                }
                let found = try await sidecars(scenario)
                #expect(found == ["registry.example/tributary:7"])
                #expect(failures.withLock { $0 } < 0)
                let sets = local.requests.filter {
                    $0.verb == "apply" && $0.resource == "statefulsets.apps" && $0.userAgent == "tributary"
                }
                #expect(sets.count == 1)
            }
        }
    }
}
