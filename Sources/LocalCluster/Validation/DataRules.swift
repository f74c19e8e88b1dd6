import Kube

/// The rules of ConfigMaps and Secrets.
enum DataRules {
    /// The errors in a ConfigMap or Secret.
    static func errors(_ object: Object, old: Object?) -> [FieldError] {
        var errors: [FieldError] = []
        for member in ["data", "binaryData"] {
            for key in object.json[member]?.object?.keys ?? [] {
                guard let problem = NameRules.dataKeyProblem(key) else { continue }
                errors.append(
                    FieldError(FieldPath(member).appending(key), "Invalid value: \(JSON(key).text()): \(problem)"))
            }
        }
        guard let old else { return errors }
        if object.kind == "Secret", old.json["type"] != object.json["type"] {
            errors.append(
                FieldError(
                    FieldPath("type"), "Invalid value: \(object.json["type"]?.text() ?? "null"): field is immutable"))
        }
        if old.json["immutable"]?.bool == true {
            for member in ["immutable", "data", "binaryData"] where old.json[member] != object.json[member] {
                errors.append(
                    FieldError(FieldPath(member), "Forbidden: field is immutable when `immutable` is set"))
            }
        }
        return errors
    }
}
