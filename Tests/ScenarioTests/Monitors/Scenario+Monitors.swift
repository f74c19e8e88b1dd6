import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import TributaryAPI

extension Scenario {
    /// Installs the custom resource definitions of some kinds of prometheus-operator.
    func install(_ kinds: MonitorKind...) async throws {
        for kind in kinds {
            try await client.apply(
                .customResourceDefinitions, kind.resource.looseDefinition, fieldManager: "installer", force: true)
            try await waitUntil("\(kind.rawValue)s are served") {
                do {
                    _ = try await client.list(kind.resource, namespace: namespace)
                    return true
                } catch is APIStatus {
                    return false
                }
            }
        }
    }

    /// Applies an agent that selects all ServiceMonitors, unless `more` says otherwise.
    @discardableResult
    func applyAgent(_ more: JSON = [:], name: String = "cluster") async throws -> Object {
        var spec: JSON = [
            "serviceMonitorSelector": [:],
            "remoteWrite": [["name": "central", "url": "https://central.example.org/api/v1/write"]],
        ]
        for (key, value) in more.object ?? [:] { spec[key] = value }
        return try await apply(PrometheusAgent.resource, name, ["spec": spec.droppingNulls])
    }

    /// Applies a ServiceMonitor with one endpoint.
    @discardableResult
    func applyMonitor(
        _ name: String, in other: String? = nil, labels: [String: String] = [:], _ endpoint: JSON = [:]
    ) async throws -> Object {
        var endpoint = endpoint
        if endpoint["port"] == nil { endpoint["port"] = "web" }
        let resource = MonitorKind.serviceMonitor.resource
        return try await client.apply(
            resource,
            Object(
                resource, namespace: other ?? namespace, name: name, labels: labels,
                ["spec": ["selector": ["matchLabels": ["app": JSON(name)]], "endpoints": [endpoint]]]),
            fieldManager: "kubectl", force: true)
    }

    /// An endpoint that authenticates with a token from a Secret.
    static let tokenEndpoint: JSON = ["authorization": ["credentials": ["name": "credentials", "key": "token"]]]

    /// The configuration in an agent's Secret; nil if there is none.
    func configuration(of agent: String = "cluster") async throws -> String? {
        let secret = try await get(.secrets, "\(agent)-agent")
        let data = secret?.json["data", "prometheus.yaml"]?.string
        return data.flatMap { Base64.decode($0.utf8) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The ServiceMonitors that have jobs in an agent's configuration, as `namespace/name`; nil if there is no
    /// configuration.
    func scraped(by agent: String = "cluster") async throws -> Set<String>? {
        guard let text = try await configuration(of: agent) else { return nil }
        let names = text.split(separator: "\n").filter { $0.hasPrefix("- job_name: serviceMonitor/") }
        return Set(names.map { $0.split(separator: "/").dropFirst().prefix(2).joined(separator: "/") })
    }

    /// Waits until an agent's configuration has the jobs of exactly these ServiceMonitors. A name without a namespace
    /// is in the scenario's namespace.
    func waitForJobs(of agent: String = "cluster", _ monitors: String...) async throws {
        let wanted = Set(monitors.map { $0.contains("/") ? $0 : "\(namespace)/\($0)" })
        var last: Set<String>?
        do {
            try await waitUntil("") {
                last = try await scraped(by: agent)
                return last == wanted
            }
        } catch is WaitingError {
            throw WaitingError(
                description: "agent \(agent) did not get the jobs of \(wanted); it has those of \(last ?? [])")
        }
    }
}
