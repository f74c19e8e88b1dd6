import Kube

/// What the server says of itself: which kinds it serves under which names, and their schemas.
struct DiscoveryDocument: Sendable {
    /// The media type of the aggregated form, which kubectl asks for first.
    static let aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    var json: JSON
    /// The media type to answer with.
    var contentType = "application/json"
}

/// The discovery document at a path, or nil where there is none: `/version`, `/api`, `/apis` and what is below down to the
/// versions, `/openapi/v3` and what is below.
///
/// `accept` is the request's `Accept` header; the aggregated form of `/api` and `/apis` is given to those who ask for it.
/// Of `/openapi/v2` there is only an empty one (see `API+Fixed.swift`).
func discoveryDocument(path: String, registry: Registry, accept: String) -> DiscoveryDocument? {
    let parts = path.split(separator: "/").map(String.init)
    let isAggregated = accept.contains("g=apidiscovery.k8s.io") && accept.contains("v=v2;")
    switch parts.first {
    case "version" where parts.count == 1: return DiscoveryDocument(json: Discovery.version)
    case "api" where parts.count == 1:
        if isAggregated { return Discovery.aggregated(registry) { $0.isEmpty } }
        return DiscoveryDocument(json: ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []])
    case "api" where parts.count == 2:
        return Discovery.resources(registry, group: "", version: parts[1]).map { DiscoveryDocument(json: $0) }
    case "apis" where parts.count == 1:
        if isAggregated { return Discovery.aggregated(registry) { !$0.isEmpty } }
        return DiscoveryDocument(json: Discovery.groups(registry))
    case "apis" where parts.count == 2:
        return Discovery.group(registry, parts[1]).map { DiscoveryDocument(json: $0) }
    case "apis" where parts.count == 3:
        return Discovery.resources(registry, group: parts[1], version: parts[2]).map { DiscoveryDocument(json: $0) }
    case "openapi" where parts.count >= 2 && parts[1] == "v3":
        return OpenAPI.document(Array(parts.dropFirst(2)), registry: registry).map { DiscoveryDocument(json: $0) }
    default: return nil
    }
}

enum Discovery {
    /// The Kubernetes version whose behaviour is imitated.
    static let version: JSON = [
        "major": "1", "minor": "33", "gitVersion": "v1.33.0-tributary", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "swiftc", "platform": "linux/amd64",
    ]

    /// The verbs of a subresource.
    private static let subresourceVerbs: JSON = ["get", "patch", "update"]
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

    /// `v1` APIResourceList: the kinds of one version of a group, and their subresources.
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

    /// `apidiscovery.k8s.io/v2` APIGroupDiscoveryList: the groups with their versions and kinds in one document.
    static func aggregated(_ registry: Registry, where isWanted: (String) -> Bool) -> DiscoveryDocument {
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
        let json: JSON = [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(items),
        ]
        return DiscoveryDocument(json: json, contentType: DiscoveryDocument.aggregatedType)
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

    /// A resource's group, version and kind.
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
