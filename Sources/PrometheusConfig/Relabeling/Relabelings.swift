import Kube

/// Relabelling rules as monitors have them, with names in camel case, and as this program adds them.
enum Relabelings {
    /// Reads the rules of a list; throws ``FieldError`` for what Prometheus of a version would refuse.
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
        let camel = words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
        return FieldError(FieldPath(error.path.steps.dropLast() + [.key(camel)]), error.problem)
    }

    /// The rule with which every job begins: keeps its name for rules that come later.
    static let jobName: JSON = ["source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"]

    /// The rule that drops pods that have ended.
    static let isRunning: JSON = [
        "action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)",
    ]

    /// A rule that keeps, or drops, targets by the value of labels.
    static func filter(_ action: String, _ labels: [String], _ regex: String) -> JSON {
        ["action": JSON(action), "source_labels": JSON(labels), "regex": JSON(regex)]
    }

    /// A rule that copies a label.
    static func copy(_ source: String, to target: String) -> JSON {
        ["source_labels": [JSON(source)], "target_label": JSON(target)]
    }

    /// A rule that copies a label where it is there and not empty.
    static func copyIfSet(_ source: String, to target: String) -> JSON {
        [
            "source_labels": [JSON(source)], "target_label": JSON(target), "regex": "(.+)", "replacement": "${1}",
        ]
    }

    /// A rule that sets a label.
    static func set(_ target: String, to value: String) -> JSON {
        ["target_label": JSON(target), "replacement": JSON(value)]
    }

    /// The rule that sets the enforced label to a monitor's namespace; none where it is not enforced.
    static func enforcedNamespace(of object: Object, _ settings: MonitorSettings) -> [JSON] {
        guard let label = settings.enforcedNamespaceLabel, !label.isEmpty,
            !settings.excludedFromEnforcement.contains(where: { $0.matches(object) })
        else { return [] }
        return [set(label, to: object.namespace ?? "")]
    }

    /// A label's name in Prometheus, where a Kubernetes label may have any name: what it cannot have becomes `_`.
    static func sanitized(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            let isAllowed =
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": true
                default: false
                }
            text.unicodeScalars.append(isAllowed ? scalar : "_")
        }
        return text
    }
}
