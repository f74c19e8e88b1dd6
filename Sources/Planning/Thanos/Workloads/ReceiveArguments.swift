import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The arguments of receivers and of routers, made from one value so that both agree on the hashring.
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
    var tenancy: ThanosTenancy
    /// Whether there is a limits file.
    var hasLimits: Bool
    /// TLS between the parts; nil for plain connections.
    var tls: ThanosTLS?

    /// A receiver's own settings.
    struct Receiver {
        var grpcPort: Int
        /// The headless Service's host name, with the cluster's domain if addresses include it.
        var serviceHost: String
        var retention: String
        /// How old samples may be that are taken although newer ones of their series are; nil for not at all.
        var outOfOrderTimeWindow: String?
        /// The file with the object storage configuration.
        var objectStorageFile: String?
    }

    /// The arguments of a receiver in a hashring: it stores its own series and forwards the others.
    func receiver(_ own: Receiver) -> [String] {
        var arguments = common(grpcPort: own.grpcPort)
        arguments += [
            "--label=replica=\"$(POD_NAME)\"",
            "--label=receive=\"true\"",
            "--tsdb.path=\(Self.dataPath)",
            "--tsdb.retention=\(own.retention)",
            // A receiver finds itself in the file by this address, so it must equal the published address byte for
            // byte.
            "--receive.local-endpoint=\(ReceiverAddress.of("$(POD_NAME)", own.serviceHost, own.grpcPort))",
        ]
        if replicationProtocol == "capnproto" {
            arguments.append("--receive.capnproto-address=0.0.0.0:\(ThanosNames.capnprotoPort)")
        }
        if let window = own.outOfOrderTimeWindow { arguments.append("--tsdb.out-of-order.time-window=\(window)") }
        if let file = own.objectStorageFile { arguments.append("--objstore.config-file=\(file)") }
        return arguments
    }

    /// The arguments of a router: without a local endpoint a receiver stores nothing and forwards everything.
    var router: [String] {
        common(grpcPort: ThanosNames.grpcPort) + [
            // Thanos requires a label although a router has no series to add it to.
            "--label=receive=\"true\"",
            "--tsdb.path=\(Self.dataPath)",
        ]
    }

    private func common(grpcPort: Int) -> [String] {
        var arguments = [
            "--grpc-address=0.0.0.0:\(grpcPort)",
            "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            "--remote-write.address=0.0.0.0:\(ThanosNames.writePort)",
            "--receive.replication-factor=\(replicationFactor)",
            "--receive.replication-protocol=\(replicationProtocol)",
            // The file contains it as well. But whether a change of the file flushes the head depends on the flag
            // alone.
            "--receive.hashrings-algorithm=\(algorithm)",
            "--receive.hashrings-file=\(Self.hashringsPath)/\(PublishedHashrings.fileName)",
            // Thanos's own watch misses later changes of a file that the kubelet has mounted.
            "--receive.hashrings-file-refresh-interval=\(refreshInterval)",
        ]
        arguments += tenancy.receiveArguments + (tls?.receive ?? [])
        if hasLimits {
            arguments.append("--receive.limits-config-file=\(Self.limitsPath)/\(GlobalView.limitsFileName)")
        }
        return arguments
    }
}
