import Kube
import PlanningInput
import TributaryAPI

/// One shard of the Store Gateways: StatefulSet, headless Service, PodDisruptionBudget.
struct StoreWorkload {
    var owner: Owner
    var release: ThanosRelease
    var name: String
    var shard: StoreShard
    var spec: ThanosStoreSpec
    var pods: StoragePod
    /// How long after they were marked blocks are deleted, in milliseconds; nil if others run the Compactor.
    var deleteDelay: Int64?
    /// TLS between the parts; nil for plain connections.
    var tls: ThanosTLS?

    /// The label that tells the shards of a view apart.
    static let shardLabel = "tributary.dev/store-shard"

    private var labels: [String: String] {
        owner.labels(ThanosNames.storeComponent, program: ThanosNames.storeProgram).merging([Self.shardLabel: name]) {
            own, _ in own
        }
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.storeComponent, program: ThanosNames.storeProgram).merging([Self.shardLabel: name]) {
            own, _ in own
        }
    }

    var objects: [Object] {
        let service = owner.service(
            name, labels: labels, selector: selector,
            ports: [("grpc", ThanosNames.grpcPort), ("http", ThanosNames.httpPort)], ["clusterIP": "None"])
        let set = pods.statefulSet(
            name, of: owner, labels: labels, selector: selector, replicas: spec.replicas ?? 1, policy: "Parallel",
            pod: pod)
        return [service, set, owner.disruptionBudget(name, labels: labels, selector: selector)]
    }

    var arguments: [String] {
        var arguments =
            [
                "--grpc-address=0.0.0.0:\(ThanosNames.grpcPort)",
                "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            ] + pods.arguments + shard.arguments + (tls?.grpcServer ?? [])
        if let deleteDelay {
            // A block that is no longer served must still be there for what has begun to read it.
            arguments.append("--ignore-deletion-marks-delay=\(deleteDelay / 2000)s")
        }
        arguments.append("--index-cache.config=\(CacheSpec.store(spec.indexCache))")
        if let cache = spec.bucketCache {
            arguments.append("--store.caching-bucket.config=\(CacheSpec.store(cache))")
        }
        // Everybody may read the metrics on this port, so nothing else is there.
        return arguments + ["--web.disable", "--disable-admin-operations"]
    }

    private var pod: ThanosPod {
        ThanosPod(
            container: "store", release: release, component: .store,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments, ports: [("grpc", ThanosNames.grpcPort), ("http", ThanosNames.httpPort)],
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]], placement: spec,
            selector: selector, gracePeriod: 120, files: pods.files, tls: tls)
    }
}
