import Hashring
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Managed hashrings")
struct ManagedHashringTests {
    static let hard = Samples.tenant("tenant-a", "{hashring: hashring-0}")

    static func running(_ view: String = Samples.managed) throws -> RunningReceivers {
        var running = try RunningReceivers(view, hard)
        try running.settle()
        running.load()
        return running
    }

    // MARK: - What is made

    @Test func `A managed hashring has receivers, routers and Thanos Query`() throws {
        let plan = try Scene(Samples.managed, Self.hard).plan()
        #expect(
            plan.names == [
                "ConfigMap main-hashrings", "ConfigMap main-receive-limits", "ServiceAccount main-thanos",
                "Service main-receive-hashring-0", "StatefulSet main-receive-hashring-0",
                "PodDisruptionBudget main-receive-hashring-0",
                "Service main-receive-default", "StatefulSet main-receive-default",
                "PodDisruptionBudget main-receive-default",
                "Service main-receive", "Deployment main-receive", "PodDisruptionBudget main-receive",
                "Service main-query", "Deployment main-query", "PodDisruptionBudget main-query",
            ])
        #expect(plan.messages == [])
        #expect(try plan.readiness(of: "main") == "False MembersPending")
    }

    @Test func `A managed hashring is first published with all wanted receivers, which need the file to become ready`()
        throws
    {
        let plan = try Scene(Samples.managed, Self.hard).plan()
        #expect(try plan.members(of: "hashring-0") == (0..<3).map { "main-receive-hashring-0-\($0)" })
        #expect(try plan.members(of: "default") == (0..<5).map { "main-receive-default-\($0)" })
    }

    /// The values of a flag.
    private static func flag(_ name: String, _ object: Object) -> [String] {
        object.arguments.filter { $0.hasPrefix("--\(name)=") }.map { String($0.dropFirst(name.count + 3)) }
    }

    @Test(arguments: ["protobuf", "capnproto"])
    func `Receivers find themselves in the file, and routers have the same hashring arguments`(spoken: String) throws {
        let view = Samples.managed.replacing(
            "replicationFactor: 2", with: "replicationFactor: 2\n    replicationProtocol: \(spoken)")
        let plan = try Scene(view + "\n  tenantLabel: customer", Self.hard).plan()
        let router = try plan.object("Deployment", "main-receive")
        #expect(Self.flag("receive.local-endpoint", router) == [])
        for hashring in try plan.hashrings().array ?? [] {
            let name = "main-receive-\(hashring["hashring"]?.string ?? "")"
            let set = try plan.object("StatefulSet", name)
            let local = try #require(Self.flag("receive.local-endpoint", set).first)
            let addresses = (hashring["endpoints"]?.array ?? []).compactMap { $0.string ?? $0["address"]?.string }
            #expect(
                addresses
                    == (0..<(set.json["spec", "replicas"]?.int ?? 0)).map {
                        local.replacing("$(POD_NAME)", with: "\(name)-\($0)")
                    })
            if spoken == "capnproto" {
                let address = try #require(Self.flag("receive.capnproto-address", set).first)
                let published = hashring["endpoints"]?[0]?["capnproto_address"]?.string
                #expect(published == "\(name)-0.\(name).observability.svc.cluster.local:19391")
                #expect(address == "0.0.0.0:19391")
            }
            for flag in [
                "replication-factor", "replication-protocol", "hashrings-algorithm", "hashrings-file",
                "hashrings-file-refresh-interval", "tenant-header", "tenant-label-name",
            ] {
                let value = Self.flag("receive.\(flag)", set)
                #expect(value.count == 1 && value == Self.flag("receive.\(flag)", router), "\(flag)")
            }
            #expect(Self.flag("receive.hashrings-algorithm", set) == [hashring["algorithm"]?.string ?? ""])
            #expect(Self.flag("receive.tenant-label-name", set) == ["customer"])
        }
    }

    @Test func `The hashring file is mounted as a whole volume, so that updates arrive`() throws {
        let plan = try Scene(Samples.managed, Self.hard).plan()
        for (kind, name) in [("StatefulSet", "main-receive-default"), ("Deployment", "main-receive")] {
            let pod = try #require(try plan.object(kind, name).json["spec", "template", "spec"])
            let volume = pod["volumes"]?.array?.first { $0["configMap", "name"] == "main-hashrings" }
            let mount = try #require(
                pod["containers"]?[0]?["volumeMounts"]?.array?.first { $0["name"] == volume?["name"] })
            #expect(mount["subPath"] == nil)
            let file = Self.flag("receive.hashrings-file", try plan.object(kind, name)).first
            #expect(file == "\(mount["mountPath"]?.string ?? "")/hashrings.json")
        }
    }

    @Test func `The data of receivers is kept when they are removed`() throws {
        let plan = try Scene(Samples.managed, Self.hard).plan()
        let set = try plan.object("StatefulSet", "main-receive-hashring-0").json["spec"]
        #expect(set?["persistentVolumeClaimRetentionPolicy"] == ["whenDeleted": "Retain", "whenScaled": "Retain"])
        #expect(set?["volumeClaimTemplates"]?[0]?["spec", "resources", "requests", "storage"] == "100Gi")
        #expect(set?["template", "spec", "terminationGracePeriodSeconds"] == 900)
        let bucket = Self.flag("objstore.config-file", try plan.object("StatefulSet", "main-receive-hashring-0"))
        #expect(bucket == ["/etc/thanos/objectstorage/thanos.yaml"])
    }

    @Test func `Tenants and agents get the URLs of routers and of Thanos Query`() throws {
        let scene = try Scene(Samples.managed, Samples.tenant("tenant-a"), Samples.agent)
        let status = try scene.plan(tenant: "tenant-a").status(of: "tenant-a")
        #expect(status["writeURL"] == "http://main-receive.observability.svc:19291/api/v1/receive")
        #expect(
            try scene.plan(tenant: "tenant-a").object("Deployment", "tenant-a-read").arguments.contains(
                "-upstream=http://main-query.observability.svc:9090"))
    }

    @Test func `Thanos Query reads managed and adopted hashrings`() throws {
        var scene = try Scene(
            Samples.managed.replacing(
                "  soft: true\n      replicas: 5",
                with:
                    "  soft: true\n      adopt: {selector: {matchLabels: "
                    + "{controller.receive.thanos.io/hashring: default}}}"
            ), Self.hard)
        try scene.receivers("default", replicas: 2)
        #expect(
            Self.flag("endpoint", try scene.plan().object("Deployment", "main-query")) == [
                "dnssrv+_grpc._tcp.main-receive-hashring-0.observability.svc.cluster.local",
                "dns+receive-default.observability.svc.cluster.local:10901",
            ])
    }

    @Test func `A managed hashring may have a long name, or one that is not a DNS label`() throws {
        for name in ["Team_A.b", String(repeating: "r", count: 40)] {
            let plan = try Scene(Samples.managed.replacing("hashring-0", with: name), Self.hard).plan()
            let names = plan.objects.filter { $0.kind == "StatefulSet" }.map(\.name)
            #expect(names.count == 2 && names[0].utf8.count <= 52)
            #expect(names[0].wholeMatch(of: /main-receive-[a-z0-9-]+/) != nil)
            #expect(try plan.object("StatefulSet", names[0]).labels["tributary.dev/hashring"] == name)
        }
    }

    @Test func `The replication factor is raised once the published file has enough receivers`() throws {
        var running = try Self.running(Samples.managed.replacing("replicas: 3", with: "replicas: 2"))
        running.startsReady = false
        try running.scene.add(Samples.managed.replacing("replicationFactor: 2", with: "replicationFactor: 3"))
        try running.settle()
        // A receiver exits if it should make three copies on two receivers.
        let set = try running.plan.object("StatefulSet", "main-receive-hashring-0")
        #expect(Self.flag("receive.replication-factor", set) == ["2"])
        #expect(set.json["spec", "replicas"] == 3)
        #expect(try running.plan.readiness(of: "main") == "False HashringWaiting")
        try running.becomeReady()
        try running.settle()
        #expect(
            Self.flag("receive.replication-factor", try running.plan.object("StatefulSet", "main-receive-default"))
                == ["3"])
    }

    // MARK: - Scaling

    @Test func `New receivers join a managed hashring once they are ready`() throws {
        var running = try Self.running()
        running.startsReady = false
        try running.scene.add(Samples.managed.replacing("replicas: 3", with: "replicas: 4"))
        try running.settle()
        #expect(running.replicas("main-receive-hashring-0") == 4)
        #expect(try running.plan.members(of: "hashring-0").count == 3)
        try running.becomeReady()
        #expect(try running.plan.members(of: "hashring-0").count == 4)
    }

    @Test func `A managed hashring that shrinks removes pods only after all pods have loaded the smaller file`()
        throws
    {
        var running = try Self.running()
        running.pass(3600)
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 3"))
        // The file no longer names them, and no pod has read it.
        try running.settle()
        #expect(try running.plan.members(of: "default") == (0..<3).map { "main-receive-default-\($0)" })
        #expect(running.replicas("main-receive-default") == 5)
        #expect(try running.plan.readiness(of: "main") == "False ScaleDownWaiting")
        let message = try running.plan.condition("Reconciling", of: "main").message
        #expect(
            message.hasPrefix("main-receive-default-3 to main-receive-default-4 stay until every receiver and router"))

        // All but one have read it. The one that leaves counts as well, since it forwards samples.
        running.load(running.pods.filter { $0 != "main-receive-default-4" })
        running.say("main-receive-default-4")
        running.pass(60)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 5)
        #expect(
            try running.plan.condition("Reconciling", of: "main").message.hasSuffix(
                "waiting for main-receive-default-4"))

        // Now all have, and pending requests get time to end: refreshInterval and the forward timeout.
        running.load()
        #expect(running.plan.recheckAfter == .seconds(10))
        running.pass(9)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 5)
        running.pass(1)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 3)
        #expect(running.plan.messages == [])
    }

    @Test func `A scale-down waits for routers as well`() throws {
        var running = try Self.running()
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 3"))
        try running.settle()
        running.load(running.pods.filter { $0 != "main-receive-y" })
        running.pass(60)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 5)
        running.load()
        running.pass(60)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 3)
    }

    @Test func `A scale-down that waits names the pods, with an Event after five minutes`() throws {
        var running = try Self.running()
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 4"))
        try running.settle()
        running.load(running.pods.filter { $0 != "main-receive-hashring-0-1" })
        #expect(running.plan.diagnostics == [])
        #expect(running.plan.recheckAfter == .seconds(10))
        running.pass(300)
        let expected =
            "warning: GlobalView observability/main: spec.thanos.hashrings: main-receive-default-4 stays until every "
            + "receiver and router has loaded the published hashring file; waiting for main-receive-hashring-0-1"
        #expect(running.plan.messages == [expected])
        #expect(try running.plan.readiness(of: "main") == "False ScaleDownWaiting")
        try running.settle()
        #expect(running.replicas("main-receive-default") == 5)
    }

    @Test func `A scale-down waits ten minutes for receivers that do not report their file`() throws {
        var running = try Self.running()
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 4"))
        try running.settle()
        let silent = "main-receive-hashring-0-1"
        running.load(running.pods.filter { $0 != silent })
        // A pod that has not been asked yet is not silent.
        running.restart(silent)
        running.pass(700)
        try running.settle()
        #expect(running.replicas("main-receive-default") == 5)
        running.scene.snapshot.take(.loadedHashring(Scene.key(silent), .silent("connection refused"), at: Scene.start))
        let set = try running.plan.object("StatefulSet", "main-receive-default")
        #expect(set.json["spec", "replicas"] == 4)
    }

    @Test func `A scale-down waits indefinitely for a ready receiver with an older file`() throws {
        var running = try Self.running()
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 4"))
        let old = "main-receive-hashring-0-1"
        running.load([old])
        try running.settle()
        running.load(running.pods.filter { $0 != old })
        running.pass(86_400)
        let set = try running.plan.object("StatefulSet", "main-receive-default")
        #expect(set.json["spec", "replicas"] == 5)
    }

    @Test func `A scale-down completes although tenants are added meanwhile`() throws {
        var running = try Self.running()
        try running.scene.add(Samples.managed.replacing("replicas: 5", with: "replicas: 3"))
        try running.settle()
        running.load()
        running.pass(60)
        // No pod has the newest file, but all have one without those that leave.
        try running.scene.add(Samples.tenant("tenant-b", "{hashring: hashring-0}"))
        try running.settle()
        #expect(running.replicas("main-receive-default") == 3)
    }

    @Test func `A managed hashring keeps minReplicas members and their pods`() throws {
        let held = Samples.managed + "\n      membership: {minReplicas: 4}"
        var running = try Self.running(held)
        try running.scene.add(held.replacing("replicas: 5", with: "replicas: 3"))
        try running.settle()
        running.load()
        running.pass(3600)
        try running.settle()
        #expect(try running.plan.members(of: "default").count == 4)
        #expect(running.replicas("main-receive-default") == 5)
        #expect(try running.plan.readiness(of: "main") == "False HashringHeld")
    }
}
