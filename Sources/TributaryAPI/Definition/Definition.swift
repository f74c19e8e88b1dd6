import Kube

/// What a CustomResourceDefinition says beside the schema: names, columns, subresources.
struct Definition {
    /// A column of `kubectl get`.
    struct Column {
        var name: String
        var type = "string"
        var path: String
        var description: String
        /// 0 is always shown, 1 with `-o wide`.
        var priority = 0

        static let age = Column(
            name: "Age", type: "date", path: ".metadata.creationTimestamp", description: "When the object was made.")
        static let ready = Column(
            name: "Ready", path: #".status.conditions[?(@.type=="Ready")].status"#,
            description: "Whether everything asked for is there and works.")
        static let message = Column(
            name: "Message", path: #".status.conditions[?(@.type=="Ready")].message"#,
            description: "Why it is ready or not.", priority: 1)

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
    /// The `scale` subresource, where the kind can be scaled.
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

    /// The schema of a whole object; `name` says which names it can have.
    static func root(_ description: String, spec: Schema, status: Schema) -> Schema {
        .object(
            [
                "apiVersion": .string("The version of the schema that the object is written in."),
                "kind": .string("The kind of the object."),
                "metadata": Schema(type: .object),
                "spec": spec,
                "status": status,
            ], required: ["spec"], description: description)
    }
}

/// The rule about an object's name: it becomes part of the names of Services and of pods' labels.
enum NameRule {
    /// At most `max` characters, so that with what is appended a StatefulSet's name stays within 52, a Service's in 63.
    static func rules<T: CustomResource>(_ type: T.Type = T.self, max: Int) -> [CheckedRule<T>] {
        [
            CheckedRule(
                "self.metadata.name.size() <= \(max) && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
                "should have at most \(max) characters, lower-case letters, digits and hyphens, and begin "
                    + "with a letter: Services are named after it",
                at: "metadata.name",
                found: .init(cel: "'\"' + self.metadata.name + '\"'") { "\"\($0.metadata.name)\"" }
            ) { object in
                let name = object.metadata.name.utf8
                func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
                func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
                guard let first = name.first, let last = name.last, name.count <= max, isLetter(first) else {
                    return false
                }
                return last != UInt8(ascii: "-")
                    && name.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
            }
        ]
    }
}
