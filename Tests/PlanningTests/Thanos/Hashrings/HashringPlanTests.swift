import Kube
import Planning
import PlanningInput
import Receivers
import Testing
import TributaryAPI

@Suite("Plans of hashring files")
struct HashringPlanTests {
    static let tenants = [
        Samples.tenant("tenant-a", "{hashring: hashring-0}"), Samples.tenant("tenant-b", "{hashring: hashring-1}"),
    ]

    /// A scene with the three hashrings of the sample, and tenants on both hard hashrings.
    static func scene(_ thanos: String = Samples.thanos) throws -> Scene {
        var scene = try Scene(thanos, tenants[0], tenants[1])
        for hashring in ["default", "hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 3) }
        return scene
    }

    @Test func `The first hashring file names all wanted receivers, even if none is ready`() throws {
        let plan = try Self.scene().plan()
        #expect(try plan.members(of: "default") == (0..<3).map { "receive-default-\($0)" })
        let file = try plan.hashrings()
        #expect(
            file[0]?["endpoints"]?[0] == "receive-hashring-0-0.receive-hashring-0.observability.svc.cluster.local:10901"
        )
        #expect(file[0]?["algorithm"] == "ketama")
    }

    @Test func `Hard hashrings keep the order of the specification, and the soft hashring comes last`() throws {
        let plan = try Self.scene().plan()
        #expect(try plan.hashringNames() == ["hashring-0", "hashring-1", "default"])
        let file = try plan.hashrings()
        #expect(file[0]?["tenants"] == ["tenant-a"])
        #expect(file[1]?["tenants"] == ["tenant-b"])
        #expect(file[2]?["tenants"] == nil)
    }

