import Kube

extension WriteCall {
    /// An object that is to be stored: without unknown fields, with defaults, validated.
    ///
    /// Unknown fields become warnings, or 400 if the client asked for that. Throws 422 if the object is invalid.
    mutating func prepared(_ object: Object, old: Object?) throws(APIStatus) -> Object {
        var object = object
        if let schema = type.schema {
            let (pruned, unknown) = schema.pruning(object.json)
            object.json = pruned
            try report(unknown)
        }
        object = type.defaulted(object)
        var errors = MetadataRules.errors(object, resource)
        if let schema = type.schema {
            var value = object.json
            value["metadata"] = nil
            var rules = schema
            rules.properties["metadata"] = nil
            rules.required.removeAll { $0 == "metadata" }
            errors += rules.validate(value)
        }
        errors += BuiltInRules.errors(object, old: old, type)
        if !errors.isEmpty { throw .invalid(resource, object.name, errors) }
        return object
    }

    private mutating func report(_ unknown: [FieldPath]) throws(APIStatus) {
        guard !unknown.isEmpty else { return }
        let texts = unknown.map { "unknown field \"\($0)\"" }
        switch fieldValidation {
        case .ignore: break
        case .warn: warnings += texts.filter { !warnings.contains($0) }
        case .strict:
            throw .badRequest(
                "\(resource.kind) in version \"\(resource.version)\" cannot be handled as a \(resource.kind): "
                    + "strict decoding error: \(texts.joined(separator: ", "))")
        }
    }
}
