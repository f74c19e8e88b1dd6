import Kube
import KubeClient
import TestSupport
import TributaryAPI

extension Scenario {
    /// How a ServiceAccount of the namespace connects, once its permissions are in effect.
    func serviceAccount(_ name: String) async throws -> ClusterConfiguration {
        let token = try await Manifests.token(of: key(name), client)
        let cluster = try await client.cluster.acting(asHolderOf: token)
        let probe = KubeClient(cluster, logger: quiet)
        try await waitUntil("the Role is in effect") {
            do {
                _ = try await probe.list(Tenant.resource, namespace: namespace)
                return true
            } catch let status as APIStatus where status.code == 403 {
                return false
            }
        }
        await probe.shutdown()
        return cluster
    }
}
