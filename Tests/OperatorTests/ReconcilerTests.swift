import Kube
import KubeClient
import KubeRuntime
import Logging
import Observability
import Planning
import PlanningInput
import Testing
import TributaryAPI

@testable import Operator

/// One pass over one custom resource, against an API server of a few closures.
@Suite("The reconciler") struct ReconcilerTests {
    static let key = PlanKey.tenant(ObjectKey(namespace: "o11y", name: "shop"))

    @Test func `A conflict with an object of another program is checked again, since no watch tells when that is gone`()
        async throws
    {
        let setting = try Setting()
        setting.present.withLock { present in
            let foreign = Object(.services, namespace: "o11y", name: "shop-read", [:])
            present["services o11y/shop-read"] = foreign
        }
        let reconciler = setting.reconciler()
        _ = try await reconciler.reconcile(Self.key)
        setting.showAll()
        #expect(try await reconciler.reconcile(Self.key) == .requeueAfter(.seconds(60)))
        #expect(!setting.calls.contains { $0.hasPrefix("apply services") })
        #expect(setting.registry.text().contains(#"reason="ObjectConflict""#))
    }

    @Test func `A copy of one of our objects is not deleted`() async throws {
        let setting = try Setting()
        for (name, isOurs) in [("shop-old", true), ("copy", false)] {
            var object = Object(
                .configMaps, namespace: "o11y", name: name, labels: [Names.managedByLabel: Names.manager],
                ownerReferences: [
                    OwnerReference(
                        apiVersion: Tenant.resource.apiVersion, kind: "Tenant", name: "shop", uid: "t1",
                        controller: true)
                ], [:])
            if isOurs {
                object.json["metadata", "managedFields"] = [
                    [
                        "manager": "tributary", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1",
                        "fieldsV1": ["f:metadata": ["f:labels": ["f:app.kubernetes.io/managed-by": [:]]]],
                    ]
                ]
            }
            let owned = OwnedObject(object, manager: setting.manager)
            setting.stores.owned(.configMaps)?.apply(.applied(object.key, owned))
        }
        _ = try await setting.reconciler().reconcile(Self.key)
        #expect(setting.calls.filter { $0.hasPrefix("delete") } == ["delete configmaps o11y/shop-old"])
    }

    @Test func `What was made a moment ago and is no longer wanted is deleted, although no watch has shown it`()
        async throws
    {
        let setting = try Setting()
        let reconciler = setting.reconciler()
        _ = try await reconciler.reconcile(Self.key)
        let proxy = ["services o11y/shop-read", "deployments.apps o11y/shop-read"]
        #expect(proxy.allSatisfy { setting.calls.contains("apply \($0)") })
        // Behind a gateway, all tenants share a read proxy, and a datasource has a token, so it is a Secret.
        let unwanted = proxy + ["configmaps o11y/shop-datasource"]
        try setting.set(globalView: Setting.viewWithGateway)
        _ = try await reconciler.reconcile(Self.key)
        #expect(Set(setting.calls.filter { $0.hasPrefix("delete") }) == Set(unwanted.map { "delete \($0)" }))
        // What is gone is not deleted again, and what no watch shows is looked at again.
        #expect(try await reconciler.reconcile(Self.key) == .requeueAfter(Applier.patience))
        #expect(setting.calls.count { $0.hasPrefix("delete") } == unwanted.count)
    }

    @Test func `A credential that another process has made is not replaced, and the next plan goes on from it`()
        async throws
    {
        let setting = try Setting(globalView: Setting.viewWithGateway)
        let found = Setting.credential("made-by-another-process")
        setting.present.withLock { $0["secrets o11y/shop-write-credential"] = found }
        let reconciler = setting.reconciler()
        #expect(try await reconciler.reconcile(Self.key) == .requeueAfter(.milliseconds(5)))
        #expect(!setting.calls.contains("apply secrets o11y/shop-write-credential"))
        let tenant = ObjectKey(namespace: "o11y", name: "shop")
        #expect(setting.world.read { $0.acceptedTokens(.write, of: tenant) } == ["made-by-another-process"])
        _ = try await reconciler.reconcile(Self.key)
        let token = setting.applied.withLock { $0["secrets o11y/shop-write-credential"]?.json["data", "token"] }
        #expect(token == JSON(Base64.encode("made-by-another-process".utf8)))
    }

