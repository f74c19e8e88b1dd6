import Kube
import KubeClient
import Logging

/// The image of the operator's own pod. The sidecars of agents use the same one, whichever registry an installation uses.
struct OwnImage {
    /// The pod that this process runs in; nil outside of a cluster.
    let pod: ObjectKey?
    let logger: Logger
    let get: @Sendable (ObjectKey) async throws -> Object

    /// The container's name in the manifests.
    private static let container = "tributary"

    private static let retryInterval = Duration.seconds(1)

    /// Asks the API server until it answers, because another image would recreate the pods of agents. Nil if there is no
    /// such pod, or if it may not be read. Throws `CancellationError`.
    func read() async throws -> String? {
        guard let pod else { return nil }
        while true {
            do {
                let containers = try await get(pod).json["spec", "containers"]?.array ?? []
                let own = containers.first { $0["name"]?.string == Self.container } ?? containers.first
                return own?["image"]?.string
            } catch let status as APIStatus where status.isNotFound || status.isForbidden {
                logger.warning(
                    "cannot read the operator's own pod: sidecars of agents use the default image",
                    metadata: ["pod": "\(pod)", "error": "\(status.message)"])
                return nil
            } catch {
                try Task.checkCancellation()
                logger.warning(
                    "cannot read the operator's own pod yet; trying again",
                    metadata: ["pod": "\(pod)", "error": "\(error)"])
                try await Task.sleep(for: Self.retryInterval)
            }
        }
    }
}
