import Kube
import KubeClient
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Changes of a hashring that would move many series.
    @Suite("Large moves", .timeLimit(.minutes(3))) struct LargeMoveTests {
        @Test(arguments: ClusterKind.available)
        func `A change that moves more than maxMove waits for its annotation`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(Scenario.hashring("default", soft: true, ["maxMove": "10%"]))
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2")
                try await scenario.scale("a", to: 4)
                let view = try await scenario.waitForReady(
                    GlobalView.resource, "main", "False MoveHeld", within: .seconds(60))
                let ready = view.json["status", "conditions"]?.array?.first { $0["type"] == "Ready" }
                let message = ready?["message"]?.string ?? ""
                let permission = String(message.split(separator: "=", maxSplits: 1).last ?? "")
                #expect(permission.hasPrefix("default="), "\(message)")
                try await waitUntil("an Event says so") {
                    try await scenario.events("MoveHeld", about: "main").contains { $0.contains(permission) }
                }
                #expect(scenario.hashrings.all.last == ["default: a-0 a-1 a-2"])

                try await scenario.patch(
                    GlobalView.resource, "main",
                    ["metadata": ["annotations": [Names.allowMoveAnnotation: .string(permission)]]])
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2 a-3")
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
            }
        }
    }
}
