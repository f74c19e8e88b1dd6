import Kube

/// The OpenAPI 3 documents: `kubectl explain` prints them, and kubectl finds in them that the server validates fields.
enum OpenAPI {
    /// The document at a path below `/openapi/v3`, or the index; nil for a group or version that is not served.
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
                // Clients cache documents by their URL, so the hash in it changes with the document.
                let hash = String(FNV1a.hash64(document.encoded()), radix: 16, uppercase: true)
                paths[name] = ["serverRelativeURL": .string("/openapi/v3/\(name)?hash=\(hash)")]
            }
        }
        return ["paths": .object(paths)]
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
        // Strategic merge patch is not listed: kubectl would compute patches from these schemas, which are incomplete for
        // built-in kinds, instead of from its own types.
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

    /// The parameters of every write. kubectl looks for `fieldValidation` and `dryRun`.
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
            "x-kubernetes-group-version-kind": APIDiscovery.kind(of: type.resource),
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

    /// The name of a kind's schema, with the parts of its group reversed as in Java packages.
    private static func schemaName(_ resource: Resource) -> String {
        if resource.group.isEmpty { return "io.k8s.api.core.\(resource.version).\(resource.kind)" }
        let group = resource.group.split(separator: ".").reversed().joined(separator: ".")
        return "\(group).\(resource.version).\(resource.kind)"
    }

    private static func schema(of type: ResourceType) -> JSON {
        var json: JSON = type.schema?.json ?? ["type": "object"]
        var properties = json["properties"]?.object ?? [:]
        properties["apiVersion"] = [
            "type": "string", "description": "Group and version of the schema of this object.",
        ]
        properties["kind"] = ["type": "string", "description": "Kind of this object."]
        properties["metadata"] = [
            "description": "Name, namespace, labels, annotations and owners of this object.",
            "allOf": [["$ref": .string("#/components/schemas/\(metadataName)")]], "default": [:],
        ]
        if type.isBuiltIn {
            json["description"] = .string(
                "\(type.resource.kind) of \(type.resource.apiVersion). This server has no schema for "
                    + "objects of this kind.")
            for member in members(of: type.shape) where properties[member] == nil {
                properties[member] = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
            }
        }
        json["properties"] = .object(properties)
        json["x-kubernetes-group-version-kind"] = [APIDiscovery.kind(of: type.resource)]
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
            "type": "object", "description": "Metadata that objects of all kinds have.",
            "properties": [
                "name": described(["type": "string"], "Name of the object, unique within its kind and namespace."),
                "namespace": described(["type": "string"], "Namespace of the object."),
                "labels": described(map, "Labels by which selectors select objects."),
                "annotations": described(map, "Data that tools keep with the object."),
                "generateName": described(["type": "string"], "Prefix of a name that the server generates."),
                "finalizers": described(
                    ["type": "array", "items": ["type": "string"]],
                    "Finalizers that must be removed before the object is deleted."),
                "ownerReferences": described(
                    ["type": "array", "items": ["type": "object"]],
                    "Objects that own this object; it is deleted with them."),
                "uid": described(
                    ["type": "string"], "Unique identifier of the object, different for each object of the same name."),
                "resourceVersion": described(
                    ["type": "string"], "Version of the object, which changes with every write."),
                "generation": described(
                    ["type": "integer", "format": "int64"], "Number of the current version of the spec."),
                "creationTimestamp": described(
                    ["type": "string", "format": "date-time"], "Time when the object was created."),
                "deletionTimestamp": described(
                    ["type": "string", "format": "date-time"], "Time when the deletion of the object was requested."),
            ],
        ]
    }()
}
