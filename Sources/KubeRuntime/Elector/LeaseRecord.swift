import Kube

/// The part of a Lease that leader election uses: `coordination.k8s.io/v1` LeaseSpec.
struct LeaseRecord: Sendable, Hashable {
    /// The identity of the holder; empty once the lease was released.
    var holder: String
    /// How long after its last renewal another process may take it, in seconds.
    var durationSeconds: Int
    /// When the holder got it, as MicroTime.
    var acquireTime: String?
    /// When the holder last renewed it, as MicroTime.
    var renewTime: String?
    /// How often it changed hands.
    var transitions: Int
    /// The layout of the holder, or of the last one; nil if it named none.
    var layout: String?
}

extension LeaseRecord {
    init(_ object: Object) {
        let spec = object.json["spec"] ?? [:]
        holder = spec["holderIdentity"]?.string ?? ""
        durationSeconds = spec["leaseDurationSeconds"]?.int ?? 15
        acquireTime = spec["acquireTime"]?.string
        renewTime = spec["renewTime"]?.string
        // Anyone who can write Leases may have written any number; one more has to fit into the API's 32 bits.
        transitions = min(max(0, spec["leaseTransitions"]?.int ?? 0), Int(Int32.max) - 1)
        layout = object.annotations[LeaseLayout.annotation]
    }

    func object(_ key: ObjectKey, resourceVersion: String?) -> Object {
        var spec: JSON = [
            "holderIdentity": .string(holder), "leaseDurationSeconds": JSON(durationSeconds),
            "leaseTransitions": JSON(transitions),
        ]
        if let acquireTime { spec["acquireTime"] = .string(acquireTime) }
        if let renewTime { spec["renewTime"] = .string(renewTime) }
        var object = Object(.leases, namespace: key.namespace, name: key.name, ["spec": spec])
        if let layout { object.json["metadata", "annotations"] = [LeaseLayout.annotation: .string(layout)] }
        if let resourceVersion { object.json["metadata", "resourceVersion"] = .string(resourceVersion) }
        return object
    }
}
