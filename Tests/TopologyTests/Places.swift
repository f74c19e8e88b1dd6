import Explanations
import Kube
import Planning
import PlanningInput
import TestSupport
import TributaryAPI
import YAML

@testable import Topology

/// The objects of a test, and what stands where in them.
struct Places {
    private(set) var snapshot = Snapshot(now: .now, credentials: .assumed)
    private(set) var states: [PlanKey: ReportedState] = [:]
    private(set) var workloads: [PlacedWorkload] = []

    /// Adds the objects of a YAML text. A custom resource with a status has reported it.
    mutating func add(_ text: String) throws {
        for document in try YAML.parse(text) { try add(Object(document.value)) }
    }

    /// Adds an object.
    mutating func add(_ object: Object) throws {
        try snapshot.take(object)
        if let pod = OwnPod(object) { snapshot.take(.podTrouble(pod.key, pod.trouble, in: pod.group)) }
        if let workload = PlacedWorkload(object, isPlanned: false) { workloads.append(workload) }
        guard object.json["status"] != nil, let key = PlanKey(group: object.group, kind: object.kind, object.key) else {
            return
        }
        states[key] = ReportedState(object)
    }

    /// Adds the workloads that are planned for what was added.
    mutating func plan() {
        workloads += Planner(snapshot).plan().objects.compactMap { PlacedWorkload($0, isPlanned: true) }
    }

    var topology: Topology { Topology(Wiring(snapshot, workloads), states) }

    /// A view of a managed and an adopted ring, with a Ready condition.
    static func view(_ ready: String = "True", _ hashrings: String = "[]") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, namespace: o11y, generation: 1}
        spec:
          thanos:
            replicationFactor: 1
            query: {replicas: 2}
            hashrings:
            - {name: hard, replicas: 2}
            - {name: rest, soft: true, replicas: 3}
        status:
          observedGeneration: 1
          hashrings: \(hashrings)
          conditions: [{type: Ready, status: "\(ready)", reason: Ready, message: all is well}]

        """
    }

    /// A tenant of the view `main`.
    static func tenant(_ name: String, ring: String? = nil, ready: Bool = true) -> Object {
        var spec: JSON = ["globalViewRef": ["name": "main"]]
        spec["hashring"] = ring.map { JSON($0) }
        return Object([
            "apiVersion": JSON(Tenant.resource.apiVersion), "kind": "Tenant",
            "metadata": ["name": JSON(name), "namespace": "o11y", "generation": 1], "spec": spec,
            "status": [
                "observedGeneration": 1,
                "conditions": [
                    [
                        "type": "Ready", "status": ready ? "True" : "False",
                        "reason": ready ? "Ready" : "DuplicateID", "message": "m",
                    ]
                ],
            ],
        ])
    }
}
