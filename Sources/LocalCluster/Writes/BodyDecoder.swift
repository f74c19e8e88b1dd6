import Kube

/// Decodes the body of a write as an object of one kind, with the errors of kube-apiserver's decoders.
struct BodyDecoder {
    /// The expected group, version and kind.
    let resource: Resource
    private let isBuiltIn: Bool
    private let type: GoType

    /// Creates a decoder for objects of a kind.
    init(_ type: ResourceType) {
        resource = type.resource
        isBuiltIn = type.isBuiltIn
        self.type = isBuiltIn ? GoType(builtIn: resource.kind) : .object(resource.kind, [:])
    }

    /// Creates a decoder for a built-in kind and its type.
    init(_ resource: Resource, _ type: GoType) {
        self.resource = resource
        self.type = type
        isBuiltIn = true
    }

    /// The body with the expected `apiVersion` and `kind`. Throws 400 or 422 if it is something else.
    func decode(_ body: JSON) throws(APIStatus) -> JSON {
        let json = try identified(body)
        if let mismatch = mismatch(in: json) { throw notDecoded(resource.kind, resource.version, "\(mismatch)") }
        return withMetadata(json)
    }

    /// The result of a patch. Throws 422 if it cannot be decoded.
    func decodePatched(_ patched: JSON) throws(APIStatus) -> JSON {
        let json = try identified(patched)
        if let mismatch = mismatch(in: json) {
            let none = Resource(group: "", version: "", kind: "", plural: "")
            throw .invalid(none, "", [FieldError(FieldPath("patch"), "Invalid value: \(patched.text()): \(mismatch)")])
        }
        return withMetadata(json)
    }

    /// The body of a server-side apply. Throws 500 if it cannot be decoded.
    func decodeApplied(_ body: JSON) throws(APIStatus) -> JSON {
        let json = try identified(body)
        if let mismatch = mismatch(in: json) {
            let problem = mismatch.value.int == nil ? mismatch.typedDescription : "\(mismatch)"
            throw APIStatus(
                code: 500, reason: "",
                message: "failed to create typed patch object (\(Object(json).key); \(resource.apiVersion), "
                    + "Kind=\(resource.kind)): \(problem)")
        }
        return withMetadata(json)
    }

    private func withMetadata(_ json: JSON) -> JSON {
        var json = json
        if json["metadata"]?.object == nil { json["metadata"] = [:] }
        return json
    }

    private func mismatch(in json: JSON) -> GoType.Mismatch? {
        if let mismatch = type.mismatch(in: json) { return mismatch }
        return isBuiltIn ? nil : GoType.metadata.mismatch(in: json["metadata"] ?? .null)
    }

    /// The body with the expected `apiVersion` and `kind`, unless it names others.
    private func identified(_ body: JSON) throws(APIStatus) -> JSON {
        if body.object == nil {
            throw .badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(GoType.any.found(body)) into Go "
                    + "value of type "
                    + #"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#
            )
        }
        if let mismatch = GoType.object("", ["apiVersion": .string, "kind": .string]).mismatch(in: body) {
            throw .badRequest("couldn't get version/kind; json parse error: \(mismatch)")
        }
        let version = body["apiVersion"]?.string ?? ""
        let kind = body["kind"]?.string ?? ""
        if isBuiltIn { try checkBuiltIn(version, kind) } else { try checkCustom(version, kind, body) }
        var json = body
        json["apiVersion"] = .string(resource.apiVersion)
        json["kind"] = .string(resource.kind)
        return json
    }

    private func checkBuiltIn(_ version: String, _ kind: String) throws(APIStatus) {
        let apiVersion = version.isEmpty ? resource.apiVersion : version
        let kind = kind.isEmpty ? resource.kind : kind
        if apiVersion == resource.apiVersion, kind == resource.kind { return }
        let shortVersion = String(apiVersion.split(separator: "/").last ?? "")
        let isKnown = ResourceType.builtIn.contains { $0.resource.apiVersion == apiVersion && $0.resource.kind == kind }
        let internalPackage = resource.group.split(separator: ".").first.map(String.init) ?? "core"
        throw notDecoded(
            kind, shortVersion,
            isKnown
                ? "converting (\(shortVersion).\(kind)) to (\(internalPackage).\(resource.kind)): unknown conversion"
                : "no kind \"\(kind)\" is registered for version \"\(apiVersion)\" in scheme "
                    + "\"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"")
    }

    private func checkCustom(_ version: String, _ kind: String, _ body: JSON) throws(APIStatus) {
        if kind.isEmpty {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(resource.kind)): Object 'Kind' is missing in "
                    + "'\(body.text())'")
        }
        if !version.isEmpty, version != resource.apiVersion {
            throw .badRequest(
                "the API version in the data (\(version)) does not match the expected API version "
                    + "(\(resource.apiVersion))")
        }
        if kind != resource.kind {
            var found = resource
            found.kind = kind
            throw .invalid(
                found, body["metadata", "name"]?.string ?? "",
                [FieldError(FieldPath("kind"), "Invalid value: \(JSON(kind).text()): must be \(resource.kind)")])
        }
    }

    private func notDecoded(_ kind: String, _ version: String, _ problem: String) -> APIStatus {
        .badRequest("\(kind) in version \"\(version)\" cannot be handled as a \(resource.kind): \(problem)")
    }
}

extension WriteCall {
    /// The object in the body of a create or update, with its namespace. Throws 400 if the body is another object.
    func object(_ body: JSON) throws(APIStatus) -> Object { try namespaced(try BodyDecoder(type).decode(body)) }

    /// The object that a patch results in, with its namespace. Throws 422 if it cannot be decoded.
    func patchedObject(_ patched: JSON) throws(APIStatus) -> Object {
        try namespaced(try BodyDecoder(type).decodePatched(patched))
    }

    /// The object in the body of a server-side apply, with its namespace. Throws 500 if it cannot be decoded.
    func appliedObject(_ body: JSON) throws(APIStatus) -> Object {
        try namespaced(try BodyDecoder(type).decodeApplied(body))
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
