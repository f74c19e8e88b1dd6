import Kube

/// The rules of a `meta/v1` LabelSelector in an object: apimachinery's `ValidateLabelSelector`.
enum LabelSelectorRules {
    /// The errors in a selector; none if it is absent.
    static func errors(_ selector: JSON?, at path: FieldPath) -> [FieldError] {
        guard let selector, !selector.isNull else { return [] }
        var errors = labelErrors(selector["matchLabels"], at: path.appending("matchLabels"))
        for (index, requirement) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            errors += requirementErrors(requirement, at: path.appending("matchExpressions").appending(index))
        }
        return errors
    }

    /// The errors in labels: `ValidateLabels`.
    static func labelErrors(_ labels: JSON?, at path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        for (key, value) in labels?.object ?? [:] {
            if let problem = NameRules.qualifiedNameProblem(key) {
                errors.append(FieldError(path, "Invalid value: \(JSON(key).text()): \(problem)"))
            }
            if let problem = NameRules.labelValueProblem(value.string ?? "") {
                errors.append(FieldError(path, "Invalid value: \(value.text()): \(problem)"))
            }
        }
        return errors
    }

    private static func requirementErrors(_ requirement: JSON, at path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        let values = requirement["values"]?.array ?? []
        let name = requirement["operator"]?.string ?? ""
        switch LabelSelector.Requirement.Operator(rawValue: name) {
        case .in, .notIn:
            if values.isEmpty {
                errors.append(
                    FieldError(
                        path.appending("values"),
                        "Required value: must be specified when `operator` is 'In' or 'NotIn'"))
            }
        case .exists, .doesNotExist:
            if !values.isEmpty {
                errors.append(
                    FieldError(
                        path.appending("values"),
                        "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
            }
        case nil:
            errors.append(
                FieldError(
                    path.appending("operator"),
                    "Invalid value: \(JSON(name).text()): not a valid selector operator"))
        }
        let key = requirement["key"]?.string ?? ""
        if let problem = NameRules.qualifiedNameProblem(key) {
            errors.append(FieldError(path.appending("key"), "Invalid value: \(JSON(key).text()): \(problem)"))
        }
        for (index, value) in values.enumerated() {
            guard let problem = NameRules.labelValueProblem(value.string ?? "") else { continue }
            errors.append(
                FieldError(
                    path.appending("values").appending(index), "Invalid value: \(value.text()): \(problem)"))
        }
        return errors
    }
}
