/// The stable DNS names of a StatefulSet's pods, and the addresses that a hashring file lists.
public enum ReceiverAddress {
    /// A receiver's gRPC address, as the hashring file has it: `receive-0.receive.observability.svc:10901`.
    public static func of(_ pod: String, _ serviceHost: String, _ port: Int) -> String {
        "\(pod).\(serviceHost):\(port)"
    }

    /// The host name of a headless Service; without a cluster domain it ends at `.svc`.
    public static func serviceHost(_ service: String, namespace: String, domain: String) -> String {
        "\(service).\(namespace).svc\(domain.isEmpty ? "" : ".\(domain)")"
    }
}
