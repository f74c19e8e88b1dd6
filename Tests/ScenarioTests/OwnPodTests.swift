import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The operator follows the pods of the workloads that it made.
    @Suite("Pods of workloads", .timeLimit(.minutes(5))) struct OwnPodTests {
        @Test(arguments: ClusterKind.available)
        func `The pods of an agent are annotated when the configuration changes, and not when it does not`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyAgent()
                try await waitUntil("the pod is there") { try await scenario.get(.pods, "cluster-agent-0") != nil }
                try await scenario.settle()
                #expect(try await Self.annotation(scenario) == nil)
                for number in 0..<5 {
                    try await scenario.applyAgent(["externalLabels": ["number": JSON("\(number)")]])
                }
                try await waitUntil("the pod has the version of the newest Secret") {
                    let version = try await scenario.get(.secrets, "cluster-agent")?.resourceVersion
                    return try await Self.annotation(scenario) == version
                }
            }
        }

        @Test func `An operator that may not annotate pods does not try`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.annotatesPods = false }
                try await scenario.applyAgent()
                try await waitUntil("the pod is there") { try await scenario.get(.pods, "cluster-agent-0") != nil }
                try await scenario.applyAgent(["externalLabels": ["number": "1"]])
                try await waitUntil("the configuration has the label") {
                    try await scenario.configuration()?.contains("number:") == true
                }
                try await scenario.settle()
                #expect(!scenario.requests(of: "tributary").contains { $0.contains("pods") && $0.contains("patch") })
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The status of an agent says why its pod is not ready`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.startPods(ready: false)
                try await scenario.applyAgent()
                try await waitUntil("the pod is there") { try await scenario.get(.pods, "cluster-agent-0") != nil }
                let terminated: JSON = [
                    "exitCode": 2, "reason": "Error", "message": "error loading config", "startedAt": .null,
                ]
                let container: JSON = [
                    "name": "prometheus", "image": "prometheus", "imageID": "", "ready": false, "restartCount": 3,
                    "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off"]],
                    "lastState": ["terminated": terminated.droppingNulls],
                ]
                try await scenario.client.patch(
                    .pods, scenario.key("cluster-agent-0"), .merge,
                    body: ["status": ["phase": "Running", "containerStatuses": [container]]], subresource: "status")
                try await waitUntil("the condition quotes the container") {
                    let conditions = try await scenario.get(PrometheusAgent.resource, "cluster")?
                        .json["status", "conditions"]?.array
                    let ready = conditions?.first { $0["type"] == "Ready" }
                    return ready?["reason"] == "CrashLoopBackOff"
                        && ready?["message"]?.string?.contains(
                            "pod cluster-agent-0: container prometheus exited with code 2 (restarts: 3): error loading "
                                + "config") == true
                }
            }
        }

        private static func annotation(_ scenario: Scenario) async throws -> String? {
            try await scenario.get(.pods, "cluster-agent-0")?.annotations["tributary.dev/volumes-changed"]
        }
    }
}
