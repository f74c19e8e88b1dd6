import Kube

/// A pod, or the pods of a workload, reduced to what Services and monitors find them by.
struct PodShape: Sendable, Hashable {
    /// A declared port of a container.
    struct Port: Sendable, Hashable {
        var name: String?
        var number: Int
        /// The port in words: `http (8080)`.
        var text: String { name.map { "\($0) (\(number))" } ?? "\(number)" }
    }

    /// The pod or workload as messages name it.
    let description: String
    let namespace: String
    /// The labels of the pods.
    let labels: [String: String]
    /// The labels of the workload itself, which select nothing; nil for a pod.
    let workloadLabels: [String: String]?
    let ports: [Port]

    /// Reads a pod or a workload; nil for other objects, and for pods that have ended, which are not scraped.
    init?(_ object: Object) {
        let template: JSON?
        switch (object.group, object.kind) {
        case ("", "Pod"): template = object.json
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
            ("batch", "Job"):
            template = object.json["spec", "template"]
        case ("batch", "CronJob"): template = object.json["spec", "jobTemplate", "spec", "template"]
        default: template = nil
        }
        guard let template else { return nil }
        if ["Succeeded", "Failed"].contains(object.json["status", "phase"]?.string) { return nil }
        let namespace = object.namespace ?? "default"
        self.namespace = namespace
        description = "\(object.kind) \(namespace)/\(object.name)"
        labels = template["metadata", "labels"]?.strings ?? [:]
        workloadLabels = object.kind == "Pod" ? nil : object.labels
        let containers =
            (template["spec", "containers"]?.array ?? []) + (template["spec", "initContainers"]?.array ?? [])
        ports = containers.flatMap { $0["ports"]?.array ?? [] }.compactMap { port in
            port["containerPort"]?.int.map { Port(name: port["name"]?.string, number: $0) }
        }
    }

    /// The declared ports in words.
    var portsText: String { ports.isEmpty ? "no ports" : ports.map(\.text).listed() }
}
