import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

/// Agents and monitors in YAML.
enum MonitorSamples {
    /// An agent with a remote write of its own. `spec` is the rest of its specification, in flow style.
    static func agent(_ spec: String, name: String = "cluster") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: \(name), generation: 1}
        spec:
          <<: {\(spec)}
          remoteWrite: [{url: "https://central.example.org/api/v1/write"}]
        """
    }

    static func serviceMonitor(
        _ name: String, in namespace: String = Scene.namespace, labels: String = "{}", endpoint: String = "port: web",
        more: String = "{}"
    ) -> String {
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: \(name), namespace: \(namespace), labels: \(labels)}
        spec:
          <<: \(more)
          selector: {matchLabels: {app: \(name)}}
          endpoints: [{\(endpoint)}]
        """
    }

    static func podMonitor(_ name: String, in namespace: String = Scene.namespace) -> String {
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          selector: {matchLabels: {app: \(name)}}
          podMetricsEndpoints: [{port: web}]
        """
    }

    static func probe(_ name: String, in namespace: String = Scene.namespace) -> String {
        """
        apiVersion: monitoring.coreos.com/v1
        kind: Probe
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          prober: {url: "blackbox:9115"}
          targets: {staticConfig: {static: ["https://example.org"]}}
        """
    }

    static func namespace(_ name: String, _ labels: String) -> String {
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: \(name), labels: \(labels)}
        """
    }

    static func secret(_ name: String, in namespace: String = Scene.namespace, _ values: [String: String]) -> Object {
        Object(.secrets, namespace: namespace, name: name, ["data": JSON(values.mapValues { Base64.encode($0.utf8) })])
    }

    /// The endpoint fields for a bearer token from a Secret.
    static let token = "port: web, authorization: {credentials: {name: credentials, key: token}}"
}

extension Plan {
    /// A file in a Secret.
    func file(_ secret: String = "cluster-agent", _ name: String = "prometheus.yaml") throws -> String {
        let data = try #require(try object("Secret", secret).json["data"]?[name]?.string)
        return String(decoding: try #require(Base64.decode(data.utf8)), as: UTF8.self)
    }

    /// The names of an agent's jobs, in the order of its file.
    func jobs(_ secret: String = "cluster-agent") throws -> [String] {
        let file = try YAML.parseOne(try file(secret)).value
        return (file["scrape_configs"]?.array ?? []).compactMap { $0["job_name"]?.string }
    }

    /// The rejected monitors, as `Kind namespace/name: reason`.
    var rejected: [String] { (monitors?.rejected ?? []).map { "\($0.kind.rawValue) \($0.key): \($0.reason)" } }
}
