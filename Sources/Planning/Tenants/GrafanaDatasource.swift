import Crypto
import Kube
import PlanningInput
import YAML

/// A tenant's datasource in Grafana's provisioning format, in a ConfigMap that Grafana's sidecar finds by label.
///
/// It points at the tenant's read proxy and contains no credentials, so that a ConfigMap is good enough.
struct GrafanaDatasource {
    var owner: Owner
    /// The name that users see.
    var name: String
    /// The tenant's read URL.
    var url: String
    /// Grafana's organization; nil for Grafana's default, the first one.
    var organization: Int?
    /// The type of the server behind the proxy, in Grafana's terms: `Prometheus`, `Thanos`, `Mimir`.
    var flavour: String
    /// The labels by which Grafana's sidecar finds the ConfigMap.
    var selectingLabels: [String: String]

    /// The identifier that dashboards use for the datasource: stable, at most Grafana's 40 characters.
    static func uid(of key: ObjectKey) -> String {
        let plain = "tributary-\(key.namespace)-\(key.name)"
        return plain.utf8.count <= 40 ? plain : "tributary-\(SHA256.hexadecimal(plain).prefix(30))"
    }

    var object: Object {
        let datasource: JSON = [
            "name": JSON(name),
            "uid": JSON(Self.uid(of: owner.metadata.key)),
            "type": "prometheus",
            "access": "proxy",
            "url": JSON(url),
            "orgId": organization.map { JSON($0) } ?? .null,
            "editable": false,
            // Grafana cannot manage tenants' rules, and POST allows queries that are too long for a URL.
            "jsonData": ["httpMethod": "POST", "manageAlerts": false, "prometheusType": JSON(flavour)],
        ]
        let file: JSON = ["apiVersion": 1, "datasources": [datasource.droppingNulls]]
        let labels = owner.labels("datasource", program: "grafana-datasource").merging(selectingLabels) { own, _ in own
        }
        return owner.object(
            .configMaps, "\(owner.metadata.name)-datasource", labels: labels,
            ["data": ["\(owner.namespace)-\(owner.metadata.name).yaml": .string(YAML.write([file]))]])
    }
}
