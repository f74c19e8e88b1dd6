import Kube

/// A CustomResourceDefinition: the schema with names, columns and subresources.
struct Definition {
    /// A column of `kubectl get`.
    struct Column {
        var name: String
        var type = "string"
        var path: String
        var description: String
        /// 0 for columns that are always shown, 1 for those of `-o wide`.
        var priority = 0

        static let age = Column(
            name: "Age", type: "date", path: ".metadata.creationTimestamp",
            description: "The time when the object was created.")
        static let ready = Column(
            name: "Ready", path: #".status.conditions[?(@.type=="Ready")].status"#,
            description: "Whether everything that is requested exists and works.")
        static let message = Column(
            name: "Message", path: #".status.conditions[?(@.type=="Ready")].message"#,
            description: "Why the object is ready or not.", priority: 1)

        var json: JSON {
            var json: JSON = [
                "name": JSON(name), "type": JSON(type), "description": JSON(description), "jsonPath": JSON(path),
            ]
            if priority > 0 { json["priority"] = JSON(priority) }
            return json
        }
    }

    var resource: Resource
    var shortNames: [String]
    var schema: Schema
    var columns: [Column]
    /// The `scale` subresource; nil if the kind cannot be scaled.
    var scale: JSON?

    var json: JSON {
        var subresources: JSON = ["status": [:]]
        if let scale { subresources["scale"] = scale }
        return [
            "apiVersion": JSON(Resource.customResourceDefinitions.apiVersion),
            "kind": JSON(Resource.customResourceDefinitions.kind),
            "metadata": ["name": JSON("\(resource.plural).\(resource.group)")],
            "spec": [
                "group": JSON(resource.group),
                "names": [
                    "kind": JSON(resource.kind),
                    "listKind": JSON("\(resource.kind)List"),
                    "plural": JSON(resource.plural),
                    "singular": JSON(resource.kind.lowercased()),
                    "shortNames": JSON(shortNames),
                    "categories": ["tributary"],
                ],
                "scope": "Namespaced",
                "versions": [
                    [
                        "name": JSON(resource.version),
                        "served": true,
                        "storage": true,
                        "subresources": subresources,
                        "additionalPrinterColumns": .array(columns.map(\.json)),
                        "schema": ["openAPIV3Schema": schema.json],
                    ]
                ],
            ],
        ]
    }

    /// The schema of a whole object.
    static func root(_ description: String, spec: Schema, status: Schema) -> Schema {
        .object(
            [
                "apiVersion": .string("The API version of the object."),
                "kind": .string("The kind of the object."),
                "metadata": Schema(type: .object),
                "spec": spec,
                "status": status,
            ], required: ["spec"], description: description)
    }
}
