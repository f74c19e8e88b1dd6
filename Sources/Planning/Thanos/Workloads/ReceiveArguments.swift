import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The arguments of receivers and of routers, from one value: what both decide by cannot come to differ.
struct ReceiveArguments {
    static let dataPath = "/var/thanos/receive"
    static let hashringsPath = "/etc/thanos/hashrings"
    static let limitsPath = "/etc/thanos/limits"
    static let objectStoragePath = "/etc/thanos/objectstorage"

    var replicationFactor: Int
    /// `protobuf` or `capnproto`.
    var replicationProtocol: String
    var algorithm: String
    var refreshInterval: String
    var tenantHeader: String
    var tenantLabel: String
    /// Whether there is a file with limits.
    var hasLimits: Bool

    /// A receiver's own settings.
    struct Receiver {
        var grpcPort: Int
        /// The headless Service's host name, with the cluster's domain where addresses have it.
        var serviceHost: String
        var retention: String
        /// The file with the object storage's configuration.
        var objectStorageFile: String?
    }

    /// A receiver that is in a ring: it stores, and forwards what is not its own.
    func receiver(_ own: Receiver) -> [String] {
        var arguments = common(grpcPort: own.grpcPort)
        arguments += [
            "--label=replica=\"$(POD_NAME)\"",
            "--label=receive=\"true\"",
            "--tsdb.path=\(Self.dataPath)",
            "--tsdb.retention=\(own.retention)",
            // By this a receiver knows itself in the file, so it is the address that is published, to the byte.
            "--receive.local-endpoint=\(ReceiverAddress.of("$(POD_NAME)", own.serviceHost, own.grpcPort))",
        ]
        if replicationProtocol == "capnproto" {
            arguments.append("--receive.capnproto-address=0.0.0.0:\(ThanosNames.capnprotoPort)")
        }
        if let file = own.objectStorageFile { arguments.append("--objstore.config-file=\(file)") }
        return arguments
    }

    /// A router: without a local endpoint a receiver stores nothing and forwards all.
    var router: [String] {
        common(grpcPort: ThanosNames.grpcPort) + [
            // Thanos asks for a label though a router has no series to put it on.
            "--label=receive=\"true\"",
            "--tsdb.path=\(Self.dataPath)",
        ]
    }

    private func common(grpcPort: Int) -> [String] {
        var arguments = [
            "receive",
            "--grpc-address=0.0.0.0:\(grpcPort)",
            "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            "--remote-write.address=0.0.0.0:\(ThanosNames.writePort)",
            "--receive.replication-factor=\(replicationFactor)",
            "--receive.replication-protocol=\(replicationProtocol)",
            // The file says it as well. Whether a change of the file flushes what is in memory goes by the flag alone.
            "--receive.hashrings-algorithm=\(algorithm)",
            "--receive.hashrings-file=\(Self.hashringsPath)/\(PublishedHashrings.fileName)",
            // Kubernetes changes a mounted file in a way that Thanos's own watch sees only once.
            "--receive.hashrings-file-refresh-interval=\(refreshInterval)",
            "--receive.tenant-header=\(tenantHeader)",
            "--receive.tenant-label-name=\(tenantLabel)",
        ]
        if hasLimits {
            arguments.append("--receive.limits-config-file=\(Self.limitsPath)/\(GlobalView.limitsFileName)")
        }
        return arguments
    }
}
