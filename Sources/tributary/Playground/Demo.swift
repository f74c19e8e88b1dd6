import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// The scenes of the demo, and the watches that show their effects.
struct Demo: Sendable {
    let playground: Playground
    let log: DemoLog
    let logger: Logger

    private var client: KubeClient { playground.client }

    private static let namespace = "observability"
    private static let ring = "receive-hashring-0"

    /// A scene that did not end as expected.
    struct Stuck: Error, CustomStringConvertible {
        var description: String
    }

    /// Plays all scenes with the manifests of a folder, and shows what the watches see meanwhile.
    func run(_ examples: String) async throws {
        try await withBackgroundWork("watching", { await watch() }, { try await play(examples) })
    }

    // MARK: - Scenes

    private func play(_ examples: String) async throws {
        log.scene("The API server and the operator start. The CustomResourceDefinitions are applied.")
        try await playground.applyDefinitions()
        log.scene("kubectl apply -f \(examples)")
        guard try await playground.apply([examples]) else {
            throw Stuck(description: "not all of \(examples) was applied")
        }
        try await wait("every tenant is ready and the hashring has 3 members") {
            let tenants = try await client.list(Tenant.resource, namespace: Self.namespace, ListQuery()).items
            return try await members() == 3 && tenants.count == 3 && tenants.allSatisfy(Self.isReady)
        }
        try await showTenants()

        try await scale(to: 5)
        try await wait("the hashring has 5 members") { try await members() == 5 }
        try await scale(to: 2)
        try await wait("the hashring has 2 members") { try await members() == 2 }

        try await scale(to: 3)
        try await wait("the hashring has 3 members") { try await members() == 3 }
        log.scene(
            "\(Self.ring)-1 becomes unready and stays so. It leaves the hashring after leaveAfter, here set to 2s.")
        try await setLeaveAfter("2s")
        let pod = ObjectKey(namespace: Self.namespace, name: "\(Self.ring)-1")
        try await annotate(pod, ready: "false")
        try await wait("the hashring has 2 members") { try await members() == 2 }
        log.scene("\(Self.ring)-1 is ready again.")
        try await annotate(pod, ready: nil)
        try await wait("the hashring has 3 members") { try await members() == 3 }
        try await showGlobalView()
    }

    private func scale(to replicas: Int) async throws {
        log.scene("kubectl scale statefulset \(Self.ring) --replicas=\(replicas)")
        _ = try await client.patch(
            .statefulSets, ObjectKey(namespace: Self.namespace, name: Self.ring), .merge,
            body: ["spec": ["replicas": JSON(replicas)]])
    }

    private func setLeaveAfter(_ time: String) async throws {
        let view = try await globalView()
        let rings = (view.json["spec", "thanos", "hashrings"]?.array ?? []).map { ring in
            var ring = ring
            ring["membership", "leaveAfter"] = JSON(time)
            return ring
        }
        _ = try await client.patch(
            GlobalView.resource, view.key, .merge, body: ["spec": ["thanos": ["hashrings": .array(rings)]]])
        try await wait("the operator has seen the change") {
            try await globalView().json["status", "observedGeneration"]?.int ?? 0 > view.generation ?? 0
        }
    }

    private func annotate(_ pod: ObjectKey, ready: String?) async throws {
        let value: JSON = ready.map { JSON($0) } ?? .null
        _ = try await client.patch(
            .pods, pod, .merge, body: ["metadata": ["annotations": ["local.tributary.dev/ready": value]]])
    }

    // MARK: - State

    private func globalView() async throws -> Object {
        guard let view = try await client.list(GlobalView.resource, namespace: Self.namespace, ListQuery()).items.first
        else { throw Stuck(description: "namespace \(Self.namespace) has no GlobalView") }
        return view
    }

    private func members() async throws -> Int {
        let rings = try await globalView().json["status", "hashrings"]?.array ?? []
        return rings.first { $0["name"]?.string == "hashring-0" }?["members"]?.int ?? 0
    }

    private static func isReady(_ object: Object) -> Bool {
        let conditions = object.json["status", "conditions"]?.array ?? []
        return conditions.contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" }
    }

    private func showTenants() async throws {
        log.scene("Each tenant has these objects now:")
        for tenant in try await client.list(Tenant.resource, namespace: Self.namespace, ListQuery()).items {
            let status = tenant.json["status"] ?? [:]
            log.line("tenant \(status["id"]?.string ?? "") on hashring \(status["hashring"]?.string ?? "")")
            for resource in [Resource.deployments, .services, .configMaps] {
                let owned = try await client.list(
                    resource, namespace: Self.namespace,
                    ListQuery(labelSelector: "\(Names.managedByLabel)=\(Names.manager)"))
                for object in owned.items where object.ownerReferences.contains(where: { $0.uid == tenant.uid }) {
                    log.line("  \(resource.kind) \(object.name)")
                }
            }
            log.line("  read  \(status["readURL"]?.string ?? "-")")
            log.line("  write \(status["writeURL"]?.string ?? "-")")
        }
    }

    private func showGlobalView() async throws {
        let view = try await globalView()
        log.scene("kubectl get globalviews: \(view.name) \(view.json["status", "hashringSummary"]?.string ?? "")")
    }

    private func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(30)
        while try await !condition() {
            guard clock.now < end else { throw Stuck(description: "timed out after 30 s; expected that \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: - Changes

    /// Shows what watches see until the task is cancelled.
    private func watch() async {
        let pods = Store<ReceiverPod>()
        pods.onChange { [log] change in
            switch (change.old, change.new) {
            case (let old, let new?) where new.isReady != (old?.isReady ?? false):
                log.event("\(new.key.name) \(new.isReady ? "became ready" : "became unready")")
            default: break
            }
        }
        let sets = Store<ReceiverSet>()
        sets.onChange { [log] change in
            guard let new = change.new, new.replicas != change.old?.replicas else { return }
            log.event("\(new.key.name) was scaled to \(new.replicas) replicas")
        }
        let files = Store<PublishedHashrings>()
        files.onChange { [log] change in
            log.diff(change.key, from: change.old?.text ?? "", to: change.new?.text ?? "")
        }
        let (client, quiet) = (client, logger)
        await withDiscardingTaskGroup { group in
            let namespace = Self.namespace
            group.addTask {
                let scope = WatchScope(.pods, namespace: namespace)
                await Watcher(scope, into: pods, client: client, logger: quiet, transform: ReceiverPod.init).run()
            }
            group.addTask {
                let scope = WatchScope(.statefulSets, namespace: namespace)
                await Watcher(scope, into: sets, client: client, logger: quiet, transform: ReceiverSet.init).run()
            }
            group.addTask {
                let scope = WatchScope(.configMaps, namespace: namespace)
                await Watcher(scope, into: files, client: client, logger: quiet, transform: PublishedHashrings.init)
                    .run()
            }
        }
    }
}
