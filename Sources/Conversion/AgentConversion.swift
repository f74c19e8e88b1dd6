public import Kube
import PrometheusConfig
import TributaryAPI

/// Converts an agent of prometheus-operator to a PrometheusAgent of Tributary. It reads a `PrometheusAgent`
/// (monitoring.coreos.com/v1alpha1), or a `Prometheus` (monitoring.coreos.com/v1) that runs as an agent by a feature
/// flag.
///
/// Most fields have the same names. Fields that Tributary's schema contains are kept unchanged. ``findings`` lists
/// fields that are left out or changed, and values that the API server would refuse. Defaults that differ are written
/// out, so that series keep their labels.
public struct AgentConversion: Sendable {
    /// Tributary's object, without status and without metadata that a cluster adds.
    public private(set) var agent: Object
    /// The differences, in the order of the fields.
    public private(set) var findings: [ConversionFinding] = []

    /// The rest of the specification that has not been converted yet.
    var spec: JSON
    let source: Object

    /// Whether an object is a `Prometheus` or `PrometheusAgent` of prometheus-operator, agent or not.
    public static func reads(_ object: Object) -> Bool {
        object.group == "monitoring.coreos.com" && [serverKind, PrometheusAgent.resource.kind].contains(object.kind)
    }

    static let serverKind = "Prometheus"

    /// Converts an object. Throws ``FieldError`` if it is not an agent.
    public init(_ object: Object) throws(FieldError) {
        let path = FieldPath("spec")
        guard let found = object.json["spec"], !found.isNull else { throw FieldError(path, "is required") }
        guard found.object != nil else { throw FieldError(path, "\(found.typeName) should be an object") }
        spec = found.droppingNulls
        source = object
        agent = Object(PrometheusAgent.resource, name: object.name, [:])
        guard object.kind != Self.serverKind || runsAsAgent else {
            throw FieldError(
                path.appending("enableFeatures"),
                "has no \"agent\": this is a server (see spec.prometheus of a GlobalView), not an agent")
        }
        dropDefaults()
        takeVersion()
        takeLabels()
        takeFeatures()
        takeReceiver()
        takeContainers()
        takeStorage()
        takePlacement()
        takeEnforcement()
        reportTokens()
        reportForeignConfiguration()
        finish()
    }

    /// Records a difference. `field` is below `spec`.
    mutating func note(_ effect: ConversionFinding.Effect, _ field: FieldPath, _ what: String, _ advice: String) {
        findings.append(ConversionFinding(field: field, effect: effect, what: what, advice: advice))
    }

    /// Drops defaults that the API server adds from prometheus-operator's definitions.
    private mutating func dropDefaults() {
        if spec["evaluationInterval"] == "30s" { spec["evaluationInterval"] = nil }
        if spec["mode"] == "DaemonSet", spec["shards"] == 1 { spec["shards"] = nil }
    }

    /// A field of the specification.
    static func field(_ name: String) -> FieldPath { FieldPath("spec").appending(name) }

    // MARK: - The object

    private mutating func finish() {
        let schema = PrometheusAgent.schema
        var json: JSON = [
            "apiVersion": JSON(PrometheusAgent.resource.apiVersion), "kind": JSON(PrometheusAgent.resource.kind),
            "metadata": Self.metadata(of: source),
            "spec": schema.property("spec").map { $0.droppingUnset(spec) } ?? spec,
        ]
        let (pruned, unknown) = schema.pruning(json)
        for path in unknown {
            guard let value = json[path: path], ConversionAdvice.says(value, at: path) else { continue }
            note(.leftOut, path, "has no counterpart", ConversionAdvice.advice(for: path))
        }
        json = pruned
        agent = Object(json)
        for problem in PrometheusAgent.problems(in: agent) {
            note(.refused, problem.path, problem.problem, "change it; the API server refuses the object as it is")
        }
        let places = Array((source.json["spec"]?.object ?? [:]).keys)
        func place(_ finding: ConversionFinding) -> Int {
            guard finding.field.steps.count > 1, case .key(let name) = finding.field.steps[1] else { return -1 }
            return places.firstIndex(of: name) ?? places.count
        }
        findings = findings.enumerated().sorted { left, right in
            (place(left.element), left.offset) < (place(right.element), right.offset)
        }.map(\.element)
    }

    /// The part of the metadata that a user wrote.
    static func metadata(of source: Object) -> JSON {
        var metadata: JSON = ["name": JSON(source.name)]
        if let namespace = source.namespace { metadata["namespace"] = JSON(namespace) }
        for member in ["labels", "annotations"] {
            guard let all = source.json["metadata", member]?.object else { continue }
            // kubectl's copy of the whole object would be of another kind.
            let kept = all.filter { $0.key != "kubectl.kubernetes.io/last-applied-configuration" }
            if !kept.isEmpty { metadata[member] = .object(kept) }
        }
        return metadata
    }
}

extension Schema {
    /// A value without empty strings where the schema requires text. Go's types omit them, so prometheus-operator
    /// treats them as absent.
    func droppingUnset(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            var kept: JSON.Members = [:]
            for (key, member) in members {
                guard let schema = property(key) else {
                    kept[key] = member
                    continue
                }
                if member == "", schema.minLength ?? 0 > 0 || schema.allowedValues != nil { continue }
                kept[key] = schema.droppingUnset(member)
            }
            return .object(kept)
        case .array(let elements):
            guard let items else { return value }
            return .array(elements.map { items.droppingUnset($0) })
        default: return value
        }
    }
}
