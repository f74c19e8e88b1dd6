import Hashring
import Kube
import PlanningInput
import Receivers

/// Whether the drop-in for thanos-receive-controller has a receiver in the file that it generates.
struct DropInFindings {
    private(set) var findings: [Finding] = []
    private(set) var isMember = false
    /// The hashring that the StatefulSet's label names.
    private(set) var hashring: String?

    init(_ set: ReceiverSet, _ subject: ReceiverSubject, _ objects: ReceiverObjects) {
        let object = "StatefulSet \(set.key)"
        hashring = set.labels[ReceiverLabels.ring]
        let needed = [
            ReceiverLabels.controller: ReceiverLabels.controllerValue, ReceiverLabels.ring: hashring ?? "NAME",
        ]
        let missing = LabelSelector(matchLabels: needed).misses(set.labels)
        guard missing.isEmpty, let hashring else {
            findings.append(
                Finding(
                    .bad, "LabelsDiffer", of: object, at: "metadata.labels",
                    "tributary hashring and thanos-receive-controller find it by two labels: "
                        + missing.joined(separator: "; ")))
            return
        }
        findings.append(
            Finding(
                .good, "Selected", of: object,
                "has the labels by which tributary hashring or thanos-receive-controller take its pods into hashring "
                    + "\"\(hashring)\""))
        look(set, subject, objects, hashring)
    }

    private mutating func look(
        _ set: ReceiverSet, _ subject: ReceiverSubject, _ objects: ReceiverObjects, _ hashring: String
    ) {
        guard let (key, name) = set.mountedFile else {
            findings.append(
                Finding(
                    .note, "FileUnknown", of: "StatefulSet \(set.key)",
                    "which ConfigMap its pods read with --receive.hashrings-file cannot be told from its template"))
            return
        }
        let object = "ConfigMap \(key)"
        guard let file = objects.file(key, at: name) else {
            let verdict: Finding.Verdict = objects.isComplete ? .bad : .note
            findings.append(
                Finding(
                    verdict, "FileNotFound", of: object,
                    "has no hashring file \(name), which its pods mount, as far as \(objects.place) can tell: is the "
                        + "controller running, with --configmap-generated-name=\(key.name) and --file-name=\(name)?"))
            return
        }
        let host = "\(subject.key.name).\(set.serviceName).\(set.key.namespace).svc"
        let entry = file.rings.first { ring in
            ring.endpoints.contains { "\(ReceiverName.host(of: $0.address)).".hasPrefix("\(host).") }
        }
        if let entry {
            isMember = true
            findings.append(
                Finding(.good, "InHashring", of: object, "hashring \"\(entry.name)\" of its file has the receiver"))
            return
        }
        findings.append(absence(of: hashring, in: file, object, key, name, objects))
    }

    /// Why the file does not have the receiver.
    private func absence(
        of hashring: String, in file: HashringFile, _ object: String, _ key: ObjectKey, _ name: String,
        _ objects: ReceiverObjects
    ) -> Finding {
        if let base = objects.configMaps[key].flatMap(ReceiverObjects.base),
            let rings = objects.file(base, at: name)?.rings,
            !rings.contains(where: { $0.name == hashring })
        {
            let names = rings.map(\.name)
            return Finding(
                .bad, "RingUnknown", of: "ConfigMap \(base)",
                "has no hashring \"\(hashring)\", which the StatefulSet's label names (it has: \(names.listed()))"
                    + Nearest.question(hashring, among: names))
        }
        let isThere = file.rings.contains { $0.name == hashring }
        return Finding(
            .bad, "NotInFile", of: object,
            "hashring \"\(hashring)\" of its file \(isThere ? "does not have" : "does not exist, and so not") the receiver: "
                + "it joins when it is ready; the log and thanos_receive_controller_ metrics of the controller say what it waits "
                + "for")
    }
}
