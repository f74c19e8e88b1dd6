public import Kube
import TributaryAPI

/// The organizations that Tributary created in a view's Grafana, as a ConfigMap keeps them for the next process.
public struct GrafanaRecord: Sendable, Hashable {
    /// The global view.
    public var view: ObjectKey
    /// The ID of each tenant's organization, by the name of the Tenant.
    public var organizations: [String: Int]

    /// The key of the ConfigMap. One key, since each key would be once more in the managed fields: with thousands of
    /// tenants the object would not fit.
    package static let key = "organizations.json"

    /// The name of the ConfigMap.
    package static func name(of view: String) -> String { "\(view)-grafana" }

    /// Reads a ConfigMap; nil if it is no such record.
    public init?(_ object: Object) {
        guard object.kind == Resource.configMaps.kind, let text = object.json["data", Self.key]?.string,
            let owner = object.ownerReferences.first(where: { $0.controller == true }),
            owner.kind == GlobalView.resource.kind, owner.group == TributaryAPI.group,
            object.name == Self.name(of: owner.name)
        else { return nil }
        view = ObjectKey(namespace: object.namespace ?? "", name: owner.name)
        // Whoever has edited it by hand: what cannot be read is made anew, from the marks of the organizations.
        let members = (try? JSON(parsing: text))?.object ?? [:]
        organizations = [:]
        for (tenant, id) in members { if let id = id.int, id > 1 { organizations[tenant] = id } }
    }

    /// The content of the ConfigMap.
    package static func data(_ organizations: [String: Int]) -> JSON {
        let members = organizations.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }
        let json = JSON.object(JSON.Members(uniqueKeysWithValues: members))
        return .object([key: .string(json.text())])
    }
}
