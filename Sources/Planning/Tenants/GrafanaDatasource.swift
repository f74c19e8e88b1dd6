import Hashring
import Kube
import PlanningInput
import YAML

/// A tenant's datasource in Grafana's provisioning format, in a ConfigMap that Grafana's side-car finds by label.
///
/// It points at the tenant's read proxy and carries no credentials, so that a ConfigMap may hold it.
struct GrafanaDatasource {
    var owner: Owner
    /// The name that people see.
    var name: String
    /// The tenant's read URL.
    var url: String
    /// Grafana's organization; nil leaves it to Grafana, which takes the first.
    var organization: Int?
    /// What answers behind the proxy, as Grafana calls it: `Prometheus`, `Thanos`, `Mimir`.
    var flavour: String
    /// How Grafana's side-car finds the ConfigMap.
    var selectingLabels: [String: String]

    /// The identifier by which dashboards refer to the datasource: stable, within Grafana's 40 characters.
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
            // Tenants' rules are not Grafana's to manage, and POST carries queries longer than a URL may be.
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
