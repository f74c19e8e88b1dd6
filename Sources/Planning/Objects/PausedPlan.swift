import Kube
import TributaryAPI

extension Plan {
    /// The plan for a custom resource with `spec.paused`: what was made for it stays, and of its status only the
    /// conditions change.
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
}
