import Kube
import TestSupport
import Testing

/// A real Alertmanager on loopback.
struct RunningAlertmanager {
    /// An alert that has arrived.
    struct Alert {
        var labels: [String: String]
        var annotations: [String: String]
    }

    static let program = ChildProcess.find("prometheus-alertmanager") ?? ChildProcess.find("alertmanager")

    /// The address: host:port.
    let address: String

    init(_ story: Story) async throws {
        address = "127.0.0.1:\(try freePort())"
        let file = try story.directory.write(
            "alertmanager.yaml", "route: {receiver: none}\nreceivers: [{name: none}]\n")
        let process = try story.start(
            "alertmanager", try #require(Self.program),
            [
                "--config.file=\(file)", "--storage.path=\(story.directory.path("alertmanager"))",
                "--web.listen-address=\(address)", "--cluster.listen-address=",
            ])
        try await QueryAPI.untilReady("http://\(address)/-/ready", process)
    }

    /// The alerts that are firing.
    func alerts() async throws -> [Alert] {
        (try await curl(["http://\(address)/api/v2/alerts"]).json.array ?? []).map {
            Alert(labels: $0["labels"]?.strings ?? [:], annotations: $0["annotations"]?.strings ?? [:])
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a story if no Alertmanager is installed.
    static var withAlertmanager: Self {
        .enabled(
            if: RunningAlertmanager.program != nil,
            "prometheus-alertmanager is not found: install Debian's prometheus-alertmanager")
    }
}
