import Hashring
import Kube
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

/// The workloads that run Thanos for a global view: receivers of managed hashrings, routers, Thanos Query. Also decides
/// what may not be removed yet.
struct ReceiverPlan {
    private(set) var objects: [Object] = []
    /// The objects that are no longer wanted but stay until nothing needs them.
    private(set) var keeps: Set<Plan.Kept> = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var recheckAfter: Duration?
    /// What the removal of receivers waits for.
    private(set) var waiting: String?
    /// The replicas of StatefulSets that somebody else may scale.
    private(set) var scaled: [ObjectKey: Int] = [:]
    /// The Deployments and StatefulSets, with their names in messages.
    private(set) var workloads: [ThanosWorkload] = []

    /// After this time a waiting scale-down is also reported as an Event.
    static let patience = Duration.seconds(300)

    /// Whether receivers run, also those that are about to go.
    var hasReceivers: Bool { (thanos.hashrings ?? []).contains(where: \.isManaged) || !keeps.isEmpty }

    private let view: ThanosView
    private let thanos: ThanosSpec
    private let owner: Owner
    private let release: ThanosRelease
    private let snapshot: Snapshot

    /// `stores` are the endpoints at which Thanos Query finds Store Gateways.
    init(
        _ view: ThanosView, _ hashrings: HashringPlan, hasLimits: Bool, _ states: FileStates, stores: [String]
    ) {
        self.view = view
        thanos = view.spec
        snapshot = view.snapshot
        owner = view.owner
        release = view.release
        let managed = (thanos.hashrings ?? []).filter(\.isManaged)
        let retiring = self.retiring(besides: Set(managed.map(name)))
        // Most global views have receivers that Tributary does not run.
        guard !managed.isEmpty || !retiring.isEmpty || thanos.hasRouter || thanos.queryReplicas > 0 else { return }
        let refresh = PrometheusDuration(thanos.effectiveRefreshInterval)?.milliseconds ?? 5000
        let published = hashrings.published
        let convergence = FileConvergence(
            view, published, states, refreshInterval: .milliseconds(refresh))
        var removal = ReceiverRemoval(
            published, next: hashrings.next, convergence: convergence, of: view)
        let arguments = self.arguments(hasLimits: hasLimits, published: published?.file)
        let limits = hasLimits ? view.resource.limitsConfigMapName : nil
        for hashring in managed {
            let scale = ReceiverScale(of: hashring, in: view)
            note(scale, of: hashring)
            var replicas: Int? = scale.wanted
            if hashring.externalScaling == nil {
                replicas = removal.replicas(name(hashring), wanted: scale.wanted)
            } else if scale.isLeft {
                replicas = nil
            } else {
                scaled[ObjectKey(namespace: owner.namespace, name: name(hashring))] = scale.seen
            }
            add(
                ReceiverWorkload(
                    owner: owner, release: release, hashring: hashring, replicas: replicas,
                    drain: hashring.externalScaling.map { _ in Self.drain(refreshing: refresh) }, arguments: arguments,
                    hashringConfigMap: view.resource.hashringConfigMapName, limitsConfigMap: limits,
                    objectStorage: thanos.objectStorage?.secretRef,
                    outOfOrderTimeWindow: thanos.takesOutOfOrder ? thanos.outOfOrderTimeWindow : nil
                ).objects, .statefulSets, name(hashring), "the receivers of hashring \"\(hashring.name)\"")
        }
        for set in retiring where removal.keeps(set.key.name) { keep(set.key.name, service: set.serviceName) }
        let hasOld = !keeps.isEmpty
        // A published hashring stays, whether or not its StatefulSet has been observed.
        for name in removal.namedSets.subtracting(managed.map(name)) { keep(name, service: name) }
        // Agents that write to the routers must first get another URL.
        if thanos.hasRouter || hasOld {
            add(
                RouterWorkload(
                    owner: owner, release: release, spec: thanos.router, arguments: arguments,
                    hashringConfigMap: view.resource.hashringConfigMapName, limitsConfigMap: limits
                ).objects, .deployments, ThanosNames.router(of: view.name), "the routers")
        }
        if thanos.queryReplicas > 0 { addQuery(managed, retiring, stores) }
        note(removal.leaving, convergence)
    }

    /// How long a receiver that is scaled away serves before it ends, in seconds: until the other pods have the file without
    /// it, which the kubelet brings at once to pods that are annotated, and what they have sent by then has ended.
    private static func drain(refreshing milliseconds: Int64) -> Int {
        Int(min(max(0, milliseconds), 300_000) / 1000) + 30
    }

    private func name(_ hashring: HashringSpec) -> String {
        ThanosNames.receivers(hashring.name, of: view.name)
    }

    /// The StatefulSets of hashrings that Tributary no longer runs, sorted.
    private func retiring(besides rendered: Set<String>) -> [ReceiverSet] {
        let selector = ThanosNames.receiverSelector(of: view.name)
        return snapshot.receiverSets.values.filter { set in
            set.key.namespace == owner.namespace && !rendered.contains(set.key.name) && selector.matches(set.labels)
        }.sorted { $0.key < $1.key }
    }

