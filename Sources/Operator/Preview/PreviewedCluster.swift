import Kube
import KubeClient
import KubeRuntime
import Planning
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

/// A cluster as the operator sees it, read once instead of watched.
final class PreviewedCluster {
    static let manager = FieldManager(Names.manager, managedBy: Names.manager)

    private let client: KubeClient
    private let progress: @Sendable (String) -> Void
    private let group: MonitorGroup
    private let world: World
    private var statuses: [PlanKey: JSON] = [:]
    private var resources: [PlanKey: Object] = [:]
    private var owned: [OwnedKey: Object] = [:]
    private var madeFor: [PlanKey: [OwnedKey: OwnedObject]] = [:]
    private var read: Set<ReceiverScope> = []
    /// What could not be read: a line each.
    private(set) var problems: [String] = []

    /// A cluster with monitors of an API group; `progress` is told what is being read.
    init(_ client: KubeClient, _ group: MonitorGroup, progress: @escaping @Sendable (String) -> Void) {
        self.client = client
        self.group = group
        self.progress = progress
        world = World(monitorGroup: group)
    }

    /// An object without what the API server adds to it.
    static func comparable(_ object: Object) -> JSON {
        var json = object.json.droppingNulls
        json["status"] = nil
        for member in ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"] {
            json["metadata", member] = nil
        }
        return json
    }

    // MARK: - Reading

    /// Reads what planning reads, besides receivers and credentials.
    func load() async throws {
        for kind in TributaryAPI.kinds {
            progress("reading \(kind.resource)")
            for object in try await client.listAll(kind.resource).items {
                guard let key = PlanKey(group: object.group, kind: object.kind, object.key) else { continue }
                resources[key] = object
                statuses[key] = object.json["status"]
                do throws(FieldError) {
                    world.take(try Self.change(object, key))
                } catch {
                    problems.append("\(object): \(error)")
                }
            }
        }
        for kind in MonitorKind.allCases {
            let objects = try await listIfServed(group.resource(of: kind))
            world.take(.monitorKind(kind, isServed: objects != nil))
            for monitor in (objects ?? []).compactMap({ group.standardized($0).flatMap { ObservedMonitor($0) } }) {
                world.take(.monitor(kind, monitor.key, monitor))
            }
        }
        for object in try await client.listAll(.namespaces).items {
            world.take(.namespace(object.name, labels: object.labels))
        }
        let ours = ListQuery(labelSelector: "\(FieldManager.label)=\(Names.manager)")
        for resource in OwnedKinds.all {
            guard let objects = try await listIfServed(resource, ours) else {
                world.take(.kind(resource, isServed: false))
                continue
            }
            for object in objects {
                let seen = OwnedObject(object, manager: Self.manager)
                let key = OwnedKey(resource, object.key)
                owned[key] = object
                if let owner = seen.madeFor { madeFor[owner, default: [:]][key] = seen }
                _ = world.take(seen, was: nil, as: resource, for: object.key)
            }
        }
    }

    private func listIfServed(_ resource: Resource, _ query: ListQuery = ListQuery()) async throws -> [Object]? {
        progress("reading \(resource)")
        do {
            return try await client.listAll(resource, query).items
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }

    /// Takes in the objects of files, in the place of those of the cluster; returns whose plans may change.
    func add(_ files: [Object]) async throws -> Set<PlanKey> {
        var keys: Set<PlanKey> = []
        for file in files {
            guard var object = group.standardized(file) else { continue }
            if object.namespace == nil, object.kind != Resource.namespaces.kind {
                object.json["metadata", "namespace"] = "default"
            }
            if let key = PlanKey(group: object.group, kind: object.kind, object.key) {
                for member in ["uid", "generation", "creationTimestamp"] {
                    object.json["metadata", member] = resources[key]?.json["metadata", member]
                }
                object.json["status"] = statuses[key]
                do throws(FieldError) {
                    keys.formUnion(world.take(try Self.change(object, key)))
                } catch {
                    problems.append("\(object): \(error)")
                }
            } else if let monitor = ObservedMonitor(object) {
                keys.formUnion(world.take(.monitor(monitor.kind, monitor.key, monitor)))
            } else if object.group.isEmpty, object.kind == Resource.namespaces.kind {
                keys.formUnion(world.take(.namespace(object.name, labels: object.labels)))
            } else if let source = CredentialSource(object) {
                keys.formUnion(world.take(.credential(source, CredentialContent(object))))
            }
        }
        for _ in 0..<4 where try await !readReceivers() { break }
        return keys
    }

    private static func change(_ object: Object, _ key: PlanKey) throws(FieldError) -> Change {
        switch key {
        case .globalView(let key): .globalView(key, Boxed(try GlobalView(object)))
        case .tenant(let key): .tenant(key, Boxed(try Tenant(object)))
        case .agent(let key): .agent(key, Boxed(try PrometheusAgent(object)))
        }
    }

    /// Reads the receivers that hashrings ask for; returns whether there were some that had not been read.
    private func readReceivers() async throws -> Bool {
        let scopes = world.read { world in
            world.globalViews.keys.reduce(into: Set<ReceiverScope>()) { $0.formUnion(world.scopes(of: $1)) }
        }.subtracting(read)
        for scope in scopes {
            read.insert(scope)
            let query = ListQuery(labelSelector: scope.labelSelector)
            for object in try await client.listAll(scope.resource, namespace: scope.namespace, query).items {
                if let label = scope.nodeLabel {
                    world.take(.nodeZone(object.labels[label], node: object.name, label: label))
                } else if let set = ReceiverSet(object) {
                    world.take(.receiverSet(object.key, set))
                } else if scope.isRouters, let pod = RouterPod(object) {
                    world.take(.routerPod(object.key, pod))
                } else if let pod = ReceiverPod(object) {
                    world.take(.receiverPod(object.key, pod, of: pod.setKey))
                } else if let zones = EndpointZones(object) {
                    world.take(.endpointZones(object.key, zones, service: zones.service))
                }
            }
        }
        return !scopes.isEmpty
    }

    // MARK: - Planning

    /// The plan for a custom resource, after the Secrets and ConfigMaps that it refers to have been read.
    func plan(for key: PlanKey) async throws -> Plan? {
        var known: Set<CredentialSource> = []
        for _ in 0..<5 {
            guard let plan = world.plan(for: key, status: statuses[key] ?? [:], where: { _ in true }) else {
                return nil
            }
            let sources = plan.credentialSources.subtracting(known)
            guard plan.isWaiting || plan.isPartial, !sources.isEmpty else { return plan.isWaiting ? nil : plan }
            for source in sources { try await read(source) }
            known.formUnion(sources)
        }
        problems.append("\(key): no plan: what it refers to cannot be read")
        return nil
    }

    private func read(_ source: CredentialSource) async throws {
        do {
            let object = try await client.get(source.resource, source.key)
            world.take(.credential(source, CredentialContent(object)))
        } catch let status as APIStatus where status.isNotFound {
            world.take(.credential(source, nil))
        }
    }

    /// An object that Tributary made, as the cluster has it; nil if it does not have it.
    func live(like object: Object) -> Object? { (try? OwnedKey(object)).flatMap { owned[$0] } }

    /// How many series the plan of a global view would move: a line for each hashring.
    func moves(of key: PlanKey, _ plan: Plan) -> [String] {
        guard case .globalView(let name) = key else { return [] }
        return world.read { snapshot in
            guard let view = snapshot.globalViews[name],
                let file = plan.objects.first(where: {
                    $0.kind == Resource.configMaps.kind && $0.key == view.hashringsKey
                })
            else { return [] }
            return HashringMoves.lines(of: view, from: live(like: file), in: snapshot)
        }
    }

    /// The objects with Tributary's label.
    var labelled: [(resource: Resource, object: Object)] { owned.map { ($0.key.resource, $0.value) } }

    /// A custom resource; nil if there is none.
    func resource(_ key: PlanKey) -> Object? { resources[key] }

    /// The objects that the operator made for a custom resource and would delete.
    func leftovers(of key: PlanKey, _ plan: Plan) -> [Object] {
        let wanted = Set(plan.objects.compactMap { try? OwnedKey($0) })
        let kept = Set(plan.keeps.map { OwnedKey($0.resource, $0.key) })
        let revoked = Set(plan.revokes.map { OwnedKey($0.resource, $0.key) })
        return (madeFor[key] ?? [:]).filter { owned, object in
            guard object.applied.isApplied, !object.applied.isBeingDeleted else { return false }
            return plan.keepsExisting ? revoked.contains(owned) : !wanted.contains(owned) && !kept.contains(owned)
        }.compactMap { owned[$0.key] }
    }
}
