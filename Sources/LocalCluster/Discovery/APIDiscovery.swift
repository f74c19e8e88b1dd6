import Kube

/// Describes the kinds that the server serves to clients.
enum APIDiscovery {
    /// The version of Kubernetes that this server imitates.
    static let version: JSON = [
        "major": "1", "minor": "33", "gitVersion": "v1.33.0-tributary", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swiftc", "platform": "linux/amd64",
    ]

    /// The verbs of a subresource.
    private static let subresourceVerbs: JSON = ["get", "patch", "update"]
    /// The kind of the scale subresource.
    private static let scaleKind = Resource(group: "autoscaling", version: "v1", kind: "Scale", plural: "scale")

    /// `v1` APIGroupList.
    static func groups(_ registry: Registry) -> JSON {
        let groups = registry.groups.filter { !$0.name.isEmpty }.map { describe($0.name, $0.versions) }
        return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups)]
    }

    /// `v1` APIGroup.
    static func group(_ registry: Registry, _ name: String) -> JSON? {
        guard let group = registry.groups.first(where: { $0.name == name && !name.isEmpty }) else { return nil }
        var json: JSON = ["kind": "APIGroup", "apiVersion": "v1"]
        for (key, value) in describe(group.name, group.versions).object ?? [:] { json[key] = value }
        return json
    }

    private static func describe(_ name: String, _ versions: [String]) -> JSON {
        let list = versions.map { version -> JSON in
            ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(name), "versions": .array(list), "preferredVersion": list.first ?? [:]]
    }

    /// `v1` APIResourceList: the kinds of one version of a group, with their subresources.
    static func resources(_ registry: Registry, group: String, version: String) -> JSON? {
        let types = sorted(registry, group, version)
        guard let first = types.first else { return nil }
        var resources: [JSON] = []
        for type in types {
            var json: JSON = [
                "name": .string(type.resource.plural), "singularName": .string(type.singular),
                "namespaced": .bool(type.resource.isNamespaced), "kind": .string(type.resource.kind),
                "verbs": JSON(type.verbs),
            ]
            if !type.shortNames.isEmpty { json["shortNames"] = JSON(type.shortNames) }
            if !type.categories.isEmpty { json["categories"] = JSON(type.categories) }
            resources.append(json)
            for subresource in subresources(of: type) {
                var json: JSON = [
                    "name": .string("\(type.resource.plural)/\(subresource.rawValue)"), "singularName": "",
                    "namespaced": .bool(type.resource.isNamespaced), "kind": .string(type.resource.kind),
                    "verbs": subresourceVerbs,
                ]
                if subresource == .scale {
                    json["group"] = .string(scaleKind.group)
                    json["version"] = .string(scaleKind.version)
                    json["kind"] = .string(scaleKind.kind)
                }
                resources.append(json)
            }
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(first.resource.apiVersion),
            "resources": .array(resources),
        ]
    }

    /// `apidiscovery.k8s.io/v2` APIGroupDiscoveryList: groups with their versions and kinds in one document.
    static func aggregated(_ registry: Registry, where isWanted: (String) -> Bool) -> JSON {
        let items = registry.groups.filter { isWanted($0.name) }.map { group -> JSON in
            let versions = group.versions.map { version -> JSON in
                [
                    "version": .string(version), "freshness": "Current",
                    "resources": .array(sorted(registry, group.name, version).map(aggregated)),
                ]
            }
            return [
                "metadata": group.name.isEmpty ? [:] : ["name": .string(group.name)], "versions": .array(versions),
            ]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(items),
        ]
    }

    private static func aggregated(_ type: ResourceType) -> JSON {
        var json: JSON = [
            "resource": .string(type.resource.plural), "responseKind": kind(of: type.resource),
            "scope": type.resource.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(type.singular),
            "verbs": JSON(type.verbs),
        ]
        if !type.shortNames.isEmpty { json["shortNames"] = JSON(type.shortNames) }
        if !type.categories.isEmpty { json["categories"] = JSON(type.categories) }
        let subresources = subresources(of: type).map { subresource -> JSON in
            [
                "subresource": .string(subresource.rawValue), "verbs": subresourceVerbs,
                "responseKind": kind(of: subresource == .scale ? scaleKind : type.resource),
            ]
        }
        if !subresources.isEmpty { json["subresources"] = .array(subresources) }
        return json
    }

    /// The group, version and kind of a resource.
    static func kind(of resource: Resource) -> JSON {
        [
            "group": .string(resource.group), "version": .string(resource.version), "kind": .string(resource.kind),
        ]
    }

    private static func sorted(_ registry: Registry, _ group: String, _ version: String) -> [ResourceType] {
        registry.all.filter { $0.resource.group == group && $0.resource.version == version }
            .sorted { $0.resource.plural < $1.resource.plural }
    }

    private static func subresources(of type: ResourceType) -> [ResourceType.Subresource] {
        type.subresources.sorted { $0.rawValue < $1.rawValue }
    }
}
