import Kube
import PlanningInput
import Receivers

/// Whether a pod is one that a hashring can have: of a StatefulSet, wanted, and ready.
struct PodFindings {
    private let subject: ReceiverSubject
    private let objects: ReceiverObjects

    init(_ subject: ReceiverSubject, _ objects: ReceiverObjects) {
        self.subject = subject
        self.objects = objects
    }

    private var name: String { "Pod \(subject.key)" }

    /// The findings, those about the name first.
    func findings() -> [Finding] { [identity(), wanted()].compactMap(\.self) + state() }

    /// Why no hashring could have it, by its name and its owner.
    private func identity() -> Finding? {
        guard let pod = subject.pod, subject.receiver == nil else { return nil }
        guard let owner = pod.ownerReferences.first(where: { $0.controller == true }) else {
            return Finding(
                .bad, "NotOfStatefulSet", of: name,
                "is controlled by nothing, and hashrings have the pods of StatefulSets: run the receiver as one")
        }
        guard owner.kind == "StatefulSet" else {
            return Finding(
                .bad, "NotOfStatefulSet", of: name,
                "is controlled by \(owner.kind) \(owner.name), and hashrings have the pods of StatefulSets, whose names and "
                    + "addresses stay: run the receivers as a StatefulSet")
        }
        return Finding(
            .bad, "NoOrdinal", of: name,
            "is not named like a pod of StatefulSet \(owner.name): should be \(owner.name)- and a number without leading "
                + "zeros, such as \(owner.name)-0")
    }

    /// Why its StatefulSet does not want it.
    private func wanted() -> Finding? {
        guard let set = subject.set, let ordinal = subject.ordinal, !subject.isWanted else { return nil }
        let object = "StatefulSet \(set.key)"
        guard !set.isBeingDeleted else {
            return Finding(.bad, "StatefulSetDeleted", of: object, "is being deleted, with its pods")
        }
        let all = set.ordinals
        let pods =
            all.isEmpty
            ? "none"
            : all.count == 1
                ? "\(set.key.name)-\(all.lowerBound)"
                : "\(set.key.name)-\(all.lowerBound) to \(set.key.name)-\(all.upperBound - 1)"
        return Finding(
            .bad, "NotWanted", of: object, at: "spec.replicas",
            "is \(set.replicas), which is \(pods): number \(ordinal) leaves its hashring, or never joins")
    }

    /// Whether it runs.
    private func state() -> [Finding] {
        guard let pod = subject.pod else {
            // Nobody expects pods among the files.
            guard objects.isComplete else { return [] }
            return [Finding(.bad, "PodNotFound", of: name, "does not exist: kubectl describe its StatefulSet says why")]
        }
        guard !pod.isBeingDeleted else {
            return [Finding(.bad, "Terminating", of: name, "is being deleted; its successor joins when it is ready")]
        }
        let conditions = pod.json["status", "conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }
        let since = ready?["lastTransitionTime"]?.string.map { ", since \($0)" } ?? ""
        if ready?["status"]?.string == "True" {
            return [Finding(.good, "PodReady", of: name, "is ready\(since)")]
        }
        if let trouble = PodTrouble(ofPod: pod) {
            return [Finding(.bad, trouble.reason, of: name, "is not ready\(since): \(trouble.message)")]
        }
        let why =
            ready?["message"]?.string
            ?? "it has no condition Ready, as a pod that nobody runs; see kubectl describe pod \(subject.key.name) -n "
            + "\(subject.key.namespace)"
        return [Finding(.bad, "PodNotReady", of: name, "is not ready\(since): \(why)")]
    }
}
