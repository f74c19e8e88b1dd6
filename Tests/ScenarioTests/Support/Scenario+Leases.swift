import Kube
import KubeClient

extension Scenario {
    /// The lease of the installed operator, in its own namespace.
    func installedLease() async throws -> ObjectKey {
        let home = "tributary-system"
        if kind == .local { try await client.create(.namespaces, Object(.namespaces, name: home)) }
        return ObjectKey(namespace: home, name: "tributary.tributary.dev")
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
