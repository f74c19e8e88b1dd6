import Kube
import TributaryAPI

/// What is wrong with all custom resources of Tributary's, on one screen.
package struct StatusReport: Sendable {
    /// What is wrong, the worst and the oldest first.
    package let troubles: [Trouble]
    private let counts: [(kind: String, all: Int, ready: Int)]
    private let now: Timestamp

    /// The most lines on a screen; the rest is counted.
    private static let most = 20

    /// Reads the statuses of custom resources.
    package init(_ objects: [Object], now: Timestamp) {
        self.now = now
        let found = objects.map { (object: $0, troubles: Self.troubles(of: $0)) }
        counts = TributaryAPI.kinds.map { kind in
            let own = found.filter { $0.object.kind == kind.resource.kind }
            let ready = own.count { $0.troubles.allSatisfy { ["MonitorsRejected", "NoTargets"].contains($0.reason) } }
            return (kind.resource.kind, own.count, ready)
        }
        troubles = Trouble.sorted(found.flatMap(\.troubles))
    }

    /// Whether somebody has to do something.
    package var isWrong: Bool { troubles.contains { $0.weight == .wrong } }

    /// The report as lines of text.
    package var lines: [String] {
        var lines = [counts.map { "\($0.kind)s \($0.ready)/\($0.all) ready" }.joined(separator: ", ")]
        for trouble in troubles.prefix(Self.most) {
            let age = trouble.age(now)
            lines.append(
                "\(trouble.weight.rawValue): \(trouble.kind) \(trouble.key)\(age.isEmpty ? "" : " \(age)"): "
                    + "\(trouble.reason): \(trouble.message)")
            if trouble.weight != .note { lines.append("  -> \(trouble.advice)") }
        }
        if troubles.count > Self.most { lines.append("and \(troubles.count - Self.most) more; -o json has them all") }
        if troubles.isEmpty { lines.append("nothing is wrong") }
        return lines
    }

    /// The report for programs.
    package var json: JSON {
        [
            "wrong": .bool(isWrong),
            "kinds": .array(
                counts.map { ["kind": JSON($0.kind), "count": JSON($0.all), "ready": JSON($0.ready)] }),
            "troubles": .array(troubles.map(\.json)),
        ]
    }

    // MARK: - Reading

    /// What is wrong with a custom resource, as its status says.
    package static func troubles(of object: Object) -> [Trouble] {
        func trouble(_ weight: Trouble.Weight, _ reason: String, _ message: String, since: String?) -> Trouble {
            Trouble(
                weight: weight, kind: object.kind, key: object.key, reason: reason, message: message,
                since: since.flatMap { Timestamp($0) })
        }
        let status = object.json["status"] ?? [:]
        let conditions = (status["conditions"]?.array ?? []).compactMap { try? $0.decode(Condition.self) }
        guard let ready = conditions.first(where: { $0.type == "Ready" }) else {
            let created = object.json["metadata", "creationTimestamp"]?.string
            return [trouble(.wrong, "NoStatus", "the operator has not reported anything about it yet", since: created)]
        }
        var result: [Trouble] = []
        if ready.status != .true {
            let isReconciling = conditions.contains { $0.type == "Reconciling" && $0.status == .true }
            let weight: Trouble.Weight =
                ready.reason == "Paused" ? .note : isReconciling ? .progress : .wrong
            result.append(trouble(weight, ready.reason, ready.message, since: ready.lastTransitionTime))
        } else if let generation = object.generation, let seen = status["observedGeneration"]?.int, seen < generation {
            result.append(
                trouble(.progress, "NotObserved", "the operator has not taken up the newest edit yet", since: nil))
        }
        // Conditions of which False is bad, beside the three of kstatus.
        for other in conditions
        where other.status == .false && !["Ready", "Reconciling", "Stalled"].contains(other.type) {
            result.append(
                trouble(
                    .wrong, other.reason, "\(other.type) is False: \(other.message)", since: other.lastTransitionTime))
        }
        for ring in status["hashrings"]?.array ?? [] {
            let pending = ring["pending"]?.array ?? []
            guard let first = pending.first else { continue }
            let others = pending.count > 1 ? " and \(pending.count - 1) more" : ""
            result.append(
                trouble(
                    .progress, first["reason"]?.string ?? "Pending",
                    "hashring \"\(ring["name"]?.string ?? "")\": receiver \(first["pod"]?.string ?? "")\(others) waits",
                    since: first["since"]?.string))
        }
        if let named = named("rejectedMonitors", status, count: status["rejected"]?.int) {
            result.append(trouble(.wrong, "MonitorsRejected", "rejects \(named)", since: nil))
        }
        // It may be meant so, for example for what not every cluster has.
        if let named = named("monitorsWithoutTargets", status, count: status["withoutTargets"]?.int) {
            result.append(trouble(.note, "NoTargets", named, since: nil))
        }
        return result
    }

    /// The first monitor in a list of a status, its message, and how many others there are.
    private static func named(_ list: String, _ status: JSON, count: Int?) -> String? {
        guard let first = status[list]?[0] else { return nil }
        let others = (count ?? 1) > 1 ? " (and \((count ?? 1) - 1) more)" : ""
        return "\(first["kind"]?.string ?? "") \(first["namespace"]?.string ?? "")/\(first["name"]?.string ?? ""): "
            + "\(first["message"]?.string ?? "")\(others)"
    }
}
