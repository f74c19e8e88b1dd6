import Kube
import KubeClient

extension Scenario {
    /// A lease in the operator's own namespace, the only one in which the manifests allow it.
    func lease(named name: String) async throws -> ObjectKey {
        let home = "tributary-system"
        if kind == .local { try await client.create(.namespaces, Object(.namespaces, name: home)) }
        return ObjectKey(namespace: home, name: name)
    }

    /// The holder of a lease: empty if it was released, nil if there is no lease.
    func holder(of lease: ObjectKey) async throws -> String? {
        do {
            return try await client.get(.leases, lease).json["spec", "holderIdentity"]?.string ?? ""
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }
}
