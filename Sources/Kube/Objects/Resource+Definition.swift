extension Resource {
    /// A minimal CustomResourceDefinition of this kind (apiextensions.k8s.io/v1) whose schema accepts any object.
    ///
    /// For experiments with kinds whose own definitions are not available.
    public var looseDefinition: Object {
        Object(
            .customResourceDefinitions, name: description,
            [
                "spec": [
                    "group": JSON(group), "scope": isNamespaced ? "Namespaced" : "Cluster",
                    "names": [
                        "kind": JSON(kind), "listKind": JSON("\(kind)List"), "plural": JSON(plural),
                        "singular": JSON(kind.lowercased()),
                    ],
                    "versions": [
                        [
                            "name": JSON(version), "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                            ],
                        ]
                    ],
                ]
            ])
    }

    /// The resources that a CustomResourceDefinition serves, one for each version; empty for other objects.
    public static func served(by definition: Object) -> [Resource] {
        guard definition.kind == customResourceDefinitions.kind,
            definition.apiVersion == customResourceDefinitions.apiVersion,
            let spec = definition.json["spec"], let group = spec["group"]?.string,
            let kind = spec["names", "kind"]?.string, let plural = spec["names", "plural"]?.string
        else { return [] }
        return (spec["versions"]?.array ?? []).filter { $0["served"]?.bool == true }.compactMap { version in
            version["name"]?.string.map {
                Resource(
                    group: group, version: $0, kind: kind, plural: plural,
                    isNamespaced: spec["scope"]?.string != "Cluster")
            }
        }
    }
}
