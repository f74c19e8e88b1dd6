import Kube
import KubeClient
import KubeRuntime
import Logging

/// Annotates the labelled pods after the file has changed: kubelets sync the ConfigMaps of a pod when the pod changes,
/// and otherwise up to two minutes later.
final class DropInPodAnnotator: Sendable {
    private let client: KubeClient
    private let options: DropInOptions
    private let logger: Logger
    /// Whether pods may not be patched: thanos-receive-controller's Role does not allow it.
    private let isPatchRefused = Locked(false)

    private static let mostTries = 5

    init(client: KubeClient, options: DropInOptions, logger: Logger) {
        self.client = client
        self.options = options
        self.logger = logger
    }

    /// The annotation's name, as thanos-receive-controller has it.
    var annotation: String { "\(options.label.key)/lastControllerUpdate" }

    /// Annotates all pods with a time; throws what listing them throws, or the first failure.
    func annotate(at time: Timestamp) async throws {
        let query = ListQuery(labelSelector: options.label.description)
        let pods = try await client.listAll(.pods, namespace: options.namespace, query).items
            .filter { !$0.isBeingDeleted }
        // One pod that cannot be annotated keeps no other from it.
        let failures = await concurrently(pods) { pod -> (any Error)? in
            do {
                try await self.annotate(pod, String(time.seconds))
                return nil
            } catch {
                return error
            }
        }
        if let failure = failures.compactMap(\.self).first { throw failure }
    }

    private func annotate(_ pod: Object, _ value: String) async throws {
        do {
            if !isPatchRefused.withLock({ $0 }) {
                do {
                    try await client.patch(
                        .pods, pod.key, .merge,
                        body: ["metadata": ["annotations": [annotation: .string(value)]]])
                    return
                } catch let status as APIStatus where status.isForbidden {
                    noteRefusal()
                }
            }
            try await replace(pod, value)
        } catch let status as APIStatus where status.isNotFound {
            // It is gone, and the next pod reads the file when it starts.
        }
    }

    private func replace(_ pod: Object, _ value: String) async throws {
        var pod = pod
        for attempt in 1...Self.mostTries {
            pod.json["metadata", "annotations", annotation] = .string(value)
            do {
                try await client.update(.pods, pod)
                return
            } catch let status as APIStatus where status.isConflict && attempt < Self.mostTries {
                pod = try await client.get(.pods, pod.key)
            }
        }
    }

    private func noteRefusal() {
        let isFirst = isPatchRefused.withLock { isRefused in
            defer { isRefused = true }
            return !isRefused
        }
        guard isFirst else { return }
        logger.info(
            "not allowed to patch pods: updating each as a whole instead; allow the verb \"patch\" to make this cheaper"
        )
    }
}
