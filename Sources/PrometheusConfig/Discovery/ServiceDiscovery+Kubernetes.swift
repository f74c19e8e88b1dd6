import Kube

// Discovery by the API server of a Kubernetes cluster.
extension ServiceDiscovery {
    static let kubernetes = ServiceDiscovery(
        field: "kubernetesSDConfigs", key: "kubernetes_sd_configs", client: .all,
        fields: [
            .field("apiServer", .string),
            .field("role", .custom(kubernetesRole), isRequired: true),
            .field("namespaces", .custom(namespaces)),
            .field("selectors", .custom(selectors)),
            .field("attachMetadata", .custom(attachMetadata)),
        ],
        check: { entry, _ throws(FieldError) in
            let own = try entry.objectOrEmpty("namespaces").bool("ownNamespace") ?? false
            if own, entry.has("apiServer") {
                throw FieldError(
                    entry.at("namespaces").appending("ownNamespace"), "cannot be true together with apiServer")
            }
        })

    /// The roles that each role can have selectors for.
    private static let selectable: [String: [String]] = [
        "pod": ["pod"], "service": ["service"], "endpoints": ["endpoints", "service", "pod"],
        "endpointslice": ["endpointslice", "service", "pod"], "node": ["node"], "ingress": ["ingress"],
    ]

    private static func kubernetesRole(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        try role(fields).map(JSON.string)
    }

    private static func role(_ fields: Fields) throws(FieldError) -> String? {
        guard let text = try fields.text("role") else { return nil }
        let role = text.lowercased()
        guard selectable[role] != nil else {
            throw FieldError(
                fields.at("role"),
                "\"\(text.prefix(200))\" should be one of Endpoints, EndpointSlice, Ingress, Node, Pod, Service")
        }
        return role
    }

    private static func namespaces(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let namespaces = try fields.object("namespaces") else { return nil }
        var json: JSON = ["names": JSON(try namespaces.strings("names") ?? [])]
        json["own_namespace"] = try namespaces.bool("ownNamespace").map(JSON.bool)
        return json
    }

    private static func selectors(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        let role = try role(fields) ?? ""
        var list: [JSON] = []
        var roles: Set<String> = []
        for selector in try fields.objects("selectors") {
            guard let name = try self.role(selector) else { throw FieldError(selector.at("role"), "is required") }
            let allowed = selectable[role] ?? []
            guard allowed.contains(name) else {
                throw FieldError(
                    selector.at("role"), "\(name) should be one of \(allowed.joined(separator: ", ")), for role \(role)"
                )
            }
            guard roles.insert(name).inserted else {
                throw FieldError(selector.at("role"), "\(name) occurs twice")
            }
            var json: JSON = ["role": JSON(name)]
            if let label = try selector.string("label") {
                try SelectorText.checkLabels(label, at: selector.at("label"))
                json["label"] = JSON(label)
            }
            if let field = try selector.string("field") {
                try SelectorText.checkFields(field, at: selector.at("field"))
                json["field"] = JSON(field)
            }
            list.append(json)
        }
        return list.isEmpty ? JSON?.none : .array(list)
    }

    /// Only roles with pods have nodes whose labels can be attached.
    private static func attachMetadata(
        _ fields: Fields, _ context: inout MappingContext
    ) throws(FieldError) -> JSON? {
        guard let metadata = try fields.object("attachMetadata") else { return nil }
        let node = try metadata.bool("node") ?? false
        let role = try role(fields) ?? ""
        let since: [String: PrometheusVersion] = [
            "pod": .init(2, 35), "endpoints": .init(2, 37), "endpointslice": .init(2, 37),
        ]
        guard let first = since[role], context.version >= first else {
            let reason =
                since[role].map { context.version.needs($0) } ?? "is ignored for role \(role)"
            context.leftOut.append(FieldError(fields.at("attachMetadata"), reason))
            return nil
        }
        return ["node": .bool(node)]
    }
}
