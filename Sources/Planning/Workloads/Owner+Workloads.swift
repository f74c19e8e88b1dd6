import Kube
import PlanningInput

/// The objects that most components have.
extension Owner {
    /// A Service for pods. Each of its ports leads to the container port of the same name.
    func service(
        _ name: String, labels: [String: String], selector: [String: String], ports: [(name: String, number: Int)],
        _ settings: JSON = [:]
    ) -> Object {
        var spec = settings
        spec["selector"] = JSON(selector)
        spec["ports"] = .array(
            ports.map { port in
                [
                    "name": JSON(port.name), "port": JSON(port.number), "targetPort": JSON(port.name),
                    "protocol": "TCP",
                ]
            })
        return object(.services, name, labels: labels, ["spec": spec])
    }

    /// A Deployment whose pods have the same labels.
    func deployment(
        _ name: String, labels: [String: String], selector: [String: String], replicas: Int, pod: JSON
    ) -> Object {
        object(
            .deployments, name, labels: labels,
            [
                "spec": [
                    "replicas": JSON(replicas), "selector": ["matchLabels": JSON(selector)],
                    "template": ["metadata": ["labels": JSON(labels)], "spec": pod],
                ]
            ])
    }

    /// Keeps a drain of nodes from evicting more than some pods at once.
    func disruptionBudget(
        _ name: String, labels: [String: String], selector: [String: String], maxUnavailable: JSON = 1
    ) -> Object {
        object(
            .podDisruptionBudgets, name, labels: labels,
            ["spec": ["maxUnavailable": maxUnavailable, "selector": ["matchLabels": JSON(selector)]]])
    }
}