    private mutating func add(_ new: [Object], _ resource: Resource, _ name: String, _ called: String) {
        objects += new
        let workload = new.first { $0.kind == resource.kind && $0.name == name }
        workloads += workload.map { [ThanosWorkload($0, resource, called: called)] } ?? []
    }

    private mutating func keep(_ set: String, service: String) {
        for (resource, name) in [
            (Resource.statefulSets, set), (.services, service), (.podDisruptionBudgets, set),
        ] {
            keeps.insert(Plan.Kept(resource, ObjectKey(namespace: owner.namespace, name: name)))
        }
        keeps.insert(
            Plan.Kept(
                .serviceAccounts,
                ObjectKey(namespace: owner.namespace, name: ThanosNames.account(of: view.name))))
    }

    private func arguments(hasLimits: Bool, published: HashringFile?) -> ReceiveArguments {
        // A receiver exits if a hashring has fewer members than the replication factor. So the factor is raised only
        // once the published hashrings have enough members.
        let hashrings = published?.rings.map(\.endpoints) ?? []
        var copies = min(thanos.effectiveReplicationFactor, hashrings.map(\.count).min() ?? .max)
        while copies > 1,
            !hashrings.allSatisfy({ $0.count >= copies && Feasibility.holds($0, replicationFactor: copies) })
        {
            copies -= 1
        }
        return ReceiveArguments(
            replicationFactor: copies, replicationProtocol: view.replicationProtocol,
            algorithm: thanos.effectiveAlgorithm, refreshInterval: thanos.effectiveRefreshInterval,
            tenancy: view.tenancy, hasLimits: hasLimits, tls: view.tls)
    }

    // MARK: - Thanos Query

    private mutating func addQuery(_ managed: [HashringSpec], _ retiring: [ReceiverSet], _ stores: [String]) {
        var endpoints: [String] = []
        for hashring in thanos.hashrings ?? [] {
            let domain = hashring.effectiveClusterDomain
            guard hashring.isManaged else {
                // Services that Tributary does not run have ports of any name.
                for set in HashringMembers(hashring, of: view).sets {
                    let host = ReceiverAddress.serviceHost(
                        set.serviceName, namespace: set.key.namespace, domain: domain)
                    endpoints.append("dns+\(host):\(hashring.effectivePort)")
                }
                continue
            }
            let host = ReceiverAddress.serviceHost(name(hashring), namespace: owner.namespace, domain: domain)
            endpoints.append(QueryWorkload.endpoint(serviceHost: host))
        }
        // Retiring receivers are queried for as long as they exist.
        for set in retiring {
            let domain = thanos.hashrings?.first?.effectiveClusterDomain ?? "cluster.local"
            let host = ReceiverAddress.serviceHost(set.serviceName, namespace: owner.namespace, domain: domain)
            endpoints.append(QueryWorkload.endpoint(serviceHost: host))
        }
        for endpoint in stores + QueryEndpoints(view).usable where !endpoints.contains(endpoint) {
            endpoints.append(endpoint)
        }
        var query = QueryWorkload(
            owner: owner, release: release, replicas: thanos.queryReplicas, spec: thanos.query, endpoints: endpoints,
            tls: view.tls)
        add(query.objects, .deployments, query.name, "Thanos Query")
        guard view.hasTenantQuery else { return }
        query.tenancy = view.tenancy
        add(query.objects, .deployments, query.name, "Thanos Query for tenants")
    }

    // MARK: - What to say

    private mutating func note(_ scale: ReceiverScale, of hashring: HashringSpec) {
        guard let refused = scale.refused else { return }
        let index = thanos.hashrings?.firstIndex(of: hashring) ?? 0
        diagnostics.append(
            .happened(
                view.about, "spec.thanos.hashrings[\(index)].externalScaling.minReplicas", "ScaledBelowMinimum",
                "\(refused.by.map { "\"\($0)\"" } ?? "somebody") has scaled StatefulSet \"\(name(hashring))\" to \(refused.replicas), and it is being "
                    + "scaled back to \(scale.wanted); set the autoscaler's own minimum to at least \(scale.wanted)"))
    }

    private mutating func note(_ leaving: [ReceiverRemoval.Leaving], _ convergence: FileConvergence) {
        guard !leaving.isEmpty else { return }
        recheckAfter = [convergence.settlesIn, convergence.givesUpIn].compactMap { $0 }.min()
        let names = leaving.map(\.name).listed()
        let stay = "\(names) \(leaving.count == 1 && !names.contains(" to ") ? "stays" : "stay")"
        if leaving.contains(where: \.isNamed) {
            waiting = "\(stay) until the published hashring file no longer names \(leaving.count == 1 ? "it" : "them")"
            return
        }
        guard !convergence.waiting.isEmpty else {
            waiting = "\(stay) until pending requests have ended"
            return
        }
        let late = convergence.waiting.map(\.name).listed()
        let message =
            "\(stay) until every receiver and router has loaded the published hashring file; waiting for \(late)"
        waiting = message
        let since = view.publishedAt ?? snapshot.now
        let passed = max(.zero, snapshot.now.since(since))
        if passed >= Self.patience {
            diagnostics.append(
                .warning(view.about, "spec.thanos.hashrings", "ScaleDownWaiting", message))
        } else {
            recheckAfter = min(recheckAfter ?? .seconds(3600), Self.patience - passed)
        }
    }
}
