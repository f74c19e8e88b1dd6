import Kube
import PlanningInput
import Receivers

/// The readiness of a custom resource, as the three conditions that kstatus reads: Ready, Reconciling, Stalled.
enum Readiness {
    /// Everything that was asked for exists.
    case ready(String)
    /// It is in progress, and nobody has to do anything.
    case progressing(reason: String, message: String)
    /// A person has to do something.
    case stalled(String, String)
    /// The operator ignores the resource: `spec.paused` is true.
    case paused

    /// The readiness of a Deployment or StatefulSet. If pods say why they are not ready, so does the message.
    static func of(_ workload: Workload?, called name: String, _ troubles: [ObjectKey: PodTrouble]) -> Readiness {
        guard let workload else { return .progressing(reason: "Creating", message: "\(name) is being created") }
        if workload.isReady { return .ready("\(name) is ready") }
        return .waiting("\(workload.ready) of \(workload.desired) pods of \(name) are ready", troubles)
    }

    /// The readiness of pods that are not all ready, with the reason of the first one that gives one.
    static func waiting(_ message: String, _ troubles: [ObjectKey: PodTrouble]) -> Readiness {
        guard let first = PodTrouble.first(of: troubles) else {
            return .progressing(reason: "WaitingForPods", message: message)
        }
        return .progressing(reason: first.reason, message: "\(message); \(first.message)")
    }

    /// The readiness of two parts together: what a person has to do comes first, then what is in progress.
    func and(_ other: Readiness) -> Readiness {
        switch (self, other) {
        case (.ready(let first), .ready(let second)): .ready("\(first); \(second)")
        case (.stalled, _), (.paused, _): self
        case (_, .stalled), (_, .paused), (.ready, _): other
        case (.progressing, _): self
        }
    }

    /// This readiness combined with findings: an error stalls it, and a warning is added to a ready message.
    func with(_ findings: [Diagnostic]) -> Readiness {
        let errors = findings.filter { $0.severity == .error }
        if let error = errors.first {
            let others = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
            return .stalled(error.reason, error.text + others)
        }
        guard case .ready(let message) = self, !findings.isEmpty else { return self }
        return .ready(([message] + findings.map(\.text)).joined(separator: "; "))
    }

    /// Sets the conditions in an object's status.
    func conditions(over object: Object, generation: Int64?, now: Timestamp) -> JSON {
        let old = (object.json["status", "conditions"]?.array ?? []).compactMap { try? $0.decode(Condition.self) }
        return conditions(over: old, generation: generation, now: now)
    }

    /// The updated conditions, with others of the object.
    func conditions(
        over old: [Condition], and others: [Condition] = [], generation: Int64?, now: Timestamp
    ) -> JSON {
        func condition(_ type: String, _ holds: Bool?, _ reason: String, _ message: String) -> Condition {
            Condition(
                type: type, status: holds.map { $0 ? .true : .false } ?? .unknown, observedGeneration: generation,
                reason: reason, message: message)
        }
        let new: [Condition] =
            switch self {
            case .ready(let message):
                [
                    condition("Ready", true, "Ready", message),
                    condition("Reconciling", false, "Ready", ""),
                    condition("Stalled", false, "Ready", ""),
                ]
            case .progressing(let reason, let message):
                [
                    condition("Ready", false, reason, message),
                    condition("Reconciling", true, reason, message),
                    condition("Stalled", false, reason, ""),
                ]
            case .stalled(let reason, let message):
                [
                    condition("Ready", false, reason, message),
                    condition("Reconciling", false, reason, ""),
                    condition("Stalled", true, reason, message),
                ]
            case .paused:
                [
                    condition(
                        "Ready", nil, "Paused", "spec.paused is true: Tributary changes nothing until it is false"),
                    condition("Reconciling", false, "Paused", ""),
                    condition("Stalled", false, "Paused", ""),
                ]
            }
        return .array(old.merging(new + others, now: now.description).map(\.json))
    }
}

extension Condition {
    /// The condition as JSON.
    var json: JSON {
        let json: JSON = [
            "type": JSON(type), "status": JSON(status.rawValue),
            "observedGeneration": observedGeneration.map { .int($0) } ?? .null,
            "lastTransitionTime": lastTransitionTime.map { JSON($0) } ?? .null,
            "reason": JSON(reason), "message": JSON(message),
        ]
        return json.droppingNulls
    }
}
