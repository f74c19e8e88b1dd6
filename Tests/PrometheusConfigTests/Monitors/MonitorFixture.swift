import Kube
import YAML

@testable import PrometheusConfig

/// One monitor and the agent that takes it in, written as a person would, and what becomes of them.
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

    /// The place of what is said once for each endpoint.
    var endpoint: FieldPath {
        switch monitor["kind"]?.string {
        case "ServiceMonitor": FieldPath("spec.endpoints[0]")
        case "PodMonitor": FieldPath("spec.podMetricsEndpoints[0]")
        default: FieldPath("spec")
        }
    }

    /// The fixture with members, as YAML, put in at a place, or in the endpoint.
    func with(_ yaml: String, at place: FieldPath? = nil) -> MonitorFixture {
        var fixture = self
        guard let change = (try? YAML.parseOne(yaml).value)?.object else { return fixture }
        fixture.monitor.put(change, at: (place ?? endpoint).steps[...])
        return fixture
    }

    /// The fixture with members put into its spec.
    func withSpec(_ yaml: String) -> MonitorFixture { with(yaml, at: FieldPath("spec")) }

    /// The fixture with another agent.
    func agent(_ change: (inout MonitorSettings) -> Void) -> MonitorFixture {
        var fixture = self
        change(&fixture.settings)
        return fixture
    }

    /// The fixture with an agent of one scrape class, which is the default.
    func scrapeClass(_ yaml: String) -> MonitorFixture {
        agent { settings in
            var json = (try? YAML.parseOne(yaml).value) ?? [:]
            json["name"] = json["name"] ?? "shared"
            json["default"] = json["default"] ?? true
            settings.scrapeClasses += [try? ScrapeClass(json: json)].compactMap { $0 }
        }
    }

    /// The fixture for another version of Prometheus.
    func version(_ major: Int, _ minor: Int) -> MonitorFixture {
        agent { $0.version = PrometheusVersion(major, minor) }
    }

    /// The jobs, and the credentials that were asked for.
    func made() throws -> (jobs: [ScrapeJob], credentials: Credentials) {
        var credentials = Credentials { reference in
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

    /// What is wrong with the monitor; nil where there are jobs.
    var problem: String? {
        do {
            _ = try made()
            return nil
        } catch { return "\(error)" }
    }

    /// What Secret and ConfigMap `s` have in every namespace. The certificate is the shortest that looks like one.
    static let contents = [
        "user": "me", "password": "pass\n", "token": "secret", "id": "client\n", "header": "h\n",
        "ca": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "cert": "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "key": "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
    ]
}

extension JSON {
    /// Puts members into an object; null takes one away.
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

    /// How this differs from another value, a line for each member, `-` for what is gone and `+` for what is new;
    /// elements of lists of rules are compared as a whole.
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
