import Kube
public import PlanningInput

/// How a custom resource is doing, as the three conditions that kstatus reads: Ready, Reconciling, Stalled.
enum Readiness {
    /// All that was asked for is there.
    case ready(String)
    /// It is on its way, and nobody has to do anything.
    case progressing(reason: String, message: String)
    /// Somebody has to do something.
    case stalled(String, String)
    /// Nobody looks: `spec.paused` is true.
    case paused

    /// From a Deployment or StatefulSet that has to be up.
    static func of(_ workload: Workload?, called name: String) -> Readiness {
        guard let workload else { return .progressing(reason: "Creating", message: "\(name) is being made") }
        if workload.isReady { return .ready("\(name) is ready") }
        return .progressing(
            reason: "WaitingForPods", message: "\(workload.ready) of \(workload.desired) pods of \(name) are ready")
    }

    /// The conditions, over those that an object's status has now.
    func conditions(over object: Object, generation: Int64?, now: Timestamp) -> JSON {
        let old = (object.json["status", "conditions"]?.array ?? []).compactMap { try? $0.decode(Condition.self) }
        return conditions(over: old, generation: generation, now: now)
    }

    /// The conditions, those that were there before brought up to date.
    func conditions(over old: [Condition], generation: Int64?, now: Timestamp) -> JSON {
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
                        "Ready", nil, "Paused", "spec.paused is true: nothing is changed until it is false again"),
                    condition("Reconciling", false, "Paused", ""),
                    condition("Stalled", false, "Paused", ""),
                ]
            }
        return .array(old.merging(new, now: now.description).map(\.json))
    }
}

extension Condition {
    /// The condition as it stands in a status.
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
