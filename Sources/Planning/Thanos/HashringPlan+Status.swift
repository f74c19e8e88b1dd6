import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// What a hashring plan says: the ConfigMap, the status, the report for metrics, readiness.
extension HashringPlan {
    /// The ConfigMap with the file; nil where there is none.
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
            "hashrings": .array(Array((rings.map(\.status) + oldStatuses).prefix(64))),
            "hashringSummary": JSON(
                rings.map { "\($0.spec.name) \($0.members.count)/\($0.desired)" }.joined(separator: ", ")),
            "publishedAt": changedAt.map { JSON($0.description) } ?? .null,
        ]
    }

    /// The hashrings in numbers.
    func report(_ arrival: FileArrival) -> HashringReport {
        let refusals = Set(diagnostics.filter { $0.severity == .error && $0.reason != "HashringHeld" }.map(\.reason))
        return HashringReport(
            rings: rings.map { ring in
                HashringReport.Ring(
                    name: ring.spec.name, members: ring.members.count, desired: ring.desired,
                    pending: ring.pending.count,
                    tenants: ring.spec.isSoft ? 0 : view.served(on: ring.spec.name).count,
                    isHeld: ring.pending.contains { $0.reason == .held }, older: arrival.older(in: ring.spec.name))
            }, tenants: view.tenantCount, hash: text.map { HashringFile.configHash(of: $0) }, changed: changedAt,
            refusals: refusals.sorted())
    }

    /// The readiness of the hashrings and of what runs their receivers.
    func readiness(with receivers: ReceiverPlan) -> Readiness {
        let diagnostics = diagnostics + receivers.diagnostics
        if let error = diagnostics.first(where: { $0.severity == .error }) {
            return .stalled(error.reason, error.message)
        }
        if let waiting = diagnostics.first { return .progressing(reason: waiting.reason, message: waiting.message) }
        let pending = rings.flatMap { ring in
            ring.pending.map { "\($0.pod) of \(ring.spec.name) (\($0.reason.rawValue))" }
        }
        if !pending.isEmpty {
            return .progressing(reason: "MembersPending", message: "waiting for \(pending.listed())")
        }
        if let old = old.first { return .progressing(reason: "HashringRetiring", message: old.message) }
        if let waiting = receivers.waiting { return .progressing(reason: "ScaleDownWaiting", message: waiting) }
        for (key, name) in receivers.workloads {
            let readiness = Readiness.of(view.snapshot.workloads[key], called: name)
            guard case .ready = readiness else { return readiness }
        }
        return .ready("all hashrings have the receivers that they should have")
    }

    /// The entries in the status of hashrings that are no longer in the specification.
    private var oldStatuses: [JSON] {
        old.filter { old in !rings.contains { $0.spec.name == old.name } }.map { old in
            ["name": JSON(old.name), "members": JSON(old.members.count), "desired": 0]
        }
    }
}

extension HashringPlan.Old {
    /// Why the hashring is still there.
    fileprivate var message: String {
        tenants.isEmpty
            ? "hashring \"\(name)\" stays until every tenant has another one"
            : "hashring \"\(name)\" stays until \(tenants.listed()) have another one"
    }
}

extension HashringPlan.Ring {
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
