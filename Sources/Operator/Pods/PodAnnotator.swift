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

    /// How many pods are written at the same time.
    private static let atOnce = 8

    /// Writes annotations; skips pods that are gone or were replaced. Returns what the API server refused for good.
    func annotate(_ annotations: [PodAnnotation]) async throws -> APIStatus? {
        var rest = annotations[...]
        return try await withThrowingTaskGroup(of: APIStatus?.self) { group in
            func startNext() {
                guard mayWrite(), let annotation = rest.popFirst() else { return }
                group.addTask { try await annotate(annotation) }
            }
            for _ in 0..<Self.atOnce { startNext() }
            for try await refused in group {
                // The others would be refused as well.
                if let refused { return refused }
                startNext()
            }
            return nil
        }
    }

    private func annotate(_ annotation: PodAnnotation) async throws -> APIStatus? {
        let metadata: JSON = [
            // Not a pod that has replaced it under its name.
            "uid": annotation.uid.map { JSON($0) } ?? .null,
            "annotations": .object([annotation.name: JSON(annotation.value)]),
        ]
        do {
            _ = try await api.merge(.pods, annotation.pod, ["metadata": metadata.droppingNulls])
            logger.info("annotated", metadata: ["pod": "\(annotation.pod)"])
            return nil
        } catch let status as APIStatus where status.code == 404 || status.code == 409 {
            return nil
        } catch let status as APIStatus where status.code < 500 && status.code != 429 {
            return status
        }
    }
}
