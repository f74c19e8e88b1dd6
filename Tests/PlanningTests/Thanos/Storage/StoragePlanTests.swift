import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// Store Gateways, the Compactor and Query Frontends of a global view.
@Suite("What reads and writes the object storage")
struct StoragePlanTests {
    static let secret = String(Samples.managed.split(separator: "\n---\n")[0])

    /// The sample with more fields of `spec.thanos`.
    static func view(_ fields: String...) -> String {
        fields.reduce(Samples.managed) { text, field in
            text.replacing("    query: {replicas: 2}\n", with: "    query: {replicas: 2}\n    \(field)\n")
        }
    }

    static func arguments(_ plan: Plan, _ kind: String, _ name: String) throws -> [String] {
        try plan.object(kind, name).arguments
    }

    static func ready(_ scene: inout Scene, _ plan: Plan) {
        for object in plan.objects where ["StatefulSet", "Deployment"].contains(object.kind) {
            var running = object
            let replicas = object.json["spec", "replicas"] ?? 1
            running.json["status"] = ["readyReplicas": replicas, "updatedReplicas": replicas, "observedGeneration": 0]
            let resource: Resource = object.kind == "StatefulSet" ? .statefulSets : .deployments
            scene.snapshot.take(
                .workload(
                    WorkloadKey(resource, object.key), Workload(running), of: .globalView(Scene.key("main"))))
        }
    }

    // MARK: - Store Gateways

    @Test func `One shard serves all blocks, and both queriers find it by DNS`() throws {
        let plan = try Scene(Samples.behindGateway(Self.view("store: {replicas: 3}"))).plan()
        let set = try plan.object("StatefulSet", "main-store")
        #expect(set.json["spec", "replicas"] == 3)
        #expect(!set.arguments.contains { $0.contains("-time=") || $0.contains("relabel") })
        #expect(set.arguments.contains("--objstore.config-file=/etc/thanos/objectstorage/thanos.yaml"))
        _ = try plan.object("Service", "main-store")
        _ = try plan.object("PodDisruptionBudget", "main-store")
        let endpoint = "--endpoint=dnssrv+_grpc._tcp.main-store.observability.svc.cluster.local"
        #expect(try Self.arguments(plan, "Deployment", "main-query").contains(endpoint))
        #expect(try Self.arguments(plan, "Deployment", "main-query-tenants").contains(endpoint))
    }

    @Test func `Shards by age reach into the next older one by the overlap`() throws {
        let plan = try Scene(Self.view("store: {splitByAge: [26w, 6w]}")).plan()
        func times(_ shard: Int) throws -> [String] {
            try Self.arguments(plan, "StatefulSet", "main-store-\(shard)of3").filter { $0.contains("-time=") }
        }
        let week = 604_800
        #expect(try times(0) == ["--min-time=-\(8 * week)s"])
        #expect(try times(1) == ["--min-time=-\(28 * week)s", "--max-time=-\(6 * week)s"])
        #expect(try times(2) == ["--max-time=-\(26 * week)s"])
    }

    @Test func `Shards by hash divide the blocks of each range of ages`() throws {
        let plan = try Scene(Self.view("store: {splitByAge: [6w], hashShards: 2, overlap: 0s}")).plan()
        let parts = try (0..<4).map { shard in
            let all = try Self.arguments(plan, "StatefulSet", "main-store-\(shard)of4")
            let rules = try #require(all.first { $0.hasPrefix("--selector.relabel-config=") })
            let json = try JSON(parsing: String(rules.drop { $0 != "=" }.dropFirst()))
            #expect(json[0]?["modulus"] == 2 && json[0]?["source_labels"] == ["__block_id"])
            return json[1]?["regex"]?.string
        }
        #expect(parts == ["0", "1", "0", "1"])
    }

