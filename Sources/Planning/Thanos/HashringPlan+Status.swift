import Crypto
import Hashring
import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The results of a hashring plan: the ConfigMap, the status, the report for metrics, the readiness.
extension HashringPlan {
    /// The ConfigMap with the file; nil if there is no file.
    var object: Object? {
        text.map { text in
            var annotations: [String: String] = [:]
            if !retained.isEmpty { annotations[Names.retainedAnnotation] = retained.joined(separator: ",") }
            let hashes = equivalentHashes
            if !hashes.isEmpty {
                annotations[Names.equivalentAnnotation] = hashes.map { String($0, radix: 16) }.joined(separator: ",")
            }
            return view.owner.object(
                .configMaps, view.resource.hashringConfigMapName,
                labels: view.owner.labels("hashrings", program: ThanosNames.receiveProgram),
                annotations: annotations, ["data": [PublishedHashrings.fileName: JSON(text)]])
        }
    }

    /// The members of the view's status.
    var status: JSON.Members {
        [
            "hashrings": .array(Array((hashrings.map(\.status) + formerStatuses).prefix(64))),
            "hashringSummary": JSON(
                hashrings.map { "\($0.spec.name) \($0.members.count)/\($0.desired)" }.joined(separator: ", ")),
            "publishedAt": changedAt.map { JSON($0.description) } ?? .null,
        ]
    }

    /// The hashrings in numbers.
    func report(_ arrival: FileArrival) -> HashringReport {
        let refusals = Set(diagnostics.filter { $0.severity == .error && $0.reason != "HashringHeld" }.map(\.reason))
        return HashringReport(
            hashrings: hashrings.map { hashring in
                HashringReport.Entry(
                    name: hashring.spec.name, members: hashring.members.count, desired: hashring.desired,
                    pending: hashring.pending.count,
                    tenants: hashring.spec.isSoft ? 0 : view.served(on: hashring.spec.name).count,
                    isHeld: hashring.pending.contains { $0.reason == .held },
                    older: arrival.older(in: hashring.spec.name))
            }, tenants: view.tenantCount, hash: hash, changed: changedAt,
            refusals: refusals.sorted())
    }

    /// The readiness of the hashrings and of the workloads that run their receivers.
    func readiness(with receivers: ReceiverPlan) -> Readiness {
        let diagnostics = diagnostics + receivers.diagnostics
        let errors = diagnostics.filter { $0.severity == .error }
        if let error = errors.first {
            let others = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
            return .stalled(error.reason, error.message + others)
        }
        if let waiting = diagnostics.first { return .progressing(reason: waiting.reason, message: waiting.message) }
        let pending = hashrings.flatMap { hashring in
            hashring.pending.map { "\($0.pod) of \(hashring.spec.name) (\($0.reason.rawValue))" }
        }
        if !pending.isEmpty {
            let message = "waiting for \(pending.listed())"
            let troubles = troublesOfPending
            guard troubles.isEmpty else { return .waiting(message, troubles) }
            return .progressing(reason: "MembersPending", message: message)
        }
        if let former = former.first { return .progressing(reason: "HashringRetiring", message: former.message) }
        if let waiting = receivers.waiting { return .progressing(reason: "ScaleDownWaiting", message: waiting) }
        for workload in receivers.workloads {
            let readiness = workload.readiness(in: view.snapshot)
            guard case .ready = readiness else { return readiness }
        }
        return .ready("all hashrings have their receivers")
    }

    /// Why the pods are not ready that a hashring waits for.
    private var troublesOfPending: [ObjectKey: PodTrouble] {
        hashrings.reduce(into: [:]) { troubles, hashring in
            let waiting = Set(hashring.pending.map(\.pod))
            guard !waiting.isEmpty else { return }
            for pod in view.snapshot.receivers(of: hashring.spec.name, in: view.owner.metadata.key)
            where waiting.contains(pod.key.name) {
                troubles[pod.key] = pod.trouble
            }
        }
    }

    /// The status entries of hashrings that are no longer in the specification.
    private var formerStatuses: [JSON] {
        former.filter { former in !hashrings.contains { $0.spec.name == former.name } }.map { former in
            ["name": JSON(former.name), "members": JSON(former.members.count), "desired": 0]
        }
    }
}

extension HashringPlan.Former {
    /// Why the hashring stays.
    fileprivate var message: String {
        let waiting = tenants.isEmpty ? "every tenant" : tenants.listed()
        return "hashring \"\(name)\" stays until \(waiting) \(tenants.count > 1 ? "have" : "has") another hashring"
    }
}

extension HashringPlan.Wanted {
    /// The hashring's entry in the status.
    fileprivate var status: JSON {
        let digest = SHA256.hexadecimal(members.map(\.address).joined(separator: "\n"))
        // The schema allows 100 entries.
        let waiting = pending.prefix(100).map { pending -> JSON in
            [
                "pod": JSON(pending.pod), "reason": JSON(pending.reason.rawValue),
                "since": pending.since.map { JSON($0.description) } ?? .null,
            ]
        }
        let status: JSON = [
            "name": JSON(spec.name), "members": JSON(members.count), "desired": JSON(desired),
            "hash": members.isEmpty ? .null : JSON(String(digest.prefix(12))),
            "pending": waiting.isEmpty ? .null : .array(waiting),
        ]
        return status.droppingNulls
    }
}
