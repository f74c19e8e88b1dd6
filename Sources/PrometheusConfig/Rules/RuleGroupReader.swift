import Kube

/// Reads a group of rules as Prometheus does, and refuses what Prometheus would refuse.
struct RuleGroupReader {
    var version: PrometheusVersion

    private static let mostRules = 2000
    private static let mostText = 64 << 10

    func group(_ fields: Fields) throws(FieldError) -> RuleGroup {
        var group = RuleGroup(name: try fields.requiredText("name"), rules: [])
        guard group.name.utf8.count <= 1024 else { throw FieldError(fields.at("name"), "has more than 1024 bytes") }
        group.interval = try duration(fields, "interval")
        if let interval = group.interval, interval.milliseconds == 0 {
            throw FieldError(fields.at("interval"), "should be longer than 0")
        }
        group.queryOffset = try duration(fields, "query_offset")
        group.limit = try fields.count("limit")
        group.partialResponseStrategy = try strategy(fields)
        let labels = try labels(fields)
        let rules = try fields.objects("rules")
        guard rules.count <= Self.mostRules else {
            throw FieldError(fields.at("rules"), "has \(rules.count) rules; expected at most \(Self.mostRules)")
        }
        for rule in rules { group.rules.append(try self.rule(rule, labels)) }
        return group
    }

    private func strategy(_ fields: Fields) throws(FieldError) -> String? {
        guard let text = try fields.text("partial_response_strategy") else { return nil }
        guard ["abort", "warn"].contains(text.lowercased()) else {
            throw FieldError(fields.at("partial_response_strategy"), "\"\(text)\" should be one of abort, warn")
        }
        return text.lowercased()
    }

    private func duration(_ fields: Fields, _ key: String) throws(FieldError) -> PrometheusDuration? {
        try fields.duration(key).flatMap { PrometheusDuration($0) }
    }

    // MARK: - Rules

    /// Reads a rule. The labels of its group, which older versions do not know, become its own.
    private func rule(_ fields: Fields, _ groupLabels: [String: String]) throws(FieldError) -> JSON {
        let (record, alert) = (try fields.text("record"), try fields.text("alert"))
        if record != nil, alert != nil {
            throw FieldError(fields.path, "should have only one of \"record\" and \"alert\"")
        }
        guard record != nil || alert != nil else {
            throw FieldError(fields.path, "should have \"record\" or \"alert\"")
        }
        let expression = try expression(fields)
        let labels = groupLabels.merging(try labels(fields)) { _, own in own }
        let annotations = try strings(fields, "annotations")
        let times: JSON.Members = [
            "for": try duration(fields, "for").map { JSON($0.description) } ?? .null,
            "keep_firing_for": try duration(fields, "keep_firing_for").map { JSON($0.description) } ?? .null,
        ]
        var rule: JSON = ["expr": JSON(expression), "labels": labels.isEmpty ? .null : JSON(labels)]
        if let record {
            for key in ["for", "keep_firing_for", "annotations"] where fields.has(key) {
                let isEmpty = key == "annotations" ? annotations.isEmpty : isZero(times[key])
                if !isEmpty { throw FieldError(fields.at(key), "should be absent in a recording rule") }
            }
            try checkRecord(record, fields.at("record"))
            rule["record"] = JSON(record)
            return rule.droppingNulls
        }
        for (name, text) in annotations.sorted(by: { $0.key < $1.key }) {
            guard isLabelName(name) else { throw FieldError(fields.at("annotations"), LabelName.problem(name)) }
            if let problem = AlertTemplate.problem(text) {
                throw FieldError(fields.at("annotations").appending(name), problem)
            }
        }
        for (name, text) in labels.sorted(by: { $0.key < $1.key }) {
            if let problem = AlertTemplate.problem(text) {
                throw FieldError(fields.at("labels").appending(name), problem)
            }
        }
        rule["alert"] = alert.map { JSON($0) }
        for (key, value) in times where !value.isNull && !isZero(value) { rule[key] = value }
        rule["annotations"] = annotations.isEmpty ? .null : JSON(annotations)
        return rule.droppingNulls
    }

    private func isZero(_ value: JSON?) -> Bool {
        value?.string.flatMap { PrometheusDuration($0) }.map { $0.milliseconds == 0 } ?? true
    }

    /// The expression, which may be a number as well.
    private func expression(_ fields: Fields) throws(FieldError) -> String {
        let text: String
        if case .int(let number)? = fields.json("expr") {
            text = "\(number)"
        } else {
            text = try fields.requiredText("expr")
        }
        do throws(QueryError) {
            try QueryParser.check(text, version: version)
        } catch {
            throw FieldError(fields.at("expr"), "\(error)")
        }
        return text
    }

    private func checkRecord(_ name: String, _ path: FieldPath) throws(FieldError) {
        let isPlain =
            name.utf8.first.map { !$0.isDigit } ?? false
            && name.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") }
        guard version.allowsAnyLabelName ? !name.contains("{") && !name.contains("}") : isPlain else {
            throw FieldError(path, "\"\(name.prefix(60))\" is not a valid name of a metric")
        }
    }

    // MARK: - Labels

    private func isLabelName(_ name: String) -> Bool {
        version.allowsAnyLabelName ? !name.isEmpty : LabelName.isValid(name)
    }

    private func labels(_ fields: Fields) throws(FieldError) -> [String: String] {
        let labels = try strings(fields, "labels")
        for name in labels.keys.sorted() where !isLabelName(name) || name == "__name__" {
            throw FieldError(fields.at("labels"), LabelName.problem(name))
        }
        return labels
    }

    private func strings(_ fields: Fields, _ key: String) throws(FieldError) -> [String: String] {
        let map = try fields.stringMap(key) ?? []
        for (name, value) in map where value.utf8.count > Self.mostText {
            throw FieldError(
                fields.at(key).appending(name), "has \(value.utf8.count) bytes; expected at most \(Self.mostText)")
        }
        return Dictionary(map.map { ($0.key, $0.value) }) { first, _ in first }
    }
}
