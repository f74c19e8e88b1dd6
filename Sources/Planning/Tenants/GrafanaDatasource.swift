import Crypto
import Kube
import PlanningInput
import TributaryAPI
import YAML

/// A tenant's datasource in Grafana: in its own organization, or in a file that Grafana's sidecar finds by label.
struct GrafanaDatasource {
    var owner: Owner
    /// The name that users see.
    var name: String
    /// The tenant's read URL.
    var url: String
    /// The credential for reading; nil where the URL needs none.
    var token: String?
    /// Grafana's organization; nil for Grafana's default, the first one.
    var organization: Int?
    /// The type of the server behind the proxy, in Grafana's terms: `Prometheus`, `Thanos`, `Mimir`.
    var flavour: String
    /// The shortest interval between two samples, which Grafana's queries should not go below; nil if it is unknown.
    var timeInterval: String?
    /// The labels by which Grafana's sidecar finds the file.
    var selectingLabels: [String: String]

    /// The identifier that dashboards use for the datasource: stable, at most Grafana's 40 characters.
    static func uid(of key: ObjectKey) -> String {
        let plain = "tributary-\(key.namespace)-\(key.name)"
        return plain.utf8.count <= 40 ? plain : "tributary-\(SHA256.hexadecimal(plain).prefix(30))"
    }

    /// The name of the ConfigMap or Secret with the file.
    static func name(of tenant: String) -> String { "\(tenant)-datasource" }

    /// The settings that are not secret.
    private var settings: JSON {
        // Grafana cannot manage tenants' rules, and POST allows queries that are too long for a URL.
        let settings: JSON = [
            "httpMethod": "POST", "manageAlerts": false, "prometheusType": JSON(flavour),
            "timeInterval": timeInterval.map { JSON($0) } ?? .null,
            "httpHeaderName1": token == nil ? .null : "Authorization",
        ]
        return settings.droppingNulls
    }

    /// The datasource in an organization of the tenant's own.
    var inOrganization: GrafanaOrganization.Datasource {
        GrafanaOrganization.Datasource(
            uid: Self.uid(of: owner.metadata.key), name: name, url: url, settings: settings,
            token: token.map { HiddenText($0) })
    }

    /// The file for the sidecar: in a Secret if it has a credential, otherwise in a ConfigMap.
    var object: Object {
        let datasource: JSON = [
            "name": JSON(name),
            "uid": JSON(Self.uid(of: owner.metadata.key)),
            "type": "prometheus",
            "access": "proxy",
            "url": JSON(url),
            "orgId": organization.map { JSON($0) } ?? .null,
            "editable": false,
            "jsonData": settings,
            "secureJsonData": token.map { ["httpHeaderValue1": JSON("Bearer \($0)")] } ?? .null,
        ]
        let file: JSON = ["apiVersion": 1, "datasources": [datasource.droppingNulls]]
        let labels = owner.labels("datasource", program: "grafana-datasource").merging(selectingLabels) { own, _ in own
        }
        let (name, text) = ("\(owner.namespace)-\(owner.metadata.name).yaml", YAML.write([file]))
        return owner.object(
            token == nil ? .configMaps : .secrets, Self.name(of: owner.metadata.name), labels: labels,
            ["data": [name: JSON(token == nil ? text : Base64.encode(text.utf8))]])
    }

    /// The datasource as grafana-operator reads it, which takes the credential from a Secret itself.
    func custom(_ credential: KeySelector?) -> Object {
        let datasource: JSON = [
            "name": JSON(name), "type": "prometheus", "access": "proxy", "url": JSON(url), "editable": false,
            "jsonData": settings,
            "secureJsonData": credential.map { ["httpHeaderValue1": JSON("Bearer ${\($0.key)}")] } ?? .null,
        ]
        let value: JSON? = credential.map { credential in
            [
                "targetPath": "secureJsonData.httpHeaderValue1",
                "valueFrom": ["secretKeyRef": ["name": JSON(credential.name), "key": JSON(credential.key)]],
            ]
        }
        return owner.object(
            .grafanaDatasources, Self.name(of: owner.metadata.name),
            labels: owner.labels("datasource", program: "grafana-datasource"),
            [
                "spec": [
                    "uid": JSON(Self.uid(of: owner.metadata.key)),
                    "allowCrossNamespaceImport": true,
                    "instanceSelector": ["matchLabels": JSON(selectingLabels)],
                    "datasource": datasource.droppingNulls,
                    "valuesFrom": value.map { [$0] } ?? .null,
                ]
            ])
    }
}
