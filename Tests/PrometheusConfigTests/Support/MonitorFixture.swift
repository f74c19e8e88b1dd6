import Kube
import YAML

@testable import PrometheusConfig

/// A monitor and the settings of an agent that selects it, and their jobs.
struct MonitorFixture: Sendable {
    var monitor: JSON
    var settings = MonitorSettings(version: PrometheusVersion(3, 5), agentNamespace: "mon")

    init(_ yaml: String) {
        monitor = (try? YAML.parseOne(yaml).value) ?? .null
    }

    static let serviceMonitor = MonitorFixture(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: api, namespace: shop}
        spec:
          selector: {matchLabels: {app: api}}
          endpoints: [{port: web}]
        """)
    static let podMonitor = MonitorFixture(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata: {name: batch, namespace: shop}
        spec:
          selector: {matchLabels: {app: batch}}
          podMetricsEndpoints: [{port: web}]
        """)
    static let probe = MonitorFixture(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: Probe
        metadata: {name: front, namespace: shop}
        spec:
          prober: {url: "blackbox:9115"}
          targets: {staticConfig: {static: [example.org]}}
        """)

    /// The path of the endpoint, or of the `spec` of a monitor without endpoints.
    var endpoint: FieldPath {
        switch monitor["kind"]?.string {
        case "ServiceMonitor": FieldPath("spec.endpoints[0]")
        case "PodMonitor": FieldPath("spec.podMetricsEndpoints[0]")
        default: FieldPath("spec")
        }
    }

    /// The fixture with members, in YAML, merged into an object: the endpoint by default.
    func with(_ yaml: String, at place: FieldPath? = nil) -> MonitorFixture {
        var fixture = self
        guard let change = (try? YAML.parseOne(yaml).value)?.object else { return fixture }
        fixture.monitor.put(change, at: (place ?? endpoint).steps[...])
        return fixture
    }

    /// The fixture with members merged into its `spec`.
    func withSpec(_ yaml: String) -> MonitorFixture { with(yaml, at: FieldPath("spec")) }

    /// The fixture with changed settings of the agent.
    func agent(_ change: (inout MonitorSettings) -> Void) -> MonitorFixture {
        var fixture = self
        change(&fixture.settings)
        return fixture
    }

    /// The fixture with one more scrape class, which is the default.
    func scrapeClass(_ yaml: String) -> MonitorFixture {
        agent { settings in
            var json = (try? YAML.parseOne(yaml).value) ?? [:]
            json["name"] = json["name"] ?? "shared"
            json["default"] = json["default"] ?? true
            settings.scrapeClasses += [try? ScrapeClassDefinition(json: json)].compactMap { $0 }
        }
    }

    /// The fixture for another version of Prometheus.
    func version(_ major: Int, _ minor: Int) -> MonitorFixture {
        agent { $0.version = PrometheusVersion(major, minor) }
    }

    /// The jobs, and the resolver that they used.
    func made() throws -> (jobs: [ScrapeJob], credentials: CredentialResolver) {
        var credentials = CredentialResolver { reference in
            guard reference.name == "s" else {
                return .missing("there is no Secret \(reference.namespace)/\(reference.name)")
            }
            guard let value = Self.contents[reference.key] else {
                return .missing("Secret has no key \(reference.key)")
            }
            return .value(value)
        }
        return (try Monitors.jobs(of: Object(monitor), settings, &credentials), credentials)
    }

    /// The first job's configuration.
    func config() throws -> JSON { try made().jobs.first?.config ?? .null }

    /// The problem of the monitor; nil if it has jobs.
    var problem: String? {
        do {
            _ = try made()
            return nil
        } catch { return "\(error)" }
    }

    /// The content of the Secret and the ConfigMap `s`, which exist in every namespace.
    static let contents = [
        "user": "me", "password": "pass\n", "token": "secret", "id": "client\n", "header": "h\n",
        "ca": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "cert": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "key": "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
    ]
}

extension JSON {
    /// Merges members into an object; null removes a member.
    fileprivate mutating func put(_ change: JSON.Members, at steps: ArraySlice<FieldPath.Step>) {
        switch steps.first {
        case nil: for (key, value) in change { self[key] = value.isNull ? JSON?.none : value }
        case .key(let key)?:
            var child = self[key] ?? [:]
            child.put(change, at: steps.dropFirst())
            self[key] = child
        case .index(let index)?:
            var elements = array ?? []
            guard elements.indices.contains(index) else { return }
            elements[index].put(change, at: steps.dropFirst())
            self = .array(elements)
        }
    }

    /// The differences from another value, a line for each member: `-` for a removed one and `+` for an added one.
    ///
    /// Elements of lists are compared as a whole.
    func changes(from other: JSON, at path: String = "") -> [String] {
        switch (other, self) {
        case (.object(let old), .object(let new)):
            return (Set(old.keys).union(new.keys)).sorted().flatMap { key -> [String] in
                let path = path.isEmpty ? key : "\(path).\(key)"
                switch (old[key], new[key]) {
                case (let old?, let new?): return new.changes(from: old, at: path)
                case (let old?, nil): return ["- \(path): \(old.text())"]
                case (nil, let new?): return ["+ \(path): \(new.text())"]
                case (nil, nil): return []
                }
            }
        case (.array(let old), .array(let new)) where old.count == 1 && new.count == 1:
            return new[0].changes(from: old[0], at: "\(path)[0]")
        case (.array(let old), .array(let new)):
            return old.filter { !new.contains($0) }.map { "- \(path): \($0.text())" }
                + new.filter { !old.contains($0) }.map { "+ \(path): \($0.text())" }
        default:
            return self == other ? [] : ["- \(path): \(other.text())", "+ \(path): \(text())"]
        }
    }
}
