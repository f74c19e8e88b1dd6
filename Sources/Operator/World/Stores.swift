import Kube
import KubeRuntime
import Planning
import PlanningInput
import TributaryAPI

/// What the watches of fixed kinds know: the three custom resources, and everything Tributary made.
final class Stores: Sendable {
    /// What every kind of custom resource has.
    struct Header {
        var object: Object
        var isBeingDeleted: Bool
        var problem: FieldError?

        var status: JSON { object.json["status"] ?? [:] }

        init(_ custom: Observed<some CustomResource>) {
            object = custom.header
            isBeingDeleted = custom.isBeingDeleted
            problem = custom.problem
        }
    }

    private static let madeFor: StoreIndex<OwnedObject>.Name = "made-for"
    private static let group: StoreIndex<OwnPod>.Name = "group"

    let globalViews: Store<Observed<GlobalView>>
    let tenants: Store<Observed<Tenant>>
    let agents: Store<Observed<PrometheusAgent>>
    /// The pods of the workloads that Tributary made. Nothing waits for them.
    let pods: Store<OwnPod>
    private let ownedStores: [Resource: Store<OwnedObject>]
    /// What was made a moment ago.
    let unshown = UnshownObjects()

    init(_ watched: WatchedNamespaces = .all) {
        globalViews = Store(namespaces: watched.scopes)
        tenants = Store(namespaces: watched.scopes)
        agents = Store(namespaces: watched.scopes)
        pods = Store(
            namespaces: watched.scopes, indexes: [StoreIndex(Self.group) { _, pod in [pod.group.instance] }])
        let index = StoreIndex<OwnedObject>(Self.madeFor) { _, object in
            // Only the name, which is short and takes no memory of its own; ``madeFor(_:)`` checks the rest.
            object.madeFor.map { [$0.objectKey.name] } ?? []
        }
        ownedStores = Dictionary(
            uniqueKeysWithValues: OwnedKinds.all(in: watched).map {
                ($0, Store<OwnedObject>(namespaces: watched.scopes, indexes: [index]))
            })
    }

    /// The objects of a kind that Tributary made.
    func owned(_ resource: Resource) -> Store<OwnedObject>? { ownedStores[resource] }

    /// The pods of one component.
    func pods(of group: PodGroup) -> [OwnPod] {
        pods.objects(in: Self.group, of: group.instance).map(\.value).filter { $0.group == group }
    }

    /// A custom resource's metadata and status; nil where there is none.
    func header(of key: PlanKey) -> Header? {
        switch key {
        case .globalView(let key): globalViews[key].map { Header($0) }
        case .tenant(let key): tenants[key].map { Header($0) }
        case .agent(let key): agents[key].map { Header($0) }
        }
    }

    /// The objects that were made for a custom resource and exist, also those that no watch has shown yet.
    func madeFor(_ key: PlanKey) -> [(OwnedKey, OwnedObject)] {
        // First: what a watch shows meanwhile would be in neither.
        var unshown = unshown.madeFor(key)
        let shown = ownedStores.flatMap { resource, store in
            store.objects(in: Self.madeFor, of: key.objectKey.name).filter { $0.value.madeFor == key }
                .map { (OwnedKey(resource, $0.key), $0.value) }
        }
        for (owned, _) in shown { unshown[owned] = nil }
        return shown + unshown.map { ($0.key, $0.value) }
    }

    /// Notes an object that was made.
    func made(_ object: OwnedObject, as key: OwnedKey) {
        unshown.made(object, as: key)
        // The watch may have been faster than the answer.
        if ownedStores[key.resource]?[key.key] != nil { unshown.isShown(object, as: key) }
    }

    /// The stores of the kinds that every cluster serves.
    private var awaitedStores: [Store<OwnedObject>] {
        ownedStores.filter { !OwnedKinds.optional.contains($0.key) }.map(\.value)
    }

    /// Whether every watch has shown all there is.
    var isSynced: Bool {
        globalViews.isSynced && tenants.isSynced && agents.isSynced && awaitedStores.allSatisfy(\.isSynced)
    }

    /// Waits until every watch has shown all there is.
    func synced() async throws {
        try await globalViews.synced()
        try await tenants.synced()
        try await agents.synced()
        for store in awaitedStores { try await store.synced() }
    }
}
