import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Annotates pods, so that their kubelets sync the volumes at once.
struct PodAnnotator: Sendable {
    let api: ObjectAPI
    let mayWrite: @Sendable () -> Bool
    let logger: Logger

    /// Writes annotations; skips pods that are gone or were replaced. Returns what the API server refused for good.
    func annotate(_ annotations: [PodAnnotation]) async throws -> APIStatus? {
        do {
            _ = try await concurrently(annotations) { annotation in
                if mayWrite() { try await annotate(annotation) }
            }
        } catch let refusal as Refusal {
            // The others would be refused as well.
            return refusal.status
        }
        return nil
    }

    private struct Refusal: Error {
        var status: APIStatus
    }

    private func annotate(_ annotation: PodAnnotation) async throws {
        let metadata: JSON = [
            // Not a pod that has replaced it under its name.
            "uid": annotation.uid.map { JSON($0) } ?? .null,
            "annotations": .object([annotation.name: JSON(annotation.value)]),
        ]
        do {
            _ = try await api.merge(.pods, annotation.pod, ["metadata": metadata.droppingNulls])
            logger.info("annotated", metadata: ["pod": "\(annotation.pod)"])
        } catch let status as APIStatus where status.code == 404 || status.code == 409 {
        } catch let status as APIStatus where status.code < 500 && status.code != 429 {
            throw Refusal(status: status)
        }
    }
}