    @Test func `A credential that was edited after the plan was made is not replaced`() async throws {
        let setting = try Setting(globalView: Setting.viewWithGateway)
        let tenant = ObjectKey(namespace: "o11y", name: "shop")
        let key = ObjectKey(namespace: "o11y", name: "shop-write-credential")
        _ = setting.world.wrote(
            OwnedObject(Setting.credential("known-to-the-plan"), manager: setting.manager), for: key)
        setting.present.withLock { $0["secrets \(key)"] = Setting.credential("edited-by-somebody") }
        #expect(try await setting.reconciler().reconcile(Self.key) == .requeueAfter(.milliseconds(5)))
        #expect(!setting.calls.contains("apply secrets \(key)"))
        #expect(setting.world.read { $0.acceptedTokens(.write, of: tenant) } == ["edited-by-somebody"])
        // One that is gone is not created again with the token that it had.
        setting.present.withLock { $0["secrets \(key)"] = nil }
        #expect(try await setting.reconciler().reconcile(Self.key) == .requeueAfter(.milliseconds(5)))
        _ = try await setting.reconciler().reconcile(Self.key)
        let token = setting.applied.withLock { $0["secrets \(key)"]?.json["data", "token"]?.string }
        #expect(token != nil && token != Base64.encode("edited-by-somebody".utf8))
    }

    @Test func `A Secret of somebody else with the name of a credential stays, although it has our label`() async throws
    {
        let setting = try Setting(globalView: Setting.viewWithGateway)
        var secret = Setting.credential("somebody-elses-token")
        secret.json["metadata", "ownerReferences"] = nil
        secret.json["metadata", "labels"] = [Names.managedByLabel: JSON(Names.manager)]
        setting.present.withLock { [secret] in $0["secrets o11y/shop-write-credential"] = secret }
        #expect(try await setting.reconciler().reconcile(Self.key) == .requeueAfter(.seconds(60)))
        #expect(!setting.calls.contains("apply secrets o11y/shop-write-credential"))
        #expect(setting.registry.text().contains(#"reason="ObjectConflict""#))
    }

    @Test func `A problem is reported although the status cannot be written`() async throws {
        let setting = try Setting(globalView: nil)
        setting.fault.withLock { $0 = APIStatus(httpCode: 422, message: "refused") }
        await #expect(throws: APIStatus.self) { try await setting.reconciler().reconcile(Self.key) }
        #expect(setting.registry.text().contains(#"reason="GlobalViewNotFound""#))
    }

    @Test func `A global view is not planned until all its receivers are known`() async throws {
        let setting = try Setting(
            globalView: """
                {"thanos": {"query": {"url": "http://q:9090"}, "hashrings": [
                  {"name": "soft", "soft": true, "adopt": {"selector": {"matchLabels": {"ring": "soft"}}}}]}}
                """)
        let view = PlanKey.globalView(ObjectKey(namespace: "o11y", name: "main"))
        let reconciler = setting.reconciler()
        reconciler.receivers.update()
        #expect(try await reconciler.reconcile(view) == .done)
        #expect(setting.calls.isEmpty)
        await reconciler.receivers.stop()
    }

