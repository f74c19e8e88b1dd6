import Kube
import PlanningInput
import TributaryAPI

/// What a ServiceMonitor finds: its Services, and behind each endpoint the pods.
struct ServiceTargets {
    let spec: JSON
    let selector: LabelSelector
    let reach: TargetReach
    let objects: TargetObjects

    func find() -> TargetFindings {
        var result = TargetFindings()
        let services = objects.services.filter { reach.contains($0.key.namespace) && selector.matches($0.labels) }
        guard !services.isEmpty else {
            result.add(
                .bad, "NoService", at: "spec.selector",
                "\(selector.text) selects no Service in \(reach.text)\(nearMiss)")
            return result
        }
        for service in services.prefix(TargetFindings.most) {
            result.add(
                .good, "ServiceSelected", at: "spec.selector",
                "selects \(service.description), which has the ports \(service.portsText)")
        }
        let endpoints = spec["endpoints"]?.array ?? []
        if endpoints.isEmpty {
            result.add(
                .bad, "NoEndpoints", at: "spec.endpoints", "is empty: each endpoint names a port of the Services")
        }
        for (index, endpoint) in endpoints.enumerated() {
            let ends = services.map { ServiceEndpoint(endpoint: endpoint, service: $0, objects: objects).result }
            result.add(ends, at: "spec.endpoints[\(index)]")
        }
        return result
    }

    /// What is in the way of the Services that are there: the namespace, the labels, or labels that only pods have.
    private var nearMiss: String {
        let elsewhere = objects.services.filter { selector.matches($0.labels) }
        if let first = elsewhere.first, !selector.isEmpty || reach.names != nil {
            return "; \(first.description) has the labels: spec.namespaceSelector.matchNames should name "
                + "\(first.key.namespace), or spec.namespaceSelector.any be true"
        }
        if let pods = objects.pods.first(where: { reach.contains($0.namespace) && selector.matches($0.labels) }) {
            let behind = objects.services.first { $0.key.namespace == pods.namespace && $0.selects(pods) }
            let labels = behind.map { "; \($0.description) has \($0.labels.text)" } ?? "; no Service selects them"
            return ": these are the labels of the pods of \(pods.description), and a ServiceMonitor selects by the "
                + "labels of Services\(labels)"
        }
        let candidates = objects.services.filter { reach.contains($0.key.namespace) }
        let misses = candidates.map { selector.misses($0.labels) }
        guard let best = misses.shortest else { return ": there is no Service in \(objects.place) there" }
        return "; the nearest is \(candidates[best].description): \(misses[best].joined(separator: "; "))"
    }
}

extension ServiceShape {
    /// Whether the Service selects pods.
    func selects(_ pods: PodShape) -> Bool {
        key.namespace == pods.namespace && selector?.matches(pods.labels) == true
    }
}

extension [String: String] {
    /// Labels in words.
    var text: String { isEmpty ? "no labels" : map { "\($0.key)=\($0.value)" }.sorted().listed(most: 5) }
}
