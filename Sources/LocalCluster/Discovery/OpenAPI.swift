import Kube

/// The OpenAPI 3 documents: what `kubectl explain` prints, and where kubectl reads that the server checks fields itself.
enum OpenAPI {
    /// The document at a path below `/openapi/v3`, or its index; nil where there is none.
    static func document(_ path: [String], registry: Registry) -> JSON? {
        if path.isEmpty { return index(registry) }
        let isCore = path.first == "api" && path.count == 2
        guard isCore || (path.first == "apis" && path.count == 3), let version = path.last else { return nil }
        let group = isCore ? "" : path[1]
        let types = registry.all.filter { $0.resource.group == group && $0.resource.version == version }
        if types.isEmpty { return nil }
        return document(types, version: version)
    }

    private static func index(_ registry: Registry) -> JSON {
        var paths: JSON.Members = [:]
        for group in registry.groups {
            for version in group.versions {
                let path = group.name.isEmpty ? ["api", version] : ["apis", group.name, version]
                guard let document = document(path, registry: registry) else { continue }
                let name = path.joined(separator: "/")
                // The hash changes with the document, since clients keep documents by their URL.
                paths[name] = [
                    "serverRelativeURL": .string("/openapi/v3/\(name)?hash=\(hash(document.encoded()))")
                ]
            }
        }
        return ["paths": .object(paths)]
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(hash, radix: 16, uppercase: true)
    }

    private static func document(_ types: [ResourceType], version: String) -> JSON {
        var paths: JSON.Members = [:]
        var schemas: JSON.Members = [metadataName: metadata]
        for type in types {
            let name = schemaName(type.resource)
            schemas[name] = schema(of: type)
            let namespace = type.resource.isNamespaced ? "{namespace}" : nil
            paths[type.resource.path(namespace: namespace)] = collection(type, schema: name)
            paths[type.resource.path(namespace: namespace, name: "{name}")] = item(type, schema: name)
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "1.33"], "paths": .object(paths),
            "components": ["schemas": .object(schemas)],
        ]
    }
}

// Paths.
extension OpenAPI {
    private static func collection(_ type: ResourceType, schema: String) -> JSON {
        [
            "get": operation(type, "list", parameters: []),
            "post": operation(type, "post", parameters: writeParameters, body: ["application/json"], schema: schema),
        ]
    }

    private static func item(_ type: ResourceType, schema: String) -> JSON {
        // The strategic merge patch is not among the bodies: kubectl would then compute patches from these schemas, which
        // say too little of the built-in kinds, instead of from its own types.
        let patches = [
            "application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json",
        ]
        return [
            "get": operation(type, "get", parameters: []),
            "put": operation(type, "put", parameters: writeParameters, body: ["application/json"], schema: schema),
            "patch": operation(
                type, "patch", parameters: writeParameters + ["force"], body: patches, schema: schema),
            "delete": operation(type, "delete", parameters: ["dryRun", "propagationPolicy"]),
        ]
    }

    /// Parameters of every write; kubectl looks for `fieldValidation` and `dryRun`.
    private static let writeParameters = ["dryRun", "fieldManager", "fieldValidation"]

    private static func operation(
        _ type: ResourceType, _ action: String, parameters: [String], body: [String] = [], schema: String = ""
    ) -> JSON {
        var json: JSON = [
            "description": .string("\(action) objects of kind \(type.resource.kind)"),
            "operationId": .string("\(action)_\(type.resource.description)"),
            "parameters": .array(
                parameters.map { name in ["name": .string(name), "in": "query", "schema": ["type": "string"]] }),
            "responses": ["200": ["description": "OK"]], "x-kubernetes-action": .string(action),
            "x-kubernetes-group-version-kind": Discovery.kind(of: type.resource),
        ]
        if !body.isEmpty {
            let content: JSON = ["schema": ["$ref": .string("#/components/schemas/\(schema)")]]
            let members = JSON.Members(body.map { ($0, content) }, uniquingKeysWith: { _, last in last })
            json["requestBody"] = ["content": .object(members), "required": true]
        }
        return json
    }
}

// Schemas.
extension OpenAPI {
    private static let metadataName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

    /// The name under which a kind's schema stands, its group turned round as in Java packages.
    private static func schemaName(_ resource: Resource) -> String {
        if resource.group.isEmpty { return "io.k8s.api.core.\(resource.version).\(resource.kind)" }
        let group = resource.group.split(separator: ".").reversed().joined(separator: ".")
        return "\(group).\(resource.version).\(resource.kind)"
    }

    private static func schema(of type: ResourceType) -> JSON {
        var json: JSON = type.schema?.json ?? ["type": "object"]
        var properties = json["properties"]?.object ?? [:]
        properties["apiVersion"] = [
            "type": "string", "description": "The version of the schema that this object has, with its group.",
        ]
        properties["kind"] = ["type": "string", "description": "The kind of object that this is."]
        properties["metadata"] = [
            "description": "What every object has: name, namespace, labels, annotations, owners.",
            "allOf": [["$ref": .string("#/components/schemas/\(metadataName)")]], "default": [:],
        ]
        if type.isBuiltIn {
            json["description"] = .string(
                "\(type.resource.kind) of \(type.resource.apiVersion). This server keeps objects of this kind without "
                    + "a schema.")
            for member in members(of: type.shape) where properties[member] == nil {
                properties[member] = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
            }
        }
        json["properties"] = .object(properties)
        json["x-kubernetes-group-version-kind"] = [Discovery.kind(of: type.resource)]
        return json
    }

    private static func members(of shape: MergeShape) -> [String] {
        if case .fields(let fields, _) = shape { fields.keys.sorted() } else { [] }
    }

    private static let metadata: JSON = {
        let map: JSON = ["type": "object", "additionalProperties": ["type": "string", "default": ""]]
        func described(_ schema: JSON, _ description: String) -> JSON {
            var schema = schema
            schema["description"] = .string(description)
            return schema
        }
        return [
            "type": "object", "description": "What every object has, whatever its kind.",
            "properties": [
                "name": described(["type": "string"], "The name, unique among the kind's objects in the namespace."),
                "namespace": described(["type": "string"], "The namespace that the object is in."),
                "labels": described(map, "What objects are selected by."),
                "annotations": described(map, "What programs note of the object."),
                "generateName": described(["type": "string"], "The beginning of a name that the server completes."),
                "finalizers": described(
                    ["type": "array", "items": ["type": "string"]], "What has to be done before the object is gone."),
                "ownerReferences": described(
                    ["type": "array", "items": ["type": "object"]], "The objects with which this one goes."),
                "uid": described(["type": "string"], "What tells the object from others of its name before and after."),
                "resourceVersion": described(["type": "string"], "The version of the object's content."),
                "generation": described(["type": "integer", "format": "int64"], "How often the spec was changed."),
                "creationTimestamp": described(
                    ["type": "string", "format": "date-time"], "When the object was made."),
                "deletionTimestamp": described(
                    ["type": "string", "format": "date-time"], "Since when the object is to go."),
            ],
        ]
    }()
}