    @Test func `An object of a kind that is not watched is an error that names the kind`() {
        let object = Object(Resource.leases, namespace: "o11y", name: "a", [:])
        let error = #expect(throws: OwnedKinds.Unknown.self) { try OwnedKey(object) }
        #expect(
            error?.description.hasPrefix(
                "Lease o11y/a: found a kind of coordination.k8s.io/v1 that is not watched, expected one of ConfigMap, Secret"
            )
                == true)
    }

    @Test func `A tenant that gets the id of a former tenant has its agents planned as well`() throws {
        let setting = try Setting()
        let older = try Setting.tenant("first", id: "shop", made: "2026-01-01T00:00:00Z")
        setting.world.take(.tenant(ObjectKey(namespace: "o11y", name: "first"), older.value))
        let agent = Object(
            PrometheusAgent.resource, namespace: "o11y", name: "a", ["spec": ["tenantRef": ["name": "shop"]]])
        setting.world.take(.agent(agent.key, Observed<PrometheusAgent>(agent).value))
        let keys = setting.world.take(.tenant(ObjectKey(namespace: "o11y", name: "first"), nil))
        #expect(keys.contains(.agent(agent.key)))
    }
}

/// What the operator knows and what it calls, without watches.
private final class Setting: Sendable {
    let world = World()
    let stores = Stores()
    let registry = MetricsRegistry()
    let manager = FieldManager(Names.manager, managedBy: Names.manager)
    /// What the API server has.
    let present = Locked<[String: Object]>([:])
    /// What it says of statuses.
    let fault = Locked<APIStatus?>(nil)
    private let made = Locked<[String]>([])
    /// What was applied last.
    let applied = Locked<[String: Object]>([:])

    static let viewWithGateway = #"{"external": {"writeURL": "http://w/", "queryURL": "http://q/"}, "gateway": {}}"#

    /// The Secret with the write credential of tenant `shop`.
    static func credential(_ token: String) -> Object {
        var secret = Object(
            .secrets, namespace: "o11y", name: "shop-write-credential",
            ownerReferences: [
                OwnerReference(
                    apiVersion: Tenant.resource.apiVersion, kind: "Tenant", name: "shop", uid: "t1", controller: true)
            ], ["data": ["token": JSON(Base64.encode(token.utf8)), "password": JSON(Base64.encode(token.utf8))]])
        secret.json["metadata", "uid"] = JSON("uid-\(token)")
        secret.json["metadata", "resourceVersion"] = "7"
        return secret
    }

    /// What an API server answers to an apply.
    private static func answer(to object: Object) -> Object {
        var answer = object
        answer.json["metadata", "uid"] = answer.json["metadata", "uid"] ?? "a-uid"
        answer.json["metadata", "managedFields"] = [
            [
                "manager": "tributary", "operation": "Apply", "apiVersion": JSON(object.apiVersion),
                "fieldsType": "FieldsV1",
                "fieldsV1": ["f:metadata": ["f:labels": ["f:app.kubernetes.io/managed-by": [:]]]],
            ]
        ]
        return answer
    }

    /// The calls that change something, such as `delete configmaps o11y/a`.
    var calls: [String] { made.withLock { $0 } }

    /// Tenant `shop` of the global view `main`, if there is one.
    init(globalView: String? = #"{"external": {"writeURL": "http://w/", "queryURL": "http://q/"}}"#) throws {
        if let globalView { try set(globalView: globalView) }
        let tenant = try Self.tenant("shop", id: "shop", made: "2026-02-02T00:00:00Z")
        let key = ObjectKey(namespace: "o11y", name: "shop")
        stores.tenants.apply(.applied(key, tenant))
        world.take(.tenant(key, tenant.value))
    }

    func set(globalView: String) throws {
        let object = Object(
            GlobalView.resource, namespace: "o11y", name: "main", ["spec": try JSON(parsing: globalView)])
        let view = Observed<GlobalView>(object)
        stores.globalViews.apply(.applied(object.key, view))
        world.take(.globalView(object.key, view.value))
    }

