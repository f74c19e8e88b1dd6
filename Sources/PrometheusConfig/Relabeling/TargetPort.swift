import Kube

/// A `targetPort`: a container's port by its name, or by its number.
struct TargetPort {
    /// The port as the label `endpoint` has it.
    let text: String
    private let isNumber: Bool
    private let path: FieldPath

    /// Reads the port; nil where there is none.
    init?(_ endpoint: Fields) throws(FieldError) {
        guard let value = endpoint.json("targetPort") else { return nil }
        path = endpoint.at("targetPort")
        switch value {
        case .string(let name):
            guard !name.isEmpty else { return nil }
            (text, isNumber) = (name, false)
        case .int(let number):
            guard (0...65535).contains(number) else { throw FieldError(path, "\(number) is no port") }
            (text, isNumber) = ("\(number)", true)
        default: throw FieldError(path, "should be a port's name or number, not \(value.typeName)")
        }
    }

    /// The rule that keeps targets with the port; nil for number 0.
    var rule: JSON? {
        get throws(FieldError) {
            if isNumber {
                guard text != "0" else { return nil }
                return Relabelings.filter("keep", ["__meta_kubernetes_pod_container_port_number"], text)
            }
            return try Relabelings.port(text, "__meta_kubernetes_pod_container_port_name", at: path)
        }
    }
}

extension Relabelings {
    /// The rule that keeps targets whose port has a name; the name can be an expression, as in prometheus-operator.
    static func port(_ name: String, _ label: String, at path: FieldPath) throws(FieldError) -> JSON {
        if let problem = RegularExpression.problem(name) { throw FieldError(path, "\"\(name)\": \(problem)") }
        return filter("keep", [label], name)
    }

    /// The rules that copy labels of services or pods.
    static func copies(_ labels: [String], of kind: String) -> [JSON] {
        labels.map { label in
            copyIfSet("__meta_kubernetes_\(kind)_label_\(sanitized(label))", to: sanitized(label))
        }
    }

    /// The rules that copy the labels that a field of a monitor lists.
    static func copies(
        _ spec: Fields, _ key: String, of kind: String, _ settings: MonitorSettings
    ) throws(FieldError) -> [JSON] {
        let labels = try spec.strings(key) ?? []
        for (index, label) in labels.enumerated() {
            let name = sanitized(label)
            guard LabelName.isValid(name) || (settings.version.major >= 3 && !name.isEmpty) else {
                throw FieldError(spec.at(key).appending(index), "\"\(label)\" cannot be a label of a metric")
            }
        }
        return copies(labels, of: kind)
    }

    /// The rule that takes the job's name from the label that `jobLabel` names.
    static func jobLabel(_ spec: Fields, of kind: String) throws(FieldError) -> [JSON] {
        guard let label = try spec.text("jobLabel") else { return [] }
        return [copyIfSet("__meta_kubernetes_\(kind)_label_\(sanitized(label))", to: "job")]
    }
}

extension JobWriter {
    /// Writes `metric_relabel_configs`: the class's rules, the monitor's, the enforced namespace last.
    mutating func setMetricRelabelings(
        _ parent: Fields, _ key: String, of object: Object, _ scrapeClass: AppliedScrapeClass,
        _ settings: MonitorSettings
    ) throws(FieldError) {
        let own = try Relabelings.read(parent, key, for: version)
        let rules = scrapeClass.metricRelabelings + own + Relabelings.enforcedNamespace(of: object, settings)
        if !rules.isEmpty { set("metric_relabel_configs", .array(rules)) }
    }

    /// Writes `authorization` of a ServiceMonitor's or PodMonitor's endpoint, which has to have credentials of its own
    /// where it is there at all.
    mutating func setOwnAuthorization(
        _ endpoint: Fields, in namespace: String, _ scrapeClass: AppliedScrapeClass, _ credentials: inout Credentials
    ) throws(FieldError) {
        if let own = try endpoint.object("authorization"), !own.has("credentials") {
            throw FieldError(own.at("credentials"), "is required")
        }
        try setAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
    }
}
