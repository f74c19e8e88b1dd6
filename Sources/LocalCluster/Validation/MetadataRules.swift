import Kube

/// The rules of `metadata` in objects of every kind: apimachinery's `ValidateObjectMeta`.
enum MetadataRules {
    /// The most bytes that all annotations of an object may have, keys and values.
    private static let annotationLimit = 256 * 1024

    /// The errors in an object's metadata.
    static func errors(_ object: Object, _ resource: Resource) -> [FieldError] {
        let path = FieldPath("metadata")
        var errors: [FieldError] = []
        if let problem = NameRules.problem(object.name, of: resource) {
            errors.append(FieldError(path.appending("name"), "Invalid value: \(JSON(object.name).text()): \(problem)"))
        }
        let metadata = object.json["metadata"]
        errors += LabelSelectorRules.labelErrors(metadata?["labels"], at: path.appending("labels"))
        errors += annotationErrors(metadata?["annotations"], at: path.appending("annotations"))
        for (index, owner) in (metadata?["ownerReferences"]?.array ?? []).enumerated() {
            for member in ["apiVersion", "kind", "name", "uid"] where (owner[member]?.string ?? "").isEmpty {
                let path = path.appending("ownerReferences").appending(index).appending(member)
                errors.append(FieldError(path, "Invalid value: \"\": must not be empty"))
            }
        }
        return errors
    }

    private static func annotationErrors(_ annotations: JSON?, at path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        var size = 0
        for (key, value) in annotations?.object ?? [:] {
            size += key.utf8.count + (value.string ?? "").utf8.count
            if let problem = NameRules.qualifiedNameProblem(key.lowercased()) {
                errors.append(FieldError(path, "Invalid value: \(JSON(key).text()): \(problem)"))
            }
        }
        if size > annotationLimit {
            errors.append(FieldError(path, "Too long: may not be more than \(annotationLimit) bytes"))
        }
        return errors
    }
}
