import Kube
import PlanningInput
import TributaryAPI

/// The Compactor of an object storage: a StatefulSet of one pod, with its Service.
///
/// Two compactors on one object storage would destroy blocks. A StatefulSet never has two pods of one name, and unlike a
/// Deployment it waits until the old pod has ended before it makes the new one.
struct CompactorWorkload {
    var owner: Owner
    var release: ThanosRelease
    var spec: ThanosCompactorSpec
    var pods: StoragePod
    /// The receivers' label that differs between the copies of a sample; nil to keep all copies.
    var replicaLabel: String?
    /// Whether receivers take samples out of order, so that their blocks overlap.
    var mergesOverlaps: Bool

    private var name: String { ThanosNames.compactor(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(ThanosNames.compactorComponent, program: ThanosNames.compactorProgram)
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.compactorComponent, program: ThanosNames.compactorProgram)
    }

    var objects: [Object] {
        let service = owner.service(
            name, labels: labels, selector: selector, ports: [("http", ThanosNames.httpPort)], ["clusterIP": "None"])
        let set = pods.statefulSet(
            name, of: owner, labels: labels, selector: selector, replicas: 1, policy: "OrderedReady", pod: pod)
        return [service, set]
    }

    var arguments: [String] {
        var arguments =
            ["--wait", "--http-address=0.0.0.0:\(ThanosNames.httpPort)"] + pods.arguments + [
                "--retention.resolution-raw=\(spec.retention?.raw ?? "0d")",
                "--retention.resolution-5m=\(spec.retention?.fiveMinutes ?? "0d")",
                "--retention.resolution-1h=\(spec.retention?.oneHour ?? "0d")",
                "--delete-delay=\(spec.effectiveDeleteDelay)", "--compact.concurrency=\(spec.concurrency ?? 1)",
            ]
        if spec.downsampling == false { arguments.append("--downsampling.disable") }
        // Without it, a compactor that finds blocks that overlap halts.
        if mergesOverlaps { arguments.append("--compact.enable-vertical-compaction") }
        if let replicaLabel { arguments.append("--deduplication.replica-label=\(replicaLabel)") }
        // Everybody may read the metrics on this port, so nothing else is there.
        return arguments + ["--web.disable", "--disable-admin-operations"]
    }

    private var pod: ThanosPod {
        ThanosPod(
            container: "compact", release: release, component: .compact,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments, ports: [("http", ThanosNames.httpPort)],
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]], placement: spec,
            selector: selector, gracePeriod: 120, files: pods.files)
    }
}
