public import Kube
import PrometheusConfig
import TributaryAPI

/// Converts a central `Prometheus` of prometheus-operator (monitoring.coreos.com/v1), one that receives remote writes, to a
/// GlobalView of Tributary.
///
/// Fields about monitors and pods have the same names and are kept unchanged. ``findings`` lists what is left out or changed,
/// and values that the API server would refuse.
public struct ServerConversion: Sendable {
    /// Tributary's object.
    public private(set) var view: Object
    /// The differences, in the order of the fields.
    public private(set) var findings: [ConversionFinding] = []

    private var spec: JSON
    /// The fields of `spec.prometheus` so far.
    private var result: JSON = [:]
    /// `spec.rules`; nil for none.
    private var rules: JSON?
    private let source: Object

    /// Whether an object is a `Prometheus` that receives remote writes, by the field, by the feature flag of earlier versions,
    /// or by an argument. One that runs as an agent is an agent.
    public static func reads(_ object: Object) -> Bool {
        guard object.group == "monitoring.coreos.com", object.kind == AgentConversion.serverKind,
            let spec = object.json["spec"]
        else { return false }
        let isAgent = features(of: spec).contains("agent") || arguments(of: spec).contains { $0.name == "agent" }
        return receives(spec) && !isAgent
    }

    private static func features(of spec: JSON) -> [String] {
        let flags = arguments(of: spec).filter { $0.name == "enable-feature" }.flatMap(\.features)
        return (spec["enableFeatures"]?.array ?? []).compactMap(\.string)
            .flatMap { $0.split(separator: ",").map(String.init) } + flags
    }

    /// The arguments that an object adds or replaces.
    private static func arguments(of spec: JSON) -> [Argument] {
        let added = (spec["additionalArgs"]?.array ?? []).map { argument in
            Argument(name: argument["name"]?.string ?? "", value: argument["value"]?.string)
        }
        let replaced = (spec["containers"]?.array ?? []).filter { $0["name"] == "prometheus" }
            .flatMap { Argument.list($0["args"]) }
        return added + replaced
    }

    private static let receiver = "remote-write-receiver"

    private static func receives(_ spec: JSON) -> Bool {
        spec["enableRemoteWriteReceiver"]?.bool == true || features(of: spec).contains(receiver)
            || arguments(of: spec).contains { $0.name == "web.enable-remote-write-receiver" }
    }

    /// Converts an object. Throws ``FieldError`` if it does not receive remote writes.
    public init(_ object: Object) throws(FieldError) {
        let path = FieldPath("spec")
        guard let found = object.json["spec"], found.object != nil else { throw FieldError(path, "is required") }
        guard Self.receives(found) else {
            throw FieldError(
                path.appending("enableRemoteWriteReceiver"),
                "is not true: this server receives no remote writes, and a central Prometheus of Tributary is for those"
            )
        }
        spec = found.droppingNulls
        source = object
        view = Object(GlobalView.resource, name: object.name, [:])
        takeVersion()
        takeFeatures()
        takeStorage()
        takeContainers()
        takeAlerting()
        takeRules()
        takeRest()
        finish()
    }

    private mutating func note(_ effect: ConversionFinding.Effect, _ field: FieldPath, _ what: String, _ advice: String)
    {
        findings.append(ConversionFinding(field: field, effect: effect, what: what, advice: advice))
    }

    private static func field(_ names: String...) -> FieldPath {
        names.reduce(FieldPath("spec")) { $0.appending($1) }
    }

    /// Removes a field, to be written in another way; nil if it is absent.
    private mutating func pop(_ name: String) -> JSON? {
        defer { spec[name] = nil }
        return spec[name]
    }

    // MARK: - Fields with another form

