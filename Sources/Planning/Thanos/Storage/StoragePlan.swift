import Kube
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

/// What reads and writes the object storage of a view besides the receivers: Store Gateways and the Compactor.
///
/// Without a Secret that Thanos can read, what runs stays as it is, and nothing new starts.
struct StoragePlan {
    private(set) var objects: [Object] = []
    private(set) var keeps: Set<Plan.Kept> = []
    private(set) var diagnostics: [Diagnostic] = []
    private var workloads: [ThanosWorkload] = []
    /// Where Thanos Query finds the Store Gateways.
    private(set) var endpoints: [String] = []
    /// Whether Store Gateways and the Compactor run, or are about to.
    private(set) var hasStores = false
    private(set) var hasCompactor = false

    private let view: ThanosView
    private let secret: ObjectStorageSecret

    init(_ view: ThanosView) {
        self.view = view
        secret = ObjectStorageSecret(
            of: view.resource, version: view.release.version ?? PrometheusVersion(0, 99), in: view.snapshot)
        diagnostics = secret.diagnostics
        guard let selector = view.spec.objectStorage?.secretRef else { return }
        if let store = view.spec.store { addStores(store, selector) }
        if let compactor = view.spec.compactor { addCompactor(compactor, selector) }
    }

    /// The readiness of what it plans; nil without anything.
    var readiness: Readiness? {
        if let error = diagnostics.first(where: { $0.severity == .error }) { return .stalled(error.reason, error.text) }
        if secret.state == .unknown, view.spec.store != nil || view.spec.compactor != nil {
            return .progressing(
                reason: "WaitingForSecret", message: "waiting for the Secret with the object storage's configuration")
        }
        return ThanosWorkload.readiness(of: workloads, in: view.snapshot)
    }

    // MARK: - Store Gateways

    private mutating func addStores(_ spec: ThanosStoreSpec, _ selector: KeySelector) {
        hasStores = true
        let shards = StoreShard.all(spec)
        let names = shards.indices.map { ThanosNames.store($0, of: shards.count, view: view.name) }
        let delay = view.spec.compactor.flatMap { PrometheusDuration($0.effectiveDeleteDelay)?.milliseconds }
        for (name, shard) in zip(names, shards) {
            let workload = StoreWorkload(
                owner: view.owner, release: view.release, name: name, shard: shard,
                spec: spec, pods: StoragePod(secret: selector, storage: spec.storage), deleteDelay: delay,
                tls: view.tls)
            add(workload.objects, name, shards.count == 1 ? "the Store Gateways" : "the Store Gateways \(name)")
            endpoints.append(endpoint(name))
        }
        // With another number of shards, the old ones serve until the new ones do.
        guard !names.allSatisfy({ isReady($0) }) else { return }
        for key in view.snapshot.workloads.keys.map(\.key).sorted()
        where key.namespace == view.namespace && ThanosNames.isStore(key.name, of: view.name)
            && !names.contains(key.name)
        {
            keep(key.name)
            endpoints.append(endpoint(key.name))
        }
    }

    private func isReady(_ name: String) -> Bool { view.snapshot.workloads[key(name)]?.isReady ?? false }

    private func endpoint(_ name: String) -> String {
        let domain = view.spec.hashrings?.first?.effectiveClusterDomain ?? "cluster.local"
        let host = ReceiverAddress.serviceHost(name, namespace: view.namespace, domain: domain)
        return QueryWorkload.endpoint(serviceHost: host)
    }

    // MARK: - The Compactor

    private mutating func addCompactor(_ spec: ThanosCompactorSpec, _ selector: KeySelector) {
        hasCompactor = true
        let name = ThanosNames.compactor(of: view.name)
        if let other = view.snapshot.compactor(before: view.resource) {
            hasCompactor = false
            diagnostics.append(
                .error(
                    view.about, "spec.thanos.compactor", "CompactorElsewhere",
                    "GlobalView \"\(other)\" compacts the object storage of this Secret already; only one of them should "
                        + "have a compactor, since two destroy blocks"))
            return
        }
        if let problem = spec.retentionProblem {
            diagnostics.append(
                .error(
                    view.about, "spec.thanos.compactor.\(problem.path)", "CompactorRetention", problem.problem))
            return keep(name)
        }
        let workload = CompactorWorkload(
            owner: view.owner, release: view.release, spec: spec,
            pods: StoragePod(secret: selector, storage: spec.storage),
            replicaLabel: spec.deduplicate == true && view.spec.effectiveReplicationFactor > 1 ? "replica" : nil,
            mergesOverlaps: view.spec.takesOutOfOrder)
        add(workload.objects, name, "the Compactor")
        diagnostics += CompactorFindings(view).diagnostics
    }

    // MARK: - Both

    private func key(_ name: String) -> WorkloadKey {
        WorkloadKey(.statefulSets, ObjectKey(namespace: view.namespace, name: name))
    }

    private mutating func add(_ new: [Object], _ name: String, _ called: String) {
        guard secret.state == .usable else { return keep(name) }
        objects += new
        let set = new.first { $0.kind == Resource.statefulSets.kind }
        workloads += set.map { [ThanosWorkload($0, .statefulSets, called: called)] } ?? []
    }

    private mutating func keep(_ name: String) {
        for resource in [Resource.statefulSets, .services, .podDisruptionBudgets] {
            keeps.insert(Plan.Kept(resource, ObjectKey(namespace: view.namespace, name: name)))
        }
        let account = ThanosNames.account(of: view.name)
        keeps.insert(Plan.Kept(.serviceAccounts, ObjectKey(namespace: view.namespace, name: account)))
    }
}
