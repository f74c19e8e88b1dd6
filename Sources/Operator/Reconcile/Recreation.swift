import Kube
import KubeRuntime
import Planning
import PlanningInput

/// What becomes of a StatefulSet whose change the API server refuses, since it is of fields that are set only when it is
/// made: the claims of its pods, the name of their Service, in which order they come.
///
/// It is deleted alone and made anew. Its pods go on in the meantime, and the new one adopts them by its selector; their
/// PersistentVolumeClaims stay as well, whatever `persistentVolumeClaimRetentionPolicy` says; what others have set on it is
/// gone. (prometheus-operator deletes the pods with it, all at once.)
enum Recreation {
    /// Those for which this is so. Receivers are not among them: without their StatefulSet they would leave the hashring.
    static let programs: Set<String> = ["prometheus-agent", "prometheus"]

    /// The fields of a StatefulSet's `spec` that Tributary sets and that nobody can change. Pods under another selector
    /// would not be adopted, so that one is not among them.
    private static let fields = ["serviceName", "podManagementPolicy", "volumeClaimTemplates"]

    /// Whether an object may be made anew because of this refusal. What is wrong with it besides would be wrong with a
    /// new one too, and then there would be none.
    static func mayHelp(_ object: Object, _ refusal: APIStatus) -> Bool {
        guard object.kind == Resource.statefulSets.kind,
            programs.contains(object.labels["app.kubernetes.io/name"] ?? ""), refusal.code == 422,
            let causes = refusal.details?["causes"]?.array, causes.count == 1
        else { return false }
        return causes[0]["field"] == "spec" && causes[0]["reason"] == "FieldValueForbidden"
            && causes[0]["message"]?.string?.contains("updates to statefulset spec") == true
    }

    /// The fields that are to be other than they are; nil where pods would not be adopted.
    static func changes(from live: Object, to wanted: Object) -> [String]? {
        let (live, wanted) = (live.json["spec"] ?? [:], wanted.json["spec"] ?? [:])
        guard live["selector"] == wanted["selector"] else { return nil }
        return fields.filter { field in
            guard let wanted = wanted[field], !wanted.isNull else { return live[field]?.array?.isEmpty == false }
            return live[field].map { !wanted.isPart(of: $0) } ?? true
        }
    }

    /// Whether pods get a volume of their own that they do not have: no running pod can be given one.
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
    /// Does what can be done of a StatefulSet whose change was refused; returns false where that is nothing. What is
    /// deleted here is made by the reconciliation that its deletion asks for.
    func recreate(_ object: Object, about owner: Object) async throws -> Bool {
        guard let live = try await applier.current(.statefulSets, object.key) else { return true }
        if live.isBeingDeleted { return true }
        if Workload(object).drainingSince != nil {
            // It goes soon, and would not be made anew if the operator ended in between. Only its mark is due.
            var marked = object
            marked.json["spec"] = live.json["spec"]
            try await apply(marked)
            return true
        }
        guard let uid = live.uid, let changes = Recreation.changes(from: live, to: object) else { return false }
        guard try await applier.deleteAlone(.statefulSets, object.key, uid: UID(uid)) else { return true }
        logger.info("deleted without its pods, to be made anew", metadata: ["object": "\(object)"])
        let addsClaims = Recreation.addsClaims(from: live, to: object)
        let labels = (object.json["spec", "selector", "matchLabels"]?.strings ?? [:]).sorted { $0.key < $1.key }
        let selector = labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        reporter.tell(
            about: owner, done: live, severity: addsClaims ? .warning : .normal, reason: "StatefulSetRecreated",
            action: "Recreate",
            "\(object) is made anew for its \(changes.joined(separator: ", ")), which cannot be changed in place; its "
                + (addsClaims
                    ? "pods run on without their new volumes until they are deleted: kubectl delete pod -n "
                        + "\(object.namespace ?? "") -l \(selector)"
                    : "pods run on, and claims that there are stay as they are"))
        return true
    }
}

extension JSON {
    /// Whether all that this says holds in another, which may say more, as an object does that the API server has
    /// filled in.
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