    private mutating func takeVersion() {
        let parts = ["baseImage", "tag", "sha"].map { pop($0)?.string }
        if spec["image"] == nil, let tag = parts[1] { spec["image"] = JSON("\(parts[0] ?? Self.repository):\(tag)") }
        guard spec["version"]?.string?.isEmpty ?? true else { return }
        let tag = spec["image"]?.string.flatMap { $0.split(separator: ":").last.map(String.init) }
        guard let tag, PrometheusVersion(tag) != nil else {
            note(
                .changed, Self.field("version"),
                "is not set, and prometheus-operator's default differs from Tributary's",
                "set the version that runs now")
            return
        }
        spec["version"] = JSON(tag)
    }

    private static let repository = "quay.io/prometheus/prometheus"

    private mutating func takeFeatures() {
        var seen: Set<String> = [Self.receiver]
        let kept = Self.features(of: spec).filter { seen.insert($0).inserted }
        if !kept.isEmpty { result["enableFeatures"] = JSON(kept) }
        let own = Set(["enable-feature", "web.enable-remote-write-receiver"])
        let arguments = (pop("additionalArgs")?.array ?? []).filter { !own.contains($0["name"]?.string ?? "") }
        if !arguments.isEmpty { result["additionalArgs"] = .array(arguments) }
        for name in ["enableFeatures", "enableRemoteWriteReceiver"] { spec[name] = nil }
        if let window = spec["tsdb", "outOfOrderTimeWindow"] {
            result["outOfOrderTimeWindow"] = window
            spec["tsdb", "outOfOrderTimeWindow"] = nil
            if spec["tsdb"]?.object?.isEmpty == true { spec["tsdb"] = nil }
        }
        if let isCompressed = pop("walCompression") { result["walCompression"] = isCompressed }
        if spec["retention"] == nil, spec["retentionSize"] == nil {
            // prometheus-operator's default differs.
            result["retention"] = "24h"
        }
    }

    private mutating func takeStorage() {
        guard let storage = pop("storage") else {
            return
        }
        let path = Self.field("storage")
        guard let claim = storage["volumeClaimTemplate", "spec"] ?? storage["volumeClaimTemplate"],
            let size = claim["resources", "requests", "storage"]
        else {
            if storage["emptyDir"] == nil {
                note(.leftOut, path, "is not a claim with a size", "set spec.prometheus.storage.size")
            }
            return
        }
        var taken: JSON = ["size": size]
        taken["className"] = claim["storageClassName"]
        result["storage"] = taken
        note(
            .changed, path, "makes other claims, whose names differ",
            "the new Prometheus starts empty: let both run until the retention of the former is over, or restore a "
                + "snapshot into the new claims")
    }

    private mutating func takeContainers() {
        guard let containers = pop("containers")?.array else { return }
        var kept: [JSON] = []
        for (index, container) in containers.enumerated() {
            let path = Self.field("containers").appending(index)
            var container = container
            switch container["name"]?.string {
            case "prometheus" where container["args"] != nil:
                container["args"] = nil
                note(
                    .changed, path.appending("args"), "replace all arguments, with prometheus-operator's paths",
                    "Tributary sets its own arguments; put others into spec.prometheus.additionalArgs")
            case "config-reloader", "prometheus-config-reloader", "thanos-sidecar":
                note(.leftOut, path, "changes a container that Tributary's pods do not have", "remove it")
                continue
            default: break
            }
            if container.object?.count ?? 0 > 1 { kept.append(container) }
        }
        if !kept.isEmpty { result["containers"] = .array(kept) }
    }

