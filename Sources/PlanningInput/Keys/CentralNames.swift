/// The names and labels of a central Prometheus's objects.
package enum CentralNames {
    package static let component = "central"
    package static let program = "prometheus"
    /// The label of a replica's own Service with the number of the replica.
    package static let replicaLabel = "tributary.dev/replica"

    /// The name of the objects that a central Prometheus has once.
    package static func name(of view: String) -> String { "\(view)-prometheus" }

    /// The name of a replica's pod, and of its Service if there are several replicas.
    package static func name(of view: String, replica: Int) -> String { "\(name(of: view))-\(replica)" }
}
