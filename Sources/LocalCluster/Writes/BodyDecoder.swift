import Kube

/// Decodes the body of a write as an object of one kind, with the errors of kube-apiserver's decoder.
struct BodyDecoder {
    /// The expected group, version and kind.
    let resource: Resource
    /// The types of the fields.
    let type: GoType

    /// Creates a decoder for objects of a kind.
    init(_ type: ResourceType) {
        resource = type.resource
        self.type = GoType(type)
    }

    /// Creates a decoder for a resource and its types.
    init(_ resource: Resource, _ type: GoType) {
        self.resource = resource
        self.type = type
    }

    /// The body with the expected `apiVersion` and `kind`, which may be absent. Throws 400 if it is something else.
    func decode(_ body: JSON) throws(APIStatus) -> JSON {
        var json = try identified(body)
        if let error = type.decodingError(in: json) {
            throw .badRequest(
                "\(resource.kind) in version \"\(resource.version)\" cannot be handled as a \(resource.kind): \(error)")
        }
        if json["metadata"]?.object == nil { json["metadata"] = [:] }
        return json
    }

    /// The result of a patch as an object. Throws 422 if it cannot be decoded.
    func decodePatched(_ patched: JSON) throws(APIStatus) -> JSON {
        let json = try identified(patched)
        if let error = type.decodingError(in: json) {
            let none = Resource(group: "", version: "", kind: "", plural: "")
            throw .invalid(none, "", [FieldError(FieldPath("patch"), "Invalid value: \(patched.text()): \(error)")])
        }
        return try decode(json)
    }

    private func identified(_ body: JSON) throws(APIStatus) -> JSON {
        let typeMeta = GoType.object("", ["apiVersion": .string, "kind": .string])
        if body.object == nil {
            let found =
                body.array == nil ? body.typeName.split(separator: " ").last.map(String.init) ?? "null" : "array"
            throw .badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(found) into Go value of type "
                    + #"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#
            )
        }
        if let error = typeMeta.decodingError(in: body) {
            throw .badRequest("couldn't get version/kind; json parse error: \(error)")
        }
        var json = body
        if let found = json["apiVersion"]?.string, !found.isEmpty, found != resource.apiVersion {
            throw .badRequest(
                "the API version in the data (\(found)) does not match the expected API version "
                    + "(\(resource.apiVersion))")
        }
        if let found = json["kind"]?.string, !found.isEmpty, found != resource.kind {
            throw .badRequest(
                "\(found) in version \"\(resource.version)\" cannot be handled as a \(resource.kind): "
                    + "converting (\(resource.apiVersion), Kind=\(found)) to (\(resource.apiVersion), "
                    + "Kind=\(resource.kind)): unknown conversion")
        }
        json["apiVersion"] = .string(resource.apiVersion)
        json["kind"] = .string(resource.kind)
        return json
    }
}

extension WriteCall {
    /// The object in the body of a create or update, with its namespace. Throws 400 if the body is another object.
    func object(_ body: JSON) throws(APIStatus) -> Object { try namespaced(try BodyDecoder(type).decode(body)) }

    /// The object that a patch results in, with its namespace. Throws 422 if it cannot be decoded.
    func patchedObject(_ patched: JSON) throws(APIStatus) -> Object {
        try namespaced(try BodyDecoder(type).decodePatched(patched))
    }

    private func namespaced(_ decoded: JSON) throws(APIStatus) -> Object {
        var json = decoded
        let found = json["metadata", "namespace"]?.string ?? ""
        if resource.isNamespaced {
            if !found.isEmpty, found != namespace {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
            json["metadata", "namespace"] = .string(namespace ?? "")
        } else {
            json["metadata", "namespace"] = nil
        }
        return Object(json)
    }
}