    private mutating func takeAlerting() {
        guard let alertmanagers = pop("alerting")?["alertmanagers"]?.array else { return }
        var taken: [JSON] = []
        for (index, theirs) in alertmanagers.enumerated() {
            let path = Self.field("alerting", "alertmanagers").appending(index)
            guard let name = theirs["name"]?.string else { continue }
            var service: JSON = ["name": JSON(name)]
            service["namespace"] = theirs["namespace"]
            if let port = theirs["port"]?.string {
                service["port"] = JSON(port)
            } else if theirs["port"] != nil {
                note(.changed, path.appending("port"), "is a number", "set the name of the Service's port")
            }
            var ours: JSON = ["name": JSON(alertmanagers.count > 1 ? "\(name)-\(index)" : name), "service": service]
            for member in ["scheme", "pathPrefix", "timeout", "basicAuth", "authorization", "tlsConfig"] {
                ours[member] = theirs[member]
            }
            for member in ["relabelings", "alertRelabelings", "bearerTokenFile", "apiVersion", "sigv4", "enableHttp2"]
            where theirs[member] != nil {
                if member == "apiVersion", theirs[member]?.string?.lowercased() == "v2" { continue }
                note(
                    .leftOut, path.appending(member), "has no counterpart", "see spec.prometheus.alerting of GlobalView"
                )
            }
            taken.append(ours)
        }
        if !taken.isEmpty { result["alerting"] = ["alertmanagers": .array(taken)] }
    }

    private mutating func takeRules() {
        if let theirs = pop("remoteRead")?.array, !theirs.isEmpty {
            result["remoteRead"] = .array(Self.remoteReads(theirs))
        }
        guard let rules = Self.rules(spec, alertmanagers: result["alerting", "alertmanagers"]) else { return }
        self.rules = rules
        note(
            .changed, Self.field("ruleSelector"),
            "selects rules for Thanos Rule, which evaluates them beside Prometheus",
            "see spec.rules of the GlobalView; let a Tenant select the rules of its own, which see its series alone")
        for name in ["ruleSelector", "ruleNamespaceSelector", "evaluationInterval"] { spec[name] = nil }
    }

    // MARK: - The rest

    /// Takes over fields of the same name, and reports all others.
    private mutating func takeRest() {
        let schema = GlobalView.schema.property("spec")?.property("prometheus")
        for (name, value) in spec.object ?? [:] where result[name] == nil {
            if schema?.property(name) != nil {
                result[name] = value
            } else if ServerAdvice.says(name, value) {
                note(.leftOut, Self.field(name), "has no counterpart", ServerAdvice.advice(for: name))
            }
        }
        if spec["paused"] == true {
            note(.changed, Self.field("paused"), "is true", "set spec.paused of the GlobalView")
        }
        note(
            .changed, FieldPath("spec"), "has no tenants",
            "create a Tenant for each of them, with the value of spec.tenantLabel as its id")
    }

    private mutating func finish() {
        let schema = GlobalView.schema
        var json: JSON = [
            "apiVersion": JSON(GlobalView.resource.apiVersion), "kind": JSON(GlobalView.resource.kind),
            "metadata": AgentConversion.metadata(of: source),
        ]
        let fields = schema.property("spec")?.property("prometheus").map { $0.droppingUnset(result) } ?? result
        json["spec"] = ["prometheus": fields]
        json["spec", "rules"] = rules
        let (pruned, unknown) = schema.pruning(json)
        for path in unknown where json[path: path] != nil {
            // Below spec.prometheus of ours, so below spec of theirs.
            let steps = path.steps.filter { $0 != .key("prometheus") }
            note(.leftOut, FieldPath(steps), "has no counterpart", "see kubectl explain globalviews.spec.prometheus")
        }
        view = Object(pruned)
        for problem in GlobalView.problems(in: view) {
            note(.refused, problem.path, problem.problem, "change it; the API server refuses the object as it is")
        }
        let places = Array((source.json["spec"]?.object ?? [:]).keys)
        func place(_ finding: ConversionFinding) -> Int {
            guard finding.field.steps.count > 1, case .key(let name) = finding.field.steps[1] else {
                return places.count
            }
            return places.firstIndex(of: name) ?? places.count
        }
        findings = findings.enumerated().sorted { left, right in
            (place(left.element), left.offset) < (place(right.element), right.offset)
        }.map(\.element)
    }
}
