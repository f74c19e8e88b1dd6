public import Kube
public import PlanningInput
import TributaryAPI

/// The plans of custom resources that cannot be followed, or not in full.
extension Plan {
    /// The plan for a custom resource that cannot be read: existing objects stay, and the status gives the reason.
    public init(unreadable key: PlanKey, _ error: FieldError, over object: Object, now: Timestamp) {
        self.init(stalled: .invalidSpec(key, error), "\(error)", over: object, now: now)
    }

    /// The plan for a custom resource whose watches fail: existing objects stay, and the status names the failure.
    public init(waiting key: PlanKey, for failure: String, over object: Object, now: Timestamp) {
        self.init(stalled: .error(key, nil, "WatchFailing", failure), failure, over: object, now: now)
    }

    private init(stalled problem: Diagnostic, _ message: String, over object: Object, now: Timestamp) {
        self.init()
        keepsExisting = true
        diagnostics = [problem]
        var status = object.json["status"] ?? [:]
        status["conditions"] = Readiness.stalled(problem.reason, message)
            .conditions(over: object, generation: nil, now: now)
        let key = problem.about
        statuses = [StatusUpdate(resource: key.resource, key: key.objectKey, status: status)]
    }

    /// The plan for a custom resource with `spec.paused`: existing objects stay, and of the status only the conditions
    /// change.
    init(paused resource: some CustomResource, now: Timestamp) {
        self.init()
        let metadata = resource.metadata
        let object = Object(["status": resource.status.flatMap { try? JSON(encoding: $0) } ?? [:]])
        var status = object.json["status"] ?? [:]
        status["observedGeneration"] = metadata.generation.map { .int($0) }
        status["conditions"] = Readiness.paused.conditions(over: object, generation: metadata.generation, now: now)
        keepsExisting = true
        statuses = [StatusUpdate(resource: type(of: resource).resource, key: metadata.key, status: status)]
    }

    /// Adds an error about something that keeps the plan from being carried out, also to the status.
    public mutating func stall(_ key: PlanKey, over object: Object, reason: String, message: String, now: Timestamp) {
        diagnostics.append(.error(key, nil, reason, message))
        for index in statuses.indices
        where statuses[index].key == key.objectKey && statuses[index].resource == key.resource {
            let generation = statuses[index].status["observedGeneration"]?.int.map { Int64($0) }
            statuses[index].status["conditions"] = Readiness.stalled(reason, message)
                .conditions(over: object, generation: generation, now: now)
        }
    }
}
