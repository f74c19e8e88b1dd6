package import Kube
package import Receivers
import TributaryAPI

/// Receivers and routers: how plans look them up, and what a change of one concerns.
extension Snapshot {
    // MARK: - Reading

    /// The pods of one hashring's StatefulSets, in no order.
    package func receivers(of hashring: String, in view: ObjectKey) -> [ReceiverPod] {
        receivers(selectedBy: receiverSelectors(of: view).filter { $0.hashring == hashring })
    }

    /// The pods of the selected StatefulSets, each once even if several selectors match, in no order.
    package func receivers(selectedBy selectors: [ReceiverSelector]) -> [ReceiverPod] {
        receiverSets.values.filter { set in selectors.contains { $0.selects(set) } }
            .flatMap { (receiverPods[$0.key] ?? [:]).values }
    }

    /// The pods of a global view's routers, in no order.
    package func routers(of view: ObjectKey) -> [RouterPod] { routerPods.values.filter { $0.viewKey == view } }

    // MARK: - What a change concerns

    /// A StatefulSet concerns the views whose receivers it runs or did.
    mutating func takeReceiverSet(_ set: ReceiverSet?, _ key: ObjectKey) -> Set<PlanKey> {
        let old = receiverSets[key]
        receiverSets[key] = set
        return concerned(
            by: [old, set].compactMap(\.self).reduce(into: views(managing: key)) { views, set in
                views.formUnion(viewsSelecting(set))
            })
    }

    /// A pod concerns the views whose receivers its StatefulSet runs.
    mutating func takeReceiverPod(_ pod: ReceiverPod?, _ key: ObjectKey, of set: ObjectKey) -> Set<PlanKey> {
        forgetHashring(of: key, receiverPods[set]?[key]?.process, pod?.process)
        receiverPods[set, default: [:]][key] = pod
        if receiverPods[set]?.isEmpty == true { receiverPods[set] = nil }
        return concerned(by: views(reading: set))
    }

    /// A router concerns its view.
    mutating func takeRouterPod(_ pod: RouterPod?, _ key: ObjectKey) -> Set<PlanKey> {
        let old = routerPods[key]
        forgetHashring(of: key, old?.process, pod?.process)
        routerPods[key] = pod
        return Set([old, pod].compactMap { $0.map { .globalView($0.viewKey) } })
    }

    /// A node's zone concerns the views that read zones from the label.
    mutating func takeZone(_ zone: String?, ofNode node: String, _ label: String) -> Set<PlanKey> {
        zones.set(zone, ofNode: node, label: label)
        return concerned(by: views { $0.source == .node && $0.nodeLabel == label })
    }

    /// An EndpointSlice concerns the views that read zones from EndpointSlices.
    mutating func takeZones(_ new: EndpointZones?, _ key: ObjectKey, of service: String) -> Set<PlanKey> {
        zones.set(new, for: key, of: service)
        return concerned(by: views { $0.source == .endpointSlice })
    }

    /// A watch concerns the views that need it, where its permission has changed.
    mutating func takeWatch(_ scope: ReceiverScope, isForbidden: Bool) -> Set<PlanKey> {
        guard forbiddenWatches.contains(scope) != isForbidden else { return [] }
        if isForbidden { forbiddenWatches.insert(scope) } else { forbiddenWatches.remove(scope) }
        return Set(globalViews.keys.filter { scopes(of: $0).contains(scope) }.map(PlanKey.globalView))
    }

    /// A pod's hashring file concerns the views that the pod serves.
    mutating func takeLoadedHashring(
        _ answer: LoadedHashringAnswer, of pod: ObjectKey, at time: Timestamp
    ) -> Set<PlanKey> {
        switch answer {
        case .loaded(let hash), .refusing(let hash):
            if loadedHashrings[pod]?.hash != hash { loadedHashrings[pod] = LoadedHashring(hash: hash, since: time) }
            if case .refusing = answer { receiverTrouble[pod] = .refusesFile } else { receiverTrouble[pod] = nil }
        case .silent(let reason):
            loadedHashrings[pod] = nil
            receiverTrouble[pod] = .unknown(reason)
        }
        var views = Set(routerPods[pod].map { [$0.viewKey] } ?? [])
        for (set, pods) in receiverPods where pods[pod] != nil { views.formUnion(self.views(reading: set)) }
        return Set(views.map(PlanKey.globalView))
    }

    /// Forgets the hashring file of a pod in which another process runs now: that has loaded nothing yet.
    private mutating func forgetHashring(of key: ObjectKey, _ old: PodProcess?, _ new: PodProcess?) {
        guard let old, new.map({ !$0.isSame(as: old) }) ?? true else { return }
        loadedHashrings[key] = nil
        receiverTrouble[key] = nil
    }

    // MARK: - Views

    /// The views, and their tenants whose shards depend on receivers that are not published yet.
    private func concerned(by views: Set<ObjectKey>) -> Set<PlanKey> {
        views.reduce(into: Set(views.map(PlanKey.globalView))) { $0.formUnion(tenantsWithUnpublishedShards(of: $1)) }
    }

    private func tenantsWithUnpublishedShards(of view: ObjectKey) -> [PlanKey] {
        let sharded = traits(of: view).sharded
        guard !sharded.isEmpty, let global = globalViews[view] else { return [] }
        let file = published[global.hashringsKey]?.file
        return sharded.filter { key in
            guard let hashring = tenants[key].flatMap({ global.hashring(of: $0) }) else { return false }
            return file?.members(of: hashring.name).isEmpty ?? true
        }.map(PlanKey.tenant)
    }

    private func views(reading set: ObjectKey) -> Set<ObjectKey> {
        views(managing: set).union(receiverSets[set].map(viewsSelecting) ?? [])
    }

    /// The views that select a StatefulSet by its labels.
    private func viewsSelecting(_ set: ReceiverSet) -> [ObjectKey] {
        globalViews.keys.filter { view in receiverSelectors(of: view).contains { $0.selects(set) } }
    }

    /// The views with a managed hashring whose StatefulSet has this name, whether or not it exists.
    private func views(managing set: ObjectKey) -> Set<ObjectKey> {
        Set(
            globalViews.keys.filter { view in
                view.namespace == set.namespace
                    && (globalViews[view]?.spec.thanos?.hashrings ?? []).contains {
                        $0.isManaged && ThanosNames.receivers($0.name, of: view.name) == set.name
                    }
            })
    }

    /// The views with a hashring that reads zones in some way.
    private func views(where isRead: (ZoneSpec) -> Bool) -> Set<ObjectKey> {
        Set(
            globalViews.keys.filter { view in
                (globalViews[view]?.spec.thanos?.hashrings ?? []).contains { $0.membership?.zone.map(isRead) ?? false }
            })
    }
}
