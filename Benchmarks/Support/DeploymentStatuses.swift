import Kube
import KubeClient
import KubeRuntime

/// Sets the status of every new Deployment or StatefulSet to ready, as controllers and kubelets would.
final class DeploymentStatuses: Sendable {
    private let tasks: [Task<Void, Never>]

    init(_ server: Server, of resource: Resource = .deployments, namespace: String) {
        let (stream, feed) = AsyncStream.makeStream(of: ObjectKey.self)
        let scope = WatchScope(resource, namespace: namespace)
        let watcher = Watcher(
            scope, source: ListWatch(server.client, scope), logger: Server.logger,
            transform: { object in object.json["status", "readyReplicas"]?.int == nil ? object.key : nil },
            deliver: { (event: WatcherEvent<ObjectKey>) in
                switch event {
                case .applied(let key, _): feed.yield(key)
                case .restarted(let all): for key in all.keys { feed.yield(key) }
                case .deleted: break
                }
            })
        let workers = (0..<4).map { _ in
            Task {
                for await key in stream {
                    _ = try? await server.client.patch(
                        resource, key, .merge,
                        body: [
                            "status": [
                                "observedGeneration": 1, "replicas": 1, "readyReplicas": 1, "availableReplicas": 1,
                                "updatedReplicas": 1,
                            ]
                        ], subresource: "status")
                }
            }
        }
        tasks = [Task { await watcher.run() }] + workers
    }

    func stop() { for task in tasks { task.cancel() } }
}
