import Kube
import KubeRuntime
import Planning
import PlanningInput

/// Recreates a StatefulSet when the API server refuses a change to a field that can only be set at creation: the claims of
/// its pods, the name of their Service, the order in which they start.
///
/// The StatefulSet is deleted without its pods and created again. The pods keep running, and the new StatefulSet adopts them
/// by its selector. Their PersistentVolumeClaims stay as well, whatever `persistentVolumeClaimRetentionPolicy` is. Fields
/// that other managers have set are lost. (prometheus-operator deletes the pods with it, all at once.)
enum Recreation {
    /// The programs for which this is done. Not receivers: without their StatefulSet they would leave the hashring.
    static let programs: Set<String> = ["prometheus-agent", "prometheus"]

    /// The immutable fields of a StatefulSet's `spec` that Tributary sets. The selector is not among them, because pods that
    /// do not match it would not be adopted.
    private static let fields = ["serviceName", "podManagementPolicy", "volumeClaimTemplates"]

    /// Whether recreating an object can help after this refusal. If anything else is wrong with it, a new one would be refused
    /// as well, and there would be none.
    static func mayHelp(_ object: Object, _ refusal: APIStatus) -> Bool {
        guard object.kind == Resource.statefulSets.kind,
            programs.contains(object.labels["app.kubernetes.io/name"] ?? ""), refusal.code == 422,
            let causes = refusal.details?["causes"]?.array, causes.count == 1
        else { return false }
        return causes[0]["field"] == "spec" && causes[0]["reason"] == "FieldValueForbidden"
            && causes[0]["message"]?.string?.contains("updates to statefulset spec") == true
    }

    /// The immutable fields that differ; nil if the pods would not be adopted.
    static func changes(from live: Object, to wanted: Object) -> [String]? {
        let (live, wanted) = (live.json["spec"] ?? [:], wanted.json["spec"] ?? [:])
        guard live["selector"] == wanted["selector"] else { return nil }
        return fields.filter { field in
            guard let wanted = wanted[field], !wanted.isNull else { return live[field]?.array?.isEmpty == false }
            return live[field].map { !wanted.isPart(of: $0) } ?? true
        }
    }

    /// Whether pods get a claim that they do not have: a running pod cannot get one.
    static func addsClaims(from live: Object, to wanted: Object) -> Bool {
        func names(_ object: Object) -> Set<String> {
            Set(
                (object.json["spec", "volumeClaimTemplates"]?.array ?? []).compactMap { $0["metadata", "name"]?.string }
            )
        }
        return !names(wanted).isSubset(of: names(live))
    }
}

extension Reconciler {
    /// Deletes a StatefulSet whose change was refused, if creating it again can help; returns whether it can. The
    /// reconciliation that follows the deletion creates it.
    func recreate(_ object: Object, about owner: Object) async throws -> Bool {
        guard let live = try await applier.current(.statefulSets, object.key) else { return true }
        if live.isBeingDeleted { return true }
        if Workload(object).drainingSince != nil {
            // It is about to be removed, and if the operator ended in between it would stay away. Only mark it as draining.
            var marked = object
            marked.json["spec"] = live.json["spec"]
            try await apply(marked, planned: PublishedVersions())
            return true
        }
        guard let uid = live.uid, let changes = Recreation.changes(from: live, to: object) else { return false }
        guard try await applier.deleteAlone(.statefulSets, object.key, uid: UID(uid)) else { return true }
        logger.info("deleted without its pods, to be recreated", metadata: ["object": "\(object)"])
        let addsClaims = Recreation.addsClaims(from: live, to: object)
        let labels = (object.json["spec", "selector", "matchLabels"]?.strings ?? [:]).sorted { $0.key < $1.key }
        let selector = labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        reporter.tell(
            about: owner, done: live, severity: addsClaims ? .warning : .normal, reason: "StatefulSetRecreated",
            action: "Recreate",
            "\(object) is recreated to change its \(changes.joined(separator: ", ")), which cannot be changed in place; its "
                + (addsClaims
                    ? "pods keep running without their new volumes until they are deleted: kubectl delete pod -n "
                        + "\(object.namespace ?? "") -l \(selector)"
                    : "pods keep running, and existing claims stay as they are"))
        return true
    }
}

extension JSON {
    /// Whether everything in this value is in another, which may have more, such as defaults that the API server has set.
    fileprivate func isPart(of other: JSON) -> Bool {
        switch (self, other) {
        case (.object(let own), .object(let others)):
            own.allSatisfy { key, value in others[key].map { value.isPart(of: $0) } ?? value.isNull }
        case (.array(let own), .array(let others)):
            own.count == others.count && zip(own, others).allSatisfy { $0.isPart(of: $1) }
        default: self == other
        }
    }
}
