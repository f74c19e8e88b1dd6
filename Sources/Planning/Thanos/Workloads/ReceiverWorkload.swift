import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The receivers of one managed hashring: StatefulSet, headless Service, PodDisruptionBudget.
struct ReceiverWorkload {
    var owner: Owner
    var release: ThanosRelease
    var hashring: HashringSpec
    /// The current number of replicas: more than the hashring wants while pods still send to those that leave. nil if
    /// somebody else has set it.
    var replicas: Int?
    /// How long a pod that is deleted serves before it ends, in seconds; nil if none is deleted that others send to.
    var drain: Int?
    var arguments: ReceiveArguments
    var hashringConfigMap: String
    var limitsConfigMap: String?
    var objectStorage: KeySelector?
    /// How old samples may be that are taken although newer ones of their series are; nil for not at all.
    var outOfOrderTimeWindow: String?

    /// How long a receiver may take to flush and upload its data when it exits.
    private static let gracePeriod = 900
    /// How long a receiver must be ready before a rollout continues. Peers retry an unreachable receiver after at most
    /// 5 s (`--receive-forward-max-backoff`), and must notice that it is back first.
    private static let minReadySeconds = 10

    private var name: String { ThanosNames.receivers(hashring.name, of: owner.metadata.name) }
    private var hashringLabel: [String: String] { [Names.hashringLabel: hashring.name] }
    private var labels: [String: String] {
        owner.labels(ThanosNames.receiverComponent, program: ThanosNames.receiveProgram).merging(hashringLabel) {
            own, _ in
            own
        }
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.receiverComponent, program: ThanosNames.receiveProgram).merging(hashringLabel) {
            own, _ in own
        }
    }

    /// The objects. The Service comes before the pods, which need its DNS names.
    var objects: [Object] { [service, statefulSet, disruptionBudget] }

    private var ports: [(name: String, number: Int)] {
        var ports = [
            ("grpc", hashring.effectivePort), ("http", ThanosNames.httpPort), ("remote-write", ThanosNames.writePort),
        ]
        if arguments.replicationProtocol == "capnproto" { ports.append(("capnproto", ThanosNames.capnprotoPort)) }
        return ports
    }

    private var service: Object {
        // Receivers forward to each other before they are ready.
        owner.service(
            name, labels: labels, selector: selector, ports: ports,
            ["clusterIP": "None", "publishNotReadyAddresses": true])
    }

    private var disruptionBudget: Object {
        // One receiver may always be missing, or no node could be drained; with two copies that is safe.
        owner.disruptionBudget(name, labels: labels, selector: selector)
    }

    private var pod: ThanosPod {
        let host = ReceiverAddress.serviceHost(
            name, namespace: owner.namespace, domain: hashring.effectiveClusterDomain)
        var files = [
            ThanosPod.Volume(
                name: "data", path: ReceiveArguments.dataPath,
                source: hashring.storage == nil ? ["emptyDir": [:]] : nil, isReadOnly: false)
        ]
        files += ThanosPod.configuration(hashrings: hashringConfigMap, limits: limitsConfigMap)
        if let objectStorage {
            files.append(
                ThanosPod.Volume(
                    name: "objectstorage", path: ReceiveArguments.objectStoragePath,
                    source: ["secret": ["secretName": JSON(objectStorage.name)]]))
        }
        let own = ReceiveArguments.Receiver(
            grpcPort: hashring.effectivePort, serviceHost: host,
            retention: hashring.retention ?? (objectStorage == nil ? "15d" : "1d"),
            outOfOrderTimeWindow: outOfOrderTimeWindow,
            objectStorageFile: objectStorage.map { "\(ReceiveArguments.objectStoragePath)/\($0.key)" })
        return ThanosPod(
            container: "receive", release: release, component: .receive,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments.receiver(own), ports: ports,
            resources: hashring.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]],
            placement: hashring,
            selector: selector, gracePeriod: Self.gracePeriod + (drain ?? 0), drain: drain, knowsItsName: true,
            files: files, tls: arguments.tls)
    }

    private var statefulSet: Object {
        var spec: JSON = [
            "replicas": replicas.map { JSON($0) } ?? .null,
            "serviceName": JSON(name),
            "podManagementPolicy": "Parallel",
            "minReadySeconds": JSON(Self.minReadySeconds),
            "selector": ["matchLabels": JSON(selector)],
            "template": pod.template(labels: labels),
        ]
        if let storage = hashring.storage {
            // The data of receivers is never deleted.
            spec["persistentVolumeClaimRetentionPolicy"] = ["whenDeleted": "Retain", "whenScaled": "Retain"]
            spec["volumeClaimTemplates"] = [
                [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "data"],
                    "spec": storage.claim,
                ]
            ]
        }
        return owner.object(.statefulSets, name, labels: labels, ["spec": spec])
    }
}

extension ThanosPod {
    /// The files that receivers and routers read. Whole volumes are mounted, since a single mounted file is never
    /// updated.
    static func configuration(hashrings: String, limits: String?) -> [Volume] {
        var files = [
            Volume(
                name: "hashrings", path: ReceiveArguments.hashringsPath,
                source: ["configMap": ["name": JSON(hashrings)]])
        ]
        if let limits {
            // The limits are not optional: a pod that starts before them waits, since Thanos does not start without the
            // file.
            files.append(
                Volume(name: "limits", path: ReceiveArguments.limitsPath, source: ["configMap": ["name": JSON(limits)]])
            )
        }
        return files
    }
}
