import Kube

/// What holds for objects of every kind, whoever writes them.
enum ObjectRules {
    /// The body as an object of the kind and version that the path says; its namespace is filled in.
    static func object(_ body: JSON, _ call: WriteCall) throws(APIStatus) -> Object {
        guard body.object != nil else {
            throw .badRequest("the object provided is \(body.typeName), expected an object")
        }
        var json = body
        let expected = call.resource
        if let found = json["apiVersion"]?.string, !found.isEmpty, found != expected.apiVersion {
            throw .badRequest(
                "the API version in the data (\(found)) does not match the expected API version (\(expected.apiVersion))"
            )
        }
        if let found = json["kind"]?.string, !found.isEmpty, found != expected.kind {
            throw .badRequest(
                "\(found) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): "
                    + "converting (\(expected.apiVersion), Kind=\(found)) to (\(expected.apiVersion), "
                    + "Kind=\(expected.kind)): unknown conversion")
        }
        json["apiVersion"] = .string(expected.apiVersion)
        json["kind"] = .string(expected.kind)
        if json["metadata"]?.object == nil { json["metadata"] = [:] }
        let namespace = json["metadata", "namespace"]?.string ?? ""
        if expected.isNamespaced {
            if !namespace.isEmpty, namespace != call.namespace {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
            json["metadata", "namespace"] = .string(call.namespace ?? "")
        } else {
            json["metadata", "namespace"] = nil
        }
        return Object(json)
    }

    /// Prunes, defaults and validates an object that is to be stored.
    static func prepared(_ object: Object, old: Object?, _ call: inout WriteCall) throws(APIStatus) -> Object {
        var object = object
        if let schema = call.type.schema {
            let (pruned, unknown) = schema.pruning(object.json)
            object.json = pruned
            try report(unknown, &call)
        }
        object = call.type.defaulted(object)
        var errors = metadataErrors(object, call.resource)
        if let schema = call.type.schema {
            var value = object.json
            value["metadata"] = nil
            var rules = schema
            rules.properties["metadata"] = nil
            rules.required.removeAll { $0 == "metadata" }
            errors += rules.validate(value)
        }
        errors += BuiltInRules.errors(object, old: old, call.type)
        if !errors.isEmpty { throw .invalid(call.resource, object.name, errors) }
        return object
    }

    /// Tells the caller of fields that the schema does not know, or refuses them, as the caller asked.
    static func report(_ unknown: [FieldPath], _ call: inout WriteCall) throws(APIStatus) {
        guard !unknown.isEmpty else { return }
        let texts = unknown.map { "unknown field \"\($0)\"" }
        switch call.fieldValidation {
        case .ignore: break
        case .warn: call.warnings += texts.filter { !call.warnings.contains($0) }
        case .strict:
            let resource = call.resource
            throw .badRequest(
                "\(resource.kind) in version \"\(resource.version)\" cannot be handled as a \(resource.kind): "
                    + "strict decoding error: \(texts.joined(separator: ", "))")
        }
    }

    private static func metadataErrors(_ object: Object, _ resource: Resource) -> [FieldError] {
        let metadata = FieldPath("metadata")
        var errors: [FieldError] = []
        if let problem = Names.problem(object.name, of: resource) {
            errors.append(
                FieldError(metadata.appending("name"), "Invalid value: \(JSON(object.name).text()): \(problem)"))
        }
        for member in ["labels", "annotations"] {
            guard let entries = object.json["metadata", member]?.object else { continue }
            let path = metadata.appending(member)
            for (key, value) in entries {
                if !Names.isQualified(key) {
                    errors.append(
                        FieldError(path, "Invalid value: \(JSON(key).text()): \(Self.qualifiedNameProblem)"))
                }
                guard let text = value.string else {
                    errors.append(
                        FieldError(
                            path.appending(key),
                            "Invalid value: \(value.text()): must be of type string: \(value.text())"))
                    continue
                }
                if member == "labels", !Names.isLabelValue(text) {
                    errors.append(FieldError(path, "Invalid value: \(value.text()): \(Self.labelValueProblem)"))
                }
            }
        }
        for (index, owner) in (object.json["metadata", "ownerReferences"]?.array ?? []).enumerated() {
            for member in ["apiVersion", "kind", "name", "uid"] where (owner[member]?.string ?? "").isEmpty {
                let path = metadata.appending("ownerReferences").appending(index).appending(member)
                errors.append(FieldError(path, "Invalid value: \"\": must not be empty"))
            }
        }
        return errors
    }

    private static let qualifiedNameProblem =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    private static let labelValueProblem =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        + "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
}

extension Object {
    /// The object without what the server itself fills in and what the status subresource is for: what generation counts.
    func content(withStatus: Bool) -> JSON {
        var json = json
        json["metadata"] = nil
        if !withStatus { json["status"] = nil }
        return json
    }
}
