import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The receivers of one managed hashring: StatefulSet, headless Service, PodDisruptionBudget.
struct ReceiverWorkload {
    var owner: Owner
    var image: String
    var ring: HashringSpec
    /// How many there are now; more than the ring asks for while the others are not done with those that leave.
    var replicas: Int
    var arguments: ReceiveArguments
    var hashringConfigMap: String
    var limitsConfigMap: String?
    var objectStorage: KeySelector?

    /// A receiver writes out and uploads what it holds when it ends.
    private static let gracePeriod = 900
    /// A peer that was not to be reached is tried again after at most 5 s (`--receive-forward-max-backoff`): a rollout
    /// goes on only once the others know that a receiver is back.
    private static let minReadySeconds = 10

    private var name: String { ThanosNames.receivers(ring.name, of: owner.metadata.name) }
    private var ringLabel: [String: String] { [Names.hashringLabel: ring.name] }
    private var labels: [String: String] {
        owner.labels(ThanosNames.receiverComponent, program: ThanosNames.receiveProgram).merging(ringLabel) { own, _ in
            own
        }
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.receiverComponent, program: ThanosNames.receiveProgram).merging(ringLabel) {
            own, _ in own
        }
    }

    /// The Service comes before the pods whose names it makes known.
    var objects: [Object] { [service, statefulSet, disruptionBudget] }

    private var ports: [(name: String, number: Int)] {
        var ports = [
            ("grpc", ring.effectivePort), ("http", ThanosNames.httpPort), ("remote-write", ThanosNames.writePort),
        ]
        if arguments.replicationProtocol == "capnproto" { ports.append(("capnproto", ThanosNames.capnprotoPort)) }
        return ports
    }

    private var service: Object {
        // Receivers forward to each other before they are ready themselves.
        owner.service(
            name, labels: labels, selector: selector, ports: ports,
            ["clusterIP": "None", "publishNotReadyAddresses": true])
    }

    private var disruptionBudget: Object {
        // Fewer would let no node be drained; two copies are enough for one receiver to be missing.
        owner.disruptionBudget(name, labels: labels, selector: selector)
    }

    private var pod: ThanosPod {
        let host = ReceiverAddress.serviceHost(
            name, namespace: owner.namespace, domain: ring.effectiveClusterDomain)
        var files = [
            ThanosPod.Volume(
                name: "data", path: ReceiveArguments.dataPath,
                source: ring.storage == nil ? ["emptyDir": [:]] : nil, isReadOnly: false)
        ]
        files += ThanosPod.configuration(hashrings: hashringConfigMap, limits: limitsConfigMap)
        if let objectStorage {
            files.append(
                ThanosPod.Volume(
                    name: "objectstorage", path: ReceiveArguments.objectStoragePath,
                    source: ["secret": ["secretName": JSON(objectStorage.name)]]))
        }
        let own = ReceiveArguments.Receiver(
            grpcPort: ring.effectivePort, serviceHost: host,
            retention: ring.retention ?? (objectStorage == nil ? "15d" : "1d"),
            objectStorageFile: objectStorage.map { "\(ReceiveArguments.objectStoragePath)/\($0.key)" })
        return ThanosPod(
            container: "receive", image: image, serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments.receiver(own), ports: ports,
            resources: ring.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]], placement: ring,
            selector: selector, gracePeriod: Self.gracePeriod, knowsItsName: true, files: files)
    }

    private var statefulSet: Object {
        var spec: JSON = [
            "replicas": JSON(replicas),
            "serviceName": JSON(name),
            "podManagementPolicy": "Parallel",
            "minReadySeconds": JSON(Self.minReadySeconds),
            "selector": ["matchLabels": JSON(selector)],
            "template": ["metadata": ["labels": JSON(labels)], "spec": pod.spec],
        ]
        if let storage = ring.storage {
            // What receivers have stored is never taken away.
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
    /// The files that receivers and routers read: whole folders, as a single file would never be brought up to date.
    static func configuration(hashrings: String, limits: String?) -> [Volume] {
        var files = [
            Volume(
                name: "hashrings", path: ReceiveArguments.hashringsPath,
                source: ["configMap": ["name": JSON(hashrings)]])
        ]
        if let limits {
            // A pod that comes before its limits waits for them; Thanos would not start without the file.
            files.append(
                Volume(name: "limits", path: ReceiveArguments.limitsPath, source: ["configMap": ["name": JSON(limits)]])
            )
        }
        return files
    }
}
