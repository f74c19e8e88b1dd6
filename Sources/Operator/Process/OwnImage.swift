import Kube
import KubeClient
import Logging

/// The image that the operator runs from, as its own pod says: wherever an installation took it from, agents' side-cars
/// are taken from there too.
struct OwnImage {
    /// The pod that this process runs in; nil outside of a cluster.
    let pod: ObjectKey?
    let logger: Logger
    let get: @Sendable (ObjectKey) async throws -> Object

    /// The container's name in the manifests.
    private static let container = "tributary"

    private static let retryInterval = Duration.seconds(1)

    /// Asks the API server until it answers: going on with another image would make agents' pods anew. Nil where there is
    /// no such pod or it may not be read. Throws `CancellationError`.
    func read() async throws -> String? {
        guard let pod else { return nil }
        while true {
            do {
                let containers = try await get(pod).json["spec", "containers"]?.array ?? []
                let own = containers.first { $0["name"]?.string == Self.container } ?? containers.first
                return own?["image"]?.string
            } catch let status as APIStatus where status.isNotFound || status.isForbidden {
                logger.warning(
                    "the image of agents' side-cars is the default one",
                    metadata: ["pod": "\(pod)", "error": "\(status.message)"])
                return nil
            } catch {
                try Task.checkCancellation()
                logger.warning("own pod cannot be read yet", metadata: ["pod": "\(pod)", "error": "\(error)"])
                try await Task.sleep(for: Self.retryInterval)
            }
        }
    }
}
