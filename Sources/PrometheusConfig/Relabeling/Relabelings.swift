import Kube

/// Relabelling rules: those of custom resources, with names in camel case, and those that this program adds.
enum Relabelings {
    /// Reads a list of rules; throws ``FieldError`` for a rule that a version of Prometheus would refuse.
    static func read(_ parent: Fields, _ key: String, for version: PrometheusVersion) throws(FieldError) -> [JSON] {
        var rules: [JSON] = []
        for fields in try parent.objects(key) {
            var rule = RelabelConfig()
            rule.sourceLabels = try fields.strings("sourceLabels") ?? []
            rule.separator = try fields.string("separator")
            rule.targetLabel = try fields.text("targetLabel")
            rule.regex = try fields.text("regex")
            rule.modulus = try fields.count("modulus").flatMap { $0 == 0 ? nil : UInt64($0) }
            rule.replacement = try fields.string("replacement")
            rule.action = try fields.text("action")?.lowercased()
            if let problem = rule.problems(for: version, at: fields.path).first { throw inCamelCase(problem) }
            rules.append(rule.json)
        }
        return rules
    }

    private static func inCamelCase(_ error: FieldError) -> FieldError {
        guard case .key(let name)? = error.path.steps.last else { return error }
        let words = name.split(separator: "_")
        let camel = words.dropFirst().reduce(words.first.map(String.init) ?? "") {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
        return FieldError(FieldPath(error.path.steps.dropLast() + [.key(camel)]), error.problem)
    }

    /// The first rule of every job, which keeps the name of the job for later rules.
    static let jobName: JSON = ["source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"]

    /// A rule that drops the targets of pods that have ended.
    static let isRunning: JSON = [
        "action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)",
    ]

    /// A rule that keeps or drops targets by the values of labels.
    static func filter(_ action: String, _ labels: [String], _ regex: String) -> JSON {
        ["action": JSON(action), "source_labels": JSON(labels), "regex": JSON(regex)]
    }

    /// A rule that keeps the targets with a port of some name; the name is an expression, as in prometheus-operator.
    static func port(_ name: String, _ label: String, at path: FieldPath) throws(FieldError) -> JSON {
        if let problem = RegularExpression.problem(name) { throw FieldError(path, "\"\(name)\": \(problem)") }
        return filter("keep", [label], name)
    }

    /// A rule that copies a label.
    static func copy(_ source: String, to target: String) -> JSON {
        ["source_labels": [JSON(source)], "target_label": JSON(target)]
    }

    /// A rule that copies a label if it is not empty.
    static func copyIfSet(_ source: String, to target: String) -> JSON {
        [
            "source_labels": [JSON(source)], "target_label": JSON(target), "regex": "(.+)", "replacement": "${1}",
        ]
    }

    /// Rules that copy labels of services or pods; `kind` is `service` or `pod`.
    static func copies(_ labels: [String], of kind: String) -> [JSON] {
        labels.map { copyLabel($0, of: kind, to: LabelName.sanitized($0)) }
    }

    /// Rules that copy the labels of services or pods that a field lists; `kind` is `service` or `pod`.
    static func copies(
        _ spec: Fields, _ key: String, of kind: String, for version: PrometheusVersion
    ) throws(FieldError) -> [JSON] {
        let labels = try spec.strings(key) ?? []
        for (index, label) in labels.enumerated() {
            let name = LabelName.sanitized(label)
            guard LabelName.isValid(name) || (version.allowsAnyLabelName && !name.isEmpty) else {
                throw FieldError(spec.at(key).appending(index), "\"\(label)\" cannot be used as a label name")
            }
        }
        return copies(labels, of: kind)
    }

    /// A rule that copies a label of services or pods if it is not empty; `kind` is `service` or `pod`.
    static func copyLabel(_ key: String, of kind: String, to target: String) -> JSON {
        copyIfSet("__meta_kubernetes_\(kind)_label_\(LabelName.sanitized(key))", to: target)
    }

    /// A rule that sets a label.
    static func set(_ target: String, to value: String) -> JSON {
        ["target_label": JSON(target), "replacement": JSON(value)]
    }
}
