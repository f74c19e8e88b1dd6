import Hashring
import Kube
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// Explains why a receiver is in a hashring, or in none.
package struct ReceiverExplanation {
    private let snapshot: Snapshot
    private let planner: Planner
    private let objects: ReceiverObjects

    /// Explains from what planning reads, and from the objects that run receivers.
    package init(_ snapshot: Snapshot, _ objects: ReceiverObjects) {
        self.snapshot = snapshot
        self.objects = objects
        planner = Planner(snapshot)
    }

    /// The names of the pods that StatefulSets want, and of other pods.
    package var names: [String] {
        let wanted = objects.sets.values.flatMap { set in
            set.wantedOrdinals.prefix(50).map { "\(set.key.namespace)/\(set.key.name)-\($0)" }
        }
        return Set(wanted).union(objects.pods.keys.map(\.description)).sorted()
    }

    /// The explanation of a receiver; nil if there is none of that name.
    package func explain(_ name: ReceiverName) -> Explanation? {
        guard let subject = ReceiverSubject(name, objects) else { return unknown(name) }
        var findings: [Finding] = []
        var rings: [String] = []
        if let set = subject.set {
            let selection = SelectionFindings(set, views, objects)
            for match in selection.matches {
                let found = RingFindings(match, set, subject, planner, snapshot, isComplete: objects.isComplete)
                if found.isMember { rings.append("\(match.hashring.name) of GlobalView \(match.view.metadata.key)") }
                findings += found.findings
            }
            if selection.matches.isEmpty {
                let found = set.isOfDropIn || views.isEmpty ? DropInFindings(set, subject, objects) : nil
                if found?.isMember == true, let hashring = found?.hashring { rings.append(hashring) }
                // Where the drop-in has it, nobody needs to hear that global views do not.
                findings += (found?.isMember == true ? [] : selection.misses) + (found?.findings ?? [])
            }
        } else if subject.receiver != nil {
            findings.append(
                Finding(
                    .bad, "StatefulSetNotFound", of: "Pod \(subject.key)",
                    "its StatefulSet is not in \(objects.place), so nothing tells which hashring has it"))
        }
        findings = PodFindings(subject, objects).findings() + findings
        guard rings.isEmpty else {
            // What keeps others out does not concern a receiver that is in.
            for index in findings.indices where findings[index].verdict == .bad { findings[index].verdict = .note }
            return explanation(subject.key, findings, in: rings)
        }
        return explanation(subject.key, findings, in: [])
    }

    private var views: [GlobalView] {
        snapshot.globalViews.values.filter { $0.spec.thanos != nil }.sorted { $0.metadata.key < $1.metadata.key }
    }

    private func explanation(_ key: ObjectKey, _ findings: [Finding], in rings: [String]) -> Explanation {
        let first = findings.first { $0.verdict == .bad }
        let outcome =
            rings.isEmpty
            ? "it is in no hashring\(first.map { ": \($0.reason)" } ?? "")" : "it is in hashring \(rings.listed())"
        return Explanation(kind: "Receiver", key: key, findings: findings, works: !rings.isEmpty, outcome: outcome)
    }

    /// The explanation of an address that no pod of a StatefulSet has, and that a file names nevertheless.
    private func unknown(_ name: ReceiverName) -> Explanation? {
        guard let address = name.address else { return nil }
        for view in views {
            let file = snapshot.published[view.hashringsKey].flatMap { try? HashringFile(parsing: $0.found) }
            guard let entry = file?.rings.first(where: { $0.endpoints.contains { $0.address == address } }) else {
                continue
            }
            let finding = Finding(
                .note, "NoPod", of: "GlobalView \(view.metadata.key)",
                "hashring \"\(entry.hashringName)\" of its published file has \(address), and \(objects.place) no pod or "
                    + "StatefulSet that it belongs to")
            return explanation(
                name.pod ?? ObjectKey(namespace: view.metadata.namespace ?? "default", name: address), [finding],
                in: ["\(entry.hashringName) of GlobalView \(view.metadata.key)"])
        }
        return nil
    }
}