    /// Has the watches show all that was applied.
    func showAll() {
        for object in applied.withLock({ $0.values }) {
            guard let resource = try? OwnedKinds.resource(of: object) else { continue }
            let owned = OwnedObject(Self.answer(to: object), manager: manager)
            stores.owned(resource)?.apply(.applied(object.key, owned))
            stores.unshown.isShown(owned, as: OwnedKey(resource, object.key))
        }
    }

    static func tenant(_ name: String, id: String, made: String) throws -> Observed<Tenant> {
        var object = Object(
            Tenant.resource, namespace: "o11y", name: name,
            ["spec": ["globalViewRef": ["name": "main"], "id": JSON(id)]])
        object.json["metadata", "uid"] = "t1"
        object.json["metadata", "creationTimestamp"] = JSON(made)
        return Observed<Tenant>(object)
    }

    private var api: ObjectAPI {
        ObjectAPI(
            get: { resource, key in
                guard let object = self.present.withLock({ $0["\(resource) \(key)"] }) else {
                    throw APIStatus.notFound(resource, key.name)
                }
                return object
            },
            apply: { resource, object, _, subresource in
                if subresource != nil, let fault = self.fault.withLock({ $0 }) { throw fault }
                let live = self.present.withLock { $0["\(resource) \(object.key)"] }
                if let live, let version = object.resourceVersion, version != live.resourceVersion {
                    throw APIStatus.modified(resource, object.name)
                }
                self.made.withLock { $0.append("apply \(resource)\(subresource.map { "/\($0)" } ?? "") \(object.key)") }
                if subresource == nil { self.applied.withLock { $0["\(resource) \(object.key)"] = object } }
                return Self.answer(to: object)
            },
            create: { $1 }, update: { $1 },
            merge: { resource, key, _ in throw APIStatus.notFound(resource, key.name) },
            delete: { resource, key, _ in self.made.withLock { $0.append("delete \(resource) \(key)") } })
    }

    func reconciler() -> Reconciler {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // An API server that never answers.
        let silent = ListWatch(
            list: { _ in
                try await Task.sleep(for: .seconds(3600))
                throw CancellationError()
            },
            watch: { _ in
                try await Task.sleep(for: .seconds(3600))
                throw CancellationError()
            })
        let receivers = ReceiverWatches(
            world: world, source: { _ in silent }, logger: logger,
            enqueue: { _, _ in })
        let monitors = MonitorWatches(
            world: world, watched: .all, source: { _ in silent }, logger: logger,
            watchHealth: WatchHealth(registry: registry, logger: logger), enqueue: { _, _ in })
        let events = EventRecorder(api: api, controller: "test", instance: "test", logger: logger)
        return Reconciler(
            world: world, stores: stores, receivers: receivers, monitors: monitors,
            drains: ShardDrains(
                logger: logger, addresses: { _ in nil }, ask: { _ in SendingProgress() }, tell: { _, _, _ in }),
            delivery: nil, series: nil,
            grafana: GrafanaKeeper(
                logger: logger,
                GrafanaKeeper.Surroundings(
                    mayWrite: { true }, secret: { _ in nil }, exchange: { _ in throw CancellationError() },
                    recorded: { _ in [:] }, isTenant: { _, _ in false }, tell: { _, _ in })),
            manager: manager, applier: Applier(api: api, manager: manager),
            statuses: StatusWriter(api: api, fieldManager: "tributary"), vanished: VanishedObjects { _ in nil },
            reporter: Reporter(events: events, registry: registry, logger: logger),
            monitorReporter: MonitorReporter(events: events, registry: registry, logger: logger),
            metrics: HashringMetrics(registry), deliveryMetrics: DeliveryMetrics(registry),
            receivingMetrics: ReceivingMetrics(registry),
            annotator: PodAnnotator(api: api, mayWrite: { true }, logger: logger), volumes: nil,
            convergence: Convergence(logger: logger, ask: { _ in ReceiverMetrics() }, tell: { _, _ in }),
            memory: SpareMemoryKeeper { 0 }, logger: logger, enqueue: { _ in })
    }
}