    @Test func `Shards of another number serve before the old ones go`() throws {
        var scene = try Scene(Self.view("store: {}"))
        Self.ready(&scene, scene.plan())
        try scene.add(Self.view("store: {hashShards: 2}"))
        var plan = scene.plan()
        #expect(plan.keeps.contains { $0.resource == .statefulSets && $0.key.name == "main-store" })
        let endpoints = try Self.arguments(plan, "Deployment", "main-query").filter { $0.contains("main-store") }
        #expect(endpoints.count == 3)
        Self.ready(&scene, plan)
        plan = scene.plan()
        #expect(!plan.keeps.contains { $0.key.name == "main-store" })
        #expect(!(try Self.arguments(plan, "Deployment", "main-query").contains { $0.contains("main-store.") }))
    }

    @Test func `Blocks are no longer served well before the compactor deletes them`() throws {
        let plan = try Scene(Self.view("store: {}", "compactor: {deleteDelay: 4d}")).plan()
        #expect(
            try Self.arguments(plan, "StatefulSet", "main-store").contains("--ignore-deletion-marks-delay=172800s"))
        #expect(try Self.arguments(plan, "StatefulSet", "main-compact").contains("--delete-delay=4d"))
    }

    @Test func `Flags that a version of Thanos does not know are left out`() throws {
        for (version, store, compact) in [
            ("v0.31.0", false, false), ("v0.33.0", false, true), ("v0.38.0", false, true), ("v0.39.0", true, true),
        ] {
            let plan = try Scene(Self.view("version: \(version)", "store: {}", "compactor: {}")).plan()
            let flag = "--disable-admin-operations"
            #expect(try Self.arguments(plan, "StatefulSet", "main-store").contains(flag) == store, "\(version)")
            #expect(try Self.arguments(plan, "StatefulSet", "main-compact").contains(flag) == compact, "\(version)")
        }
    }

    // MARK: - The Compactor

    @Test func `There is one compactor, which keeps each resolution as long as is asked`() throws {
        let plan = try Scene(
            Self.view("compactor: {retention: {raw: 30d, fiveMinutes: 90d, oneHour: 2y}, downsampling: false}")
        ).plan()
        let set = try plan.object("StatefulSet", "main-compact")
        #expect(set.json["spec", "replicas"] == 1 && set.json["spec", "podManagementPolicy"] == "OrderedReady")
        #expect(
            Set(set.arguments).isSuperset(of: [
                "--wait", "--retention.resolution-raw=30d", "--retention.resolution-5m=90d",
                "--retention.resolution-1h=2y", "--downsampling.disable",
            ]))
    }

    @Test func `Of two views with one object storage only the older one compacts`() throws {
        var scene = try Scene(Self.view("compactor: {}"))
        let other = Self.view("compactor: {}").replacing(
            "name: main, generation: 1", with: "name: alpha, creationTimestamp: \"2026-11-21T09:00:00Z\"")
        try scene.add(other)
        #expect(scene.plan().names.contains("StatefulSet main-compact"))
        let plan = scene.plan(view: "alpha")
        #expect(!plan.names.contains { $0.hasPrefix("StatefulSet alpha-compact") })
        #expect(
            plan.messages == [
                "error: GlobalView observability/alpha: spec.thanos.compactor: GlobalView \"observability/main\" compacts "
                    + "the object storage of this Secret already; only one of them should have a compactor, since two "
                    + "destroy blocks"
            ])
    }

    @Test(arguments: [
        ("raw: 39h", "spec.thanos.compactor.retention.raw: found \"39h\", should be at least 40h or 0d"),
        ("fiveMinutes: 9d", "spec.thanos.compactor.retention.fiveMinutes: found \"9d\", should be at least 10d or 0d"),
    ])
    func `A retention with which Thanos would exit is refused, and the last good compactor stays`(
        retention: String, message: String
    ) throws {
        let plan = try Scene(Self.view("compactor: {retention: {\(retention)}}")).plan()
        #expect(plan.messages.first?.contains(message) == true, "\(plan.messages)")
        #expect(plan.keeps.contains { $0.resource == .statefulSets && $0.key.name == "main-compact" })
        #expect(try plan.readiness(of: "main") == "False CompactorRetention")
    }

    @Test func `Receivers that take old samples make a compactor that merges blocks that overlap`() throws {
        let plan = try Scene(Self.view("compactor: {}", "outOfOrderTimeWindow: 4h")).plan()
        #expect(
            try Self.arguments(plan, "StatefulSet", "main-receive-default").contains(
                "--tsdb.out-of-order.time-window=4h"))
        let vertical = "--compact.enable-vertical-compaction"
        #expect(try Self.arguments(plan, "StatefulSet", "main-compact").contains(vertical))
        let without = try Scene(Self.view("compactor: {}", "outOfOrderTimeWindow: 0s")).plan()
        #expect(!(try Self.arguments(without, "StatefulSet", "main-compact").contains(vertical)))
        #expect(
            !(try Self.arguments(without, "StatefulSet", "main-receive-default").contains {
                $0.contains("out-of-order")
            }))
    }

    @Test func `Copies are merged only on demand, by the label that differs between receivers`() throws {
        let flag = "--deduplication.replica-label=replica"
        let plan = try Scene(Self.view("compactor: {deduplicate: true}")).plan()
        #expect(try Self.arguments(plan, "StatefulSet", "main-compact").contains(flag))
        let without = try Scene(Self.view("compactor: {}")).plan()
        #expect(!(try Self.arguments(without, "StatefulSet", "main-compact").contains(flag)))
    }

    @Test func `A compactor that has halted is reported until it works again`() throws {
        var scene = try Scene(Self.view("compactor: {}"))
        let pod = Scene.key("main-compact-0")
        let concerned = scene.snapshot.take(.compactor(pod, .halted, of: Scene.key("main")))
        #expect(concerned == [.globalView(Scene.key("main"))])
        let plan = scene.plan()
        #expect(
            plan.messages.first?.hasPrefix(
                "error: GlobalView observability/main: spec.thanos.compactor: pod main-compact-0 has halted") == true)
        #expect(try plan.readiness(of: "main") == "False CompactorHalted")
        #expect(plan.names.contains("StatefulSet main-compact"))
        scene.snapshot.take(.compactor(pod, .working, of: Scene.key("main")))
        #expect(scene.plan().messages == [])
    }

    // MARK: - The Secret

    static let field = "error: GlobalView observability/main: spec.thanos.objectStorage.secretRef:"

    @Test func `Without its Secret nothing starts, what runs stays, and the message lists the keys that there are`()
        throws
    {
        let all = Self.view("store: {}", "compactor: {}")
        let view = try #require(all.split(separator: "\n---\n").last.map(String.init))
        var scene = try Scene(view)
        var plan = scene.plan()
        #expect(
            plan.messages.first?.hasPrefix("\(Self.field) there is no Secret observability/thanos-objectstorage;")
                == true)
        #expect(try plan.readiness(of: "main") == "False ObjectStorageNotFound")
        #expect(!plan.names.contains { $0.contains("main-store") || $0.contains("main-compact") })
        #expect(Set(plan.keeps.map(\.key.name)).isSuperset(of: ["main-store", "main-compact"]))
        try scene.add(Self.secret.replacing("thanos.yaml", with: "objstore.yml"))
        plan = scene.plan()
        #expect(
            plan.messages.first?.hasPrefix(
                "\(Self.field) Secret observability/thanos-objectstorage has no key \"thanos.yaml\"; it has: objstore.yml;"
            ) == true)
        try scene.add(String(Self.secret))
        #expect(scene.plan().names.contains("StatefulSet main-store"))
    }

    @Test func `A Secret that Thanos would refuse is named with its key`() throws {
        var scene = try Scene(Self.view("store: {}"))
        try scene.add(Self.secret.replacing("bucket:", with: "bukcet:"))
        let message =
            "\(Self.field) key \"thanos.yaml\" of Secret observability/thanos-objectstorage: config.bukcet: is no key that Thanos knows. Did you mean \"bucket\"?"
        #expect(scene.plan().messages.first?.hasPrefix(message) == true, "\(scene.plan().messages)")
        #expect(try scene.plan().readiness(of: "main") == "False ObjectStorageInvalid")
        let changed = Object(.secrets, namespace: Scene.namespace, name: "thanos-objectstorage", [:])
        let source = try #require(CredentialSource(changed))
        let concerned = scene.snapshot.take(.credential(source, CredentialContent(changed)))
        #expect(concerned == [.globalView(Scene.key("main"))])
    }

    @Test func `A Secret that no watch has shown yet holds up no hashring`() throws {
        var scene = try Scene(Self.view("store: {}"))
        try scene.reset(credentials: .watched)
        scene.snapshot.take(
            .unwatchedCredential(
                try #require(
                    CredentialSource(Object(.secrets, namespace: Scene.namespace, name: "thanos-objectstorage", [:])))))
        let plan = scene.plan()
        #expect(!plan.isWaiting && plan.names.contains("StatefulSet main-receive-default"))
        #expect(!plan.names.contains("StatefulSet main-store") && plan.keeps.contains { $0.key.name == "main-store" })
        #expect(plan.messages == [])
    }

    // MARK: - Query Frontends

    @Test func `A query frontend stands before each querier, and proxies ask it`() throws {
        let plan = try Scene(Samples.behindGateway(Self.view("queryFrontend: {splitInterval: 1d, maxRetries: 2}")))
            .plan()
        let (all, one) = (
            try Self.arguments(plan, "Deployment", "main-query-frontend"),
            try Self.arguments(plan, "Deployment", "main-query-frontend-tenants")
        )
        #expect(all.contains("--query-frontend.downstream-url=http://main-query.observability.svc:9090"))
        #expect(one.contains("--query-frontend.downstream-url=http://main-query-tenants.observability.svc:9090"))
        #expect(one.contains("--query-frontend.tenant-header=THANOS-TENANT"))
        #expect(one.contains("--query-frontend.default-tenant-id=no/tenant"))
        #expect(!all.contains { $0.contains("tenant") })
        #expect(
            all.contains("--query-range.split-interval=86400s")
                && all.contains("--query-range.max-retries-per-request=2"))
        // One proxy for tenants that see only their own series, and one for those that see others as well.
        let proxies = try plan.object("Deployment", "main-read-proxy").json["spec", "template", "spec", "containers"]
        let upstreams = (proxies?.array ?? []).flatMap { ($0["args"]?.array ?? []).compactMap(\.string) }
            .filter { $0.hasPrefix("-upstream=") }
        #expect(
            Set(upstreams) == [
                "-upstream=http://main-query-frontend-tenants.observability.svc:9090",
                "-upstream=http://main-query-frontend.observability.svc:9090",
            ])
    }

    @Test func `Without a gateway the read proxies of tenants ask the query frontend`() throws {
        let scene = try Scene(Self.view("queryFrontend: {}"), Samples.tenant("tenant-a"))
        let proxy = try scene.plan(tenant: "tenant-a").object("Deployment", "tenant-a-read").arguments
        #expect(proxy.contains { $0.hasSuffix("=http://main-query-frontend.observability.svc:9090") }, "\(proxy)")
    }

    @Test func `Caches of tenants and of operators never share a memcached`() throws {
        let memcached = "{memcached: {addresses: [\"memcached:11211\"]}}"
        let view = Self.view("queryFrontend: {cache: \(memcached), tenantCache: \(memcached)}")
        let plan = try Scene(Samples.behindGateway(view)).plan()
        #expect(
            plan.messages.first?.contains(
                "spec.thanos.queryFrontend.tenantCache.memcached.addresses: should have other servers than cache")
                == true, "\(plan.messages)")
    }
}