    @Test func `A hard hashring without tenants is left out, since Thanos would use it as a catch-all`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(.tenant(Scene.key("tenant-a"), nil))
        let plan = scene.plan()
        #expect(try plan.hashringNames() == ["hashring-1", "default"])
        #expect(plan.messages == [])
        #expect(try plan.status(of: "main")["hashrings"]?[0]?["name"] == "hashring-0")
    }

    @Test func `A hashring continues with its ready receivers`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        try scene.receivers("default", replicas: 4, ready: 3, pods: 4)
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 3)
        let pending = try plan.status(of: "main")["hashrings"]?.array?.last?["pending"]?[0]
        #expect(pending?["pod"] == "receive-default-3")
        #expect(pending?["reason"] == "NotReady")
        try scene.receivers("default", replicas: 4, ready: 4)
        #expect(try scene.plan().members(of: "default").count == 4)
    }

    @Test func `A hashring keeps its members when all its receivers vanish`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        let before = scene.snapshot.published
        scene.removeReceivers("default")
        let plan = scene.plan()
        #expect(PublishedHashrings(try plan.object("ConfigMap", "main-hashrings")) == before.values.first)
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.hashrings[0]: hashring \"default\" selects "
                    + "no StatefulSet; adopt.selector should match the labels of its receivers"
            ])
        #expect(try plan.readiness(of: "main") == "False NoReceivers")
    }

    @Test func `A hashring never has fewer members than the replication factor`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        try scene.receivers("hashring-0", replicas: 1, ready: 1)
        let plan = scene.plan()
        #expect(try plan.members(of: "hashring-0") == ["receive-hashring-0-0", "receive-hashring-0-1"])
        #expect(try plan.readiness(of: "main") == "False HashringHeld")
        let message = try plan.condition("Stalled", of: "main").message
        let expected =
            "hashring \"hashring-0\" keeps its 2 members although receive-hashring-0-1 should leave: fewer would "
            + "be below replicationFactor 2"
        #expect(message == expected)
        #expect(plan.diagnostics.map(\.field?.description) == ["spec.thanos.hashrings[1]"])
    }

    @Test func `A hashring with fewer receivers than the replication factor is not published and gets a warning`()
        throws
    {
        var scene = try Self.scene()
        try scene.receivers("default", replicas: 1)
        let plan = scene.plan()
        #expect(try plan.hashringNames() == ["hashring-0", "hashring-1"])
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.hashrings[0]: hashring \"default\" is not "
                    + "published yet: it needs at least 2 receivers and has 1"
            ])
    }

    @Test func `A hashring file that Thanos would refuse is not published, and the previous file stays`() throws {
        var scene = try Self.scene()
        // The replication factor is raised above the members of a hashring.
        try scene.add(Samples.thanos.replacing("replicationFactor: 2", with: "replicationFactor: 3"))
        try scene.receivers("hashring-0", replicas: 2, ready: 2)
        let published = try Self.twoMembers()
        scene.snapshot.take(.hashrings(Scene.key("main-hashrings"), published))
        let plan = scene.plan()
        let text = try plan.object("ConfigMap", "main-hashrings").json["data", "hashrings.json"]?.string
        #expect(text == published.text)
        #expect(plan.diagnostics.contains { $0.reason == "HashringInvalid" && $0.severity == .error })
        #expect(try plan.condition("Stalled", of: "main").status == .true)
    }

    /// A published file whose hard hashring has two members: enough for two copies, too few for three.
    private static func twoMembers() throws -> PublishedHashrings {
        let text = """
            [{"hashring": "hashring-0", "tenants": ["tenant-a"], "algorithm": "ketama", "endpoints": [
              "receive-hashring-0-0.receive-hashring-0.observability.svc.cluster.local:10901",
              "receive-hashring-0-1.receive-hashring-0.observability.svc.cluster.local:10901"]},
             {"hashring": "default", "algorithm": "ketama", "endpoints": [
              "receive-default-0.receive-default.observability.svc.cluster.local:10901",
              "receive-default-1.receive-default.observability.svc.cluster.local:10901",
              "receive-default-2.receive-default.observability.svc.cluster.local:10901"]}]
            """
        let object = Object(
            .configMaps, namespace: Scene.namespace, name: "main-hashrings", ["data": ["hashrings.json": JSON(text)]])
        return try #require(PublishedHashrings(object))
    }

    @Test func `A hashring file that someone has edited is restored, and a warning names the editor`() throws {
        var scene = try Self.scene()
        let first = scene.plan()
        try scene.publish(first)
        let key = Scene.key("main-hashrings")
        var object = try first.object("ConfigMap", "main-hashrings")
        let text = object.json["data", "hashrings.json"]?.string
        object.json["data", "hashrings.json"] = #"[{"hashring": "default", "endpoints": ["elsewhere:10901"]}]"#
        func entry(_ manager: String, _ field: String) -> JSON {
            ["manager": JSON(manager), "operation": "Apply", "fieldsV1": ["f:data": [field: [:]]]]
        }
        object.json["metadata", "managedFields"] = [
            entry("tributary", "f:other"), entry("kubectl-edit", "f:hashrings.json"),
        ]
        scene.snapshot.take(.hashrings(key, PublishedHashrings(object)))
        let plan = scene.plan()
        #expect(try plan.object("ConfigMap", "main-hashrings").json["data", "hashrings.json"]?.string == text)
        let ready = try plan.condition("Ready", of: "main")
        #expect(ready.reason == "HashringEdited")
        #expect(
            ready.message
                == "ConfigMap \"main-hashrings\" was changed by \"kubectl-edit\" and is being restored; "
                + "change the GlobalView instead")
        // A ConfigMap that Tributary has never written is one that somebody else had published.
        object.json["metadata", "managedFields"] = [entry("kubectl-client-side-apply", "f:hashrings.json")]
        scene.snapshot.take(.hashrings(key, PublishedHashrings(object)))
        #expect(
            scene.plan().messages == [
                "warning: GlobalView observability/main: ConfigMap \"main-hashrings\" has a file of "
                    + "\"kubectl-client-side-apply\", which is being replaced by this view's"
            ])
        // Another owner of the text has the same text.
        object.json["metadata", "managedFields"] = [
            entry("kubectl-edit", "f:hashrings.json"), entry("tributary", "f:hashrings.json"),
        ]
        #expect(PublishedHashrings(object)?.editor == nil)
    }

    @Test func `A receiver whose node is gone leaves the hashring, although its pod stays ready`() throws {
        let pod = { (deleted: String?) -> ReceiverPod? in
            var object = Object(
                .pods, namespace: "o11y", name: "r-1",
                ownerReferences: [
                    OwnerReference(apiVersion: "apps/v1", kind: "StatefulSet", name: "r", uid: "u", controller: true)
                ],
                [
                    "status": [
                        "conditions": [
                            ["type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"]
                        ]
                    ]
                ])
            object.json["metadata", "deletionTimestamp"] = deleted.map { JSON($0) }
            object.json["metadata", "deletionGracePeriodSeconds"] = deleted == nil ? nil : 30
            return ReceiverPod(object)
        }
        #expect(pod(nil)?.isReady == true && pod(nil)?.readinessChanged == "2026-01-01T00:00:00Z")
        let going = pod("2026-01-02T00:00:30Z")
        #expect(going?.isReady == false && going?.readinessChanged == "2026-01-02T00:00:00Z")
    }

    @Test func `A hashring has the receivers of all StatefulSets that it selects, sorted by name`() throws {
        var scene = try Self.scene()
        try scene.receivers("default", set: "receive-zone-b", replicas: 2)
        try scene.receivers("default", set: "receive-a", replicas: 1)
        let plan = scene.plan()
        #expect(
            try plan.members(of: "default") == [
                "receive-a-0", "receive-default-0", "receive-default-1", "receive-default-2", "receive-zone-b-0",
                "receive-zone-b-1",
            ])
        #expect(try plan.status(of: "main")["hashringSummary"] == "hashring-0 3/3, hashring-1 3/3, default 6/6")
    }

    @Test func `An unready receiver stays for leaveAfter, and the plan is checked again when that is over`() throws {
        var scene = try Self.scene(
            Samples.thanos.replacing("soft: true", with: "soft: true\n      membership: {leaveAfter: 10m}"))
        try scene.receivers("hashring-0", replicas: 3, ready: 3)
        try scene.receivers("hashring-1", replicas: 3, ready: 3)
        try scene.publish(scene.plan())
        try scene.receivers(
            "default", replicas: 3, ready: 2, pods: 3, unreadySince: Scene.start.advanced(by: .seconds(-240)))
        let waiting = scene.plan()
        #expect(try waiting.members(of: "default").count == 3)
        #expect(waiting.recheckAfter == .seconds(360))
        #expect(try waiting.readiness(of: "main") == "False MembersPending")
        scene.snapshot.now = Scene.start.advanced(by: .seconds(360))
        let over = scene.plan()
        #expect(try over.members(of: "default") == ["receive-default-0", "receive-default-1"])
    }

    @Test func `A hashring that waits for a receiver says why its pod is not ready`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        try scene.receivers("default", replicas: 3, ready: 2)
        try scene.add(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: receive-default-2
              ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: receive-default, uid: u, controller: true}]
            status:
              conditions: [{type: Ready, status: "False", lastTransitionTime: "\(Scene.start)"}]
              containerStatuses:
              - name: receive
                restartCount: 4
                state: {waiting: {reason: CrashLoopBackOff}}
                lastState: {terminated: {exitCode: 1, message: "unknown long flag"}}
            """)
        let plan = scene.plan()
        #expect(try plan.readiness(of: "main") == "False CrashLoopBackOff")
        let said =
            "receive-default-2 of default (Unready); pod receive-default-2: container receive exited with code 1 "
            + "(restarts: 4): unknown long flag"
        let conditions = try plan.status(of: "main")["conditions"]?.array ?? []
        #expect(conditions.first { $0["type"] == "Ready" }?["message"]?.string?.contains(said) == true, "\(conditions)")
    }

    @Test func `A paused global view keeps its hashrings`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        let before = try scene.plan().status(of: "main")
        try scene.add(Samples.thanos.replacing("generation: 3", with: "generation: 4") + "\n  paused: true")
        var view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        view.status = try before.decode()
        scene.snapshot.take(.globalView(view.metadata.key, Boxed(view)))
        try scene.receivers("default", replicas: 9, ready: 9)
        let plan = scene.plan()
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(plan.messages == [])
        #expect(try plan.readiness(of: "main") == "Unknown Paused")
        let status = try plan.status(of: "main")
        #expect(status["observedGeneration"] == 4)
        #expect(status["hashrings"] == before["hashrings"])
        #expect(status["publishedAt"] == before["publishedAt"])
    }

    @Test(arguments: [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"), ("2026-11-21T09:00:03Z", "2026-11-21T09:00:00Z"),
    ])
    func `A hashring file that was written after the status was is as old as the API server says`(
        written: String, published: String
    ) throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        var map = try scene.plan().object("ConfigMap", "main-hashrings")
        map.json["metadata", "managedFields"] = [
            [
                "manager": "tributary", "operation": "Apply", "time": JSON(written),
                "fieldsV1": ["f:data": ["f:hashrings.json": [:]]],
            ]
        ]
        scene.snapshot.take(.hashrings(map.key, PublishedHashrings(map)))
        let status = try scene.plan().status(of: "main")
        #expect(status["publishedAt"]?.string == published)
    }

    @Test func `The hashring file keeps the entry of a tenant that has become invalid`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        try scene.add(Samples.tenant("tenant-a", "{hashring: no-such-ring}"))
        let file = try scene.plan().hashrings()
        #expect(file[0]?["hashring"] == "hashring-0")
        #expect(file[0]?["tenants"] == ["tenant-a"])
    }

    @Test func `The hashring file loses the entry of a deleted tenant`() throws {
        var scene = try Self.scene()
        try scene.add(Samples.tenant("tenant-c", "{hashring: hashring-0}"))
        try scene.publish(scene.plan())
        scene.snapshot.take(.tenant(Scene.key("tenant-c"), nil))
        #expect(try scene.plan().hashrings()[0]?["tenants"] == ["tenant-a"])
    }

    @Test func `The hashring file keeps the entry of a retained deleted tenant until another tenant has its id`()
        throws
    {
        var scene = try Self.scene()
        try scene.add(Samples.tenant("tenant-c", "{hashring: hashring-0, deletionPolicy: Retain}"))
        try scene.publish(scene.plan())
        scene.snapshot.take(.tenant(Scene.key("tenant-c"), nil))
        for _ in 0..<2 {
            let plan = scene.plan()
            #expect(try plan.hashrings()[0]?["tenants"] == ["tenant-a", "tenant-c"])
            #expect(
                try plan.object("ConfigMap", "main-hashrings").annotations == [
                    "tributary.dev/retained-tenants": "tenant-c"
                ])
            try scene.publish(plan)
        }
        try scene.add(Samples.tenant("tenant-c", "{hashring: hashring-1}"))
        let moved = scene.plan()
        #expect(try moved.hashrings()[0]?["tenants"] == ["tenant-a"])
        #expect(try moved.hashrings()[1]?["tenants"] == ["tenant-b", "tenant-c"])
        #expect(try moved.object("ConfigMap", "main-hashrings").annotations == [:])
    }

    @Test func `The hashring file stays unchanged while the global view is invalid`() throws {
        var scene = try Self.scene()
        try scene.publish(scene.plan())
        let before = try scene.plan().status(of: "main")
        try scene.add(Samples.thanos + "\n  external: {writeURL: https://mimir.example.org/api/v1/push}")
        var view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        view.status = try before.decode()
        scene.snapshot.take(.globalView(view.metadata.key, Boxed(view)))
        let plan = scene.plan()
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(try plan.readiness(of: "main") == "False InvalidSpec")
        #expect(try plan.status(of: "main")["publishedAt"] == before["publishedAt"])
        #expect(try plan.status(of: "main")["hashrings"] == before["hashrings"])
    }
}
