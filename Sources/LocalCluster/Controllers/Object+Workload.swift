import Kube

extension Object {
    /// The owner that controls this object.
    var controllerReference: OwnerReference? { ownerReferences.first { $0.controller == true } }

    /// A reference to this object as the controller of another.
    var asController: OwnerReference {
        OwnerReference(
            apiVersion: apiVersion, kind: kind, name: name, uid: uid ?? "", controller: true, blockOwnerDeletion: true)
    }

    /// Whether a condition of the status is true.
    func hasCondition(_ type: String) -> Bool {
        (json["status", "conditions"]?.array ?? []).contains {
            $0["type"]?.string == type && $0["status"]?.string == "True"
        }
    }

    /// Whether this pod is running, ready and not being deleted.
    var isReadyPod: Bool { json["status", "phase"]?.string == "Running" && hasCondition("Ready") && !isBeingDeleted }

    /// The desired number of replicas of this workload.
    var desiredReplicas: Int { max(json["spec", "replicas"]?.int ?? 1, 0) }
}

extension [Object] {
    /// Pods in the order in which a controller deletes them: pods that are not ready first, then the youngest.
    var leastWantedFirst: [Object] {
        sorted { left, right in
            if left.isReadyPod != right.isReadyPod { return !left.isReadyPod }
            let (a, b) = (
                left.json["metadata", "creationTimestamp"]?.string ?? "",
                right.json["metadata", "creationTimestamp"]?.string ?? ""
            )
            return a == b ? left.name > right.name : a > b
        }
    }
}
