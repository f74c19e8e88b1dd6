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
        var refused: APIStatus?
        var rest = annotations[...]
        while !rest.isEmpty, mayWrite() {
            let batch = rest.prefix(Self.atOnce)
            rest = rest.dropFirst(batch.count)
            try await withThrowingTaskGroup(of: APIStatus?.self) { group in
                for annotation in batch { group.addTask { try await annotate(annotation) } }
                for try await status in group { refused = refused ?? status }
            }
            // The others would be refused as well.
            if refused != nil { break }
        }
        return refused
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
