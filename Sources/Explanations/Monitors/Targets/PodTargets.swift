import Kube
import PlanningInput

/// What a PodMonitor finds: its pods and their container ports.
struct PodTargets {
    let spec: JSON
    let selector: LabelSelector
    let reach: TargetReach
    let objects: TargetObjects

    func find() -> TargetFindings {
        var result = TargetFindings()
        let pods = objects.pods.filter { reach.contains($0.namespace) && selector.matches($0.labels) }
        guard !pods.isEmpty else {
            result.add(
                .bad, "NoPods", at: "spec.selector", "\(selector.text) selects no pods in \(reach.text)\(nearMiss)")
            return result
        }
        for pod in pods.prefix(TargetFindings.most) {
            result.add(
                .good, "PodsSelected", at: "spec.selector",
                "selects \(pod.workloadLabels == nil ? "" : "the pods of ")\(pod.description), whose containers declare "
                    + pod.portsText)
        }
        let endpoints = spec["podMetricsEndpoints"]?.array ?? []
        if endpoints.isEmpty {
            result.add(
                .bad, "NoEndpoints", at: "spec.podMetricsEndpoints",
                "is empty: each endpoint names a container port of the pods")
        }
        for (index, endpoint) in endpoints.enumerated() {
            result.add(pods.map { self.result(endpoint, $0) }, at: "spec.podMetricsEndpoints[\(index)]")
        }
        return result
    }

    private func result(_ endpoint: JSON, _ pod: PodShape) -> EndpointResult {
        let name = endpoint["port"]?.string.flatMap { $0.isEmpty ? nil : JSON.string($0) }
        let number = endpoint["portNumber"]?.int.flatMap { $0 == 0 ? nil : JSON($0) }
        guard let wanted = name ?? number ?? endpoint["targetPort"] else {
            return .found("every port of \(pod.description)")
        }
        let text = wanted.string ?? wanted.int.map { "\($0)" } ?? ""
        if pod.declares(wanted) { return .found("port \(text) of \(pod.description)") }
        var hint = Nearest.question(text, among: pod.ports.compactMap(\.name))
        if let digits = Int(text), let port = pod.ports.first(where: { $0.number == digits }) {
            hint = ": port takes a name. Use portNumber: \(digits)" + (port.name.map { ", or port: \($0)" } ?? "")
        } else if let port = throughService(text, pod) {
            hint = ": it is the name of a port of a Service, which PodMonitors do not look at. \(port)"
        }
        return .missing(
            reason: "ContainerPortNotFound",
            "port \"\(text)\": \(pod.description) declares \(pod.portsText); none is \(text)\(hint)")
    }

    /// The container port that a Service gives the wanted name, in words.
    private func throughService(_ name: String, _ pod: PodShape) -> String? {
        let ports = objects.services.filter { $0.selects(pod) }.flatMap(\.ports).filter { $0.name == name }
        guard let target = ports.first?.target else { return nil }
        return target.string.map { "Use port: \($0)" } ?? target.int.map { "Use portNumber: \($0)" }
    }

    private var nearMiss: String {
        if let elsewhere = objects.pods.first(where: { selector.matches($0.labels) }) {
            return "; \(elsewhere.description) has the labels: spec.namespaceSelector.matchNames should name "
                + "\(elsewhere.namespace), or spec.namespaceSelector.any be true"
        }
        let candidates = objects.pods.filter { reach.contains($0.namespace) }
        if let above = candidates.first(where: { $0.workloadLabels.map(selector.matches) == true }) {
            return ": \(above.description) itself has these labels, and the pods of its template have "
                + above.labels.text
        }
        let misses = candidates.map { selector.misses($0.labels) }
        guard let best = misses.shortest else { return ": there are no pods in \(objects.place) there" }
        return "; the nearest are those of \(candidates[best].description): \(misses[best].joined(separator: "; "))"
    }
}
