import Kube
import Testing
import TributaryAPI

@testable import Explanations

@Suite struct `The status report` {
    private let now = Timestamp("2026-11-21T10:00:00Z") ?? .now

    private func agent(
        _ name: String, _ ready: String, _ reason: String, _ message: String, more: [JSON] = [], status: JSON = [:]
    ) -> Object {
        var status = status
        status["conditions"] = .array(
            [
                [
                    "type": "Ready", "status": JSON(ready), "reason": JSON(reason), "message": JSON(message),
                    "lastTransitionTime": "2026-11-21T09:19:00Z",
                ]
            ] + more)
        return Object(PrometheusAgent.resource, namespace: "edge", name: name, ["status": status])
    }

    @Test func `The status report says what is wrong, since when, and what to do`() {
        let report = StatusReport(
            [
                agent("good", "True", "Ready", "all 1 pods are ready"),
                agent("bad", "False", "InvalidSpec", "spec.version: \"x\" is not a valid version"),
            ], now: now)
        #expect(report.isWrong)
        #expect(
            report.lines == [
                "GlobalViews 0/0 ready, Tenants 0/0 ready, PrometheusAgents 1/2 ready",
                "wrong: PrometheusAgent edge/bad for 41m: InvalidSpec: spec.version: \"x\" is not a valid version",
                "  -> spec.version; kubectl describe prometheusagent bad -n edge",
            ])
        #expect(report.json["troubles"]?[0]?["since"] == "2026-11-21T09:19:00Z")
    }

    @Test func `Nothing is wrong in the status report while pods start or somebody has paused an object`() {
        let reconciling: JSON = ["type": "Reconciling", "status": "True", "reason": "WaitingForPods", "message": ""]
        let report = StatusReport(
            [
                agent("new", "False", "WaitingForPods", "0 of 1 pods are ready", more: [reconciling]),
                agent("paused", "Unknown", "Paused", "spec.paused is true"),
            ], now: now)
        #expect(!report.isWrong)
        #expect(report.troubles.map(\.weight) == [.progress, .note])
        #expect(StatusReport([], now: now).lines.last == "nothing is wrong")
    }

    @Test func `Other conditions that are False, rejected monitors and waiting receivers are in the status report`() {
        let delivering: JSON = [
            "type": "Delivering", "status": "False", "reason": "NoSuchHost",
            "message": "metrics.example.org: no such host", "lastTransitionTime": "2026-11-21T09:30:00Z",
        ]
        let rejected: JSON = [
            "rejected": 3,
            "rejectedMonitors": [
                ["kind": "Probe", "namespace": "shop", "name": "web", "message": "spec.targets: needs staticConfig"]
            ],
        ]
        let view = Object(
            GlobalView.resource, namespace: "o11y", name: "main",
            [
                "status": [
                    "conditions": [["type": "Ready", "status": "True", "reason": "Ready", "message": ""]],
                    "hashrings": [["name": "soft", "pending": [["pod": "r-5", "reason": "NotReady"]]]],
                ]
            ])
        let report = StatusReport(
            [agent("a", "True", "Ready", "", more: [delivering], status: rejected), view], now: now)
        let messages = report.troubles.map(\.message)
        #expect(messages.contains("Delivering is False: metrics.example.org: no such host"))
        #expect(messages.contains("rejects Probe shop/web: spec.targets: needs staticConfig (and 2 more)"))
        #expect(messages.contains("hashring \"soft\": receiver r-5 waits"))
        #expect(report.isWrong)
    }

    @Test func `A monitor without targets is a note in the status report, since it may be meant so`() {
        let status: JSON = [
            "withoutTargets": 2,
            "monitorsWithoutTargets": [
                ["kind": "PodMonitor", "namespace": "shop", "name": "web", "message": "has had no targets"]
            ],
        ]
        let report = StatusReport([agent("a", "True", "Ready", "", status: status)], now: now)
        #expect(!report.isWrong)
        #expect(
            report.lines == [
                "GlobalViews 0/0 ready, Tenants 0/0 ready, PrometheusAgents 1/1 ready",
                "note: PrometheusAgent edge/a: NoTargets: PodMonitor shop/web: has had no targets (and 1 more)",
            ])
    }

    @Test func `An object that nobody has reported on is wrong, and one screen is enough for thousands`() {
        let agents = (0..<3000).map { Object(PrometheusAgent.resource, namespace: "edge", name: "a-\($0)") }
        let report = StatusReport(agents, now: now)
        #expect(report.isWrong && report.troubles.count == 3000)
        #expect(report.lines.count < 50)
        #expect(report.lines.last == "and 2980 more; -o json has them all")
    }
}
