import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// Which hashrings of global views have the pods of a StatefulSet, and what keeps the others from it.
struct SelectionFindings {
    /// A hashring that has the StatefulSet.
    struct Match {
        var view: GlobalView
        var hashring: HashringSpec
        /// The field of the hashring in the specification.
        var field: String
    }

    private(set) var matches: [Match] = []
    /// The nearest miss of each global view; empty if some hashring matches.
    private(set) var misses: [Finding] = []

    private let set: ReceiverSet
    private let objects: ReceiverObjects

    init(_ set: ReceiverSet, _ views: [GlobalView], _ objects: ReceiverObjects) {
        self.set = set
        self.objects = objects
        var misses: [Finding] = []
        for view in views {
            var nearest: (count: Int, finding: Finding)?
            for (index, hashring) in (view.spec.thanos?.hashrings ?? []).enumerated() {
                let field = "spec.thanos.hashrings[\(index)]"
                guard let adopt = hashring.adopt else {
                    let name = ThanosNames.receivers(hashring.name, of: view.metadata.name)
                    if ObjectKey(namespace: view.metadata.namespace ?? "default", name: name) == set.key {
                        matches.append(Match(view: view, hashring: hashring, field: field))
                    }
                    continue
                }
                let reasons = Self.misses(adopt, of: view, set)
                guard let first = reasons.first else {
                    matches.append(Match(view: view, hashring: hashring, field: field))
                    continue
                }
                let hint = hint(adopt.selector)
                let distance = hint.isEmpty ? reasons.count : 0
                guard nearest.map({ distance < $0.count }) ?? true else { continue }
                nearest = (
                    distance,
                    Finding(
                        .bad, first.reason, of: "GlobalView \(view.metadata.key)", at: "\(field).adopt.\(first.field)",
                        "hashring \"\(hashring.name)\" does not select StatefulSet \(set.key): "
                            + reasons.map(\.message).joined(separator: "; ") + hint)
                )
            }
            misses += [nearest?.finding, removed(from: view)].compactMap(\.self)
        }
        if matches.isEmpty { self.misses = misses }
    }

    private static func misses(
        _ adopt: AdoptSpec, of view: GlobalView, _ set: ReceiverSet
    ) -> [(reason: String, field: String, message: String)] {
        let own = view.metadata.namespace ?? "default"
        var result = adopt.selector.misses(set.labels).map { ("LabelsDiffer", "selector", $0) }
        if !(adopt.namespaces ?? [own]).contains(set.key.namespace) {
            let looked =
                adopt.namespaces.map { "names \($0.listed())" }
                ?? "is absent, which means \(own), that of the GlobalView"
            result.append(
                ("NamespaceNotSelected", "namespaces", "adopt.namespaces \(looked); should name \(set.key.namespace)"))
        }
        return result
    }

    /// Says so where the labels are on the pods: a common mistake.
    private func hint(_ selector: LabelSelector) -> String {
        guard !selector.misses(set.labels).isEmpty, let labels = objects.podLabels[set.key], selector.matches(labels)
        else { return "" }
        return ". Its pods have these labels, and hashrings select by the labels of the StatefulSet itself"
    }

    /// Says so if the receivers are of a hashring that the view no longer has.
    private func removed(from view: GlobalView) -> Finding? {
        let own = ThanosNames.receiverSelector(of: view.metadata.name)
        guard set.key.namespace == view.metadata.namespace ?? "default", own.matches(set.labels),
            let name = set.labels[Names.hashringLabel]
        else { return nil }
        let names = (view.spec.thanos?.hashrings ?? []).map(\.name)
        guard !names.contains(name) else { return nil }
        return Finding(
            .bad, "HashringRemoved", of: "GlobalView \(view.metadata.key)", at: "spec.thanos.hashrings",
            "no longer has hashring \"\(name)\" (it has: \(names.listed())): its receivers leave the file, and are removed "
                + "once all pods use the file without them")
    }
}
