public import Kube
import PrometheusConfig
import TributaryAPI

/// Our PrometheusAgent for one of prometheus-operator's: a `PrometheusAgent` (monitoring.coreos.com/v1alpha1), or a
/// `Prometheus` (monitoring.coreos.com/v1) that runs as an agent by a feature flag, as older set-ups have it.
///
/// Most fields have the same names. What our schema knows is taken over as it is; ``findings`` says what is not, what has
/// another form, and what our API server would refuse. Defaults that differ are written out, so that series keep their
/// labels.
public struct AgentConversion: Sendable {
    /// Our object; without status, and without what a cluster adds to metadata.
    public private(set) var agent: Object
    /// What is not the same, in the order of the fields.
    public private(set) var findings: [ConversionFinding] = []

    /// What is still to be looked at of the specification.
    var spec: JSON
    let source: Object

    /// Whether an object is a `Prometheus` or a `PrometheusAgent` of prometheus-operator's, agent or not.
    public static func reads(_ object: Object) -> Bool {
        object.group == "monitoring.coreos.com" && [serverKind, PrometheusAgent.resource.kind].contains(object.kind)
    }

    static let serverKind = "Prometheus"

    /// Converts an object. Throws ``FieldError`` where it is no agent at all.
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
                "has no \"agent\": this is a server, which a GlobalView's spec.prometheus stands for, not an agent")
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
        tellOfTokens()
        tellOfForeignConfiguration()
        finish()
    }

    /// Notes that something is not the same. `field` is below `spec`.
    mutating func note(_ effect: ConversionFinding.Effect, _ field: FieldPath, _ what: String, _ advice: String) {
        findings.append(ConversionFinding(field: field, effect: effect, what: what, advice: advice))
    }

    /// Leaves out what nobody has written: prometheus-operator's definitions have the API server fill it in.
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
            "metadata": metadata, "spec": schema.property("spec").map { $0.droppingUnset(spec) } ?? spec,
        ]
        let (pruned, unknown) = schema.pruning(json)
        for path in unknown {
            guard let value = json[path: path], ConversionAdvice.says(value, at: path) else { continue }
            note(.leftOut, path, "has no counterpart", ConversionAdvice.advice(for: path))
        }
        json = pruned
        agent = Object(json)
        for problem in PrometheusAgent.problems(in: agent) {
            note(.refused, problem.path, problem.problem, "change it, the API server refuses the object as it is")
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

    /// What a person wrote of the metadata.
    private var metadata: JSON {
        var metadata: JSON = ["name": JSON(source.name)]
        if let namespace = source.namespace { metadata["namespace"] = JSON(namespace) }
        for member in ["labels", "annotations"] {
            guard let all = source.json["metadata", member]?.object else { continue }
            // kubectl's note of the whole object would be one of another kind.
            let kept = all.filter { $0.key != "kubectl.kubernetes.io/last-applied-configuration" }
            if !kept.isEmpty { metadata[member] = .object(kept) }
        }
        return metadata
    }
}

extension Schema {
    /// A value without the strings that are empty where the schema wants some text: Go's types leave those out, so that
    /// to prometheus-operator they say nothing.
    fileprivate func droppingUnset(_ value: JSON) -> JSON {
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
