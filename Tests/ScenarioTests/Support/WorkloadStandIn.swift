import Kube
import KubeClient
import KubeRuntime
import TestSupport

/// A stand-in for the controllers and kubelets of Kubernetes in one namespace. It creates the pods of StatefulSets,
/// makes pods ready, and updates the status of Deployments and StatefulSets. The pods of a StatefulSet that is deleted
/// with the orphan policy stay, and a new StatefulSet adopts them.
///
/// It works through the API, so it is the same for every cluster.
final class WorkloadStandIn: Sendable {
    private struct Readiness: Hashable {
        var isReady: Bool
        var since: Timestamp?
    }

    private struct State {
        var readiness: [String: Readiness] = [:]
        /// Whether new pods become ready. If not, they have no Ready condition.
        var startsReady = true
        var heldDeployments: Set<String> = []
        var startsRouters = false
        var withheldPods: Set<String> = []
        var strandedPods: Set<String> = []
        var nodes: [String: String] = [:]
        var addresses: [String: String] = [:]
    }

    private let client: KubeClient
    private let namespace: String
    private let sets = Store<Object>()
    private let deployments = Store<Object>()
    private let pods = Store<Object>()
    private let state = Locked(State())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(_ client: KubeClient, namespace: String) {
        self.client = client
        self.namespace = namespace
    }

    // MARK: - Instructions of tests

    /// Sets whether pods that are created from now on become ready.
    func startPods(ready: Bool) { change { $0.startsReady = ready } }

    /// Makes a pod ready or unready, both now and after it is recreated.
    func set(_ pod: String, ready: Bool, since: Timestamp? = nil) {
        change { $0.readiness[pod] = Readiness(isReady: ready, since: since) }
    }

    /// Does not recreate a pod once it is deleted, as if a quota or a volume prevented it.
    func withhold(_ pod: String) { change { $0.withheldPods.insert(pod) } }

    /// Places a pod on a node when it is created. The others are on `node-0`.
    func place(_ pod: String, on node: String) { change { $0.nodes[pod] = node } }

    /// Ignores a pod, as if its node were lost: its status stays, and its deletion never finishes.
    func strand(_ pod: String) { change { $0.strandedPods.insert(pod) } }

    /// Whether a pod is being deleted.
    func isBeingDeleted(_ pod: String) -> Bool {
        pods[ObjectKey(namespace: namespace, name: pod)]?.isBeingDeleted ?? false
    }

    /// Gives a pod an address.
    func give(_ pod: String, address: String) { change { $0.addresses[pod] = address } }

    /// Creates pods for Deployments of routers, named like those of a StatefulSet. Other Deployments have no pods.
    func startsRouters() { change { $0.startsRouters = true } }

    /// Keeps a Deployment without ready pods.
    func hold(deployment name: String) { change { $0.heldDeployments.insert(name) } }

    /// Makes the pods of a held Deployment ready.
    func release(deployment name: String) { change { $0.heldDeployments.remove(name) } }

    /// Whether a pod exists, is not being deleted, and is ready.
    func isReady(_ pod: String) -> Bool {
        guard let pod = pods[ObjectKey(namespace: namespace, name: pod)], !pod.isBeingDeleted else { return false }
        return Self.readyCondition(of: pod)?["status"] == "True"
    }

    /// The UID of a pod; nil if it does not exist.
    func uid(of pod: String) -> String? { pods[ObjectKey(namespace: namespace, name: pod)]?.uid }

    /// Deletes a pod as `kubectl delete pod` does. It is recreated with the same name.
    func delete(pod: String) async throws {
        try await client.delete(.pods, ObjectKey(namespace: namespace, name: pod))
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        wakes.continuation.yield()
    }

    // MARK: - Work

    /// Works until the task is cancelled.
    func run() async {
        let wake = wakes.continuation
        for store in [sets, deployments, pods] { store.onChange { _ in wake.yield() } }
        await withDiscardingTaskGroup { group in
            for (resource, store) in [(Resource.statefulSets, sets), (.deployments, deployments), (.pods, pods)] {
                let scope = WatchScope(resource, namespace: namespace)
                group.addTask { await Watcher(scope, into: store, client: self.client, logger: quiet) { $0 }.run() }
            }
            group.addTask {
                guard (try? await self.sets.synced()) != nil, (try? await self.pods.synced()) != nil else { return }
                for await _ in self.wakes.stream { await self.work() }
            }
        }
    }

    private func work() async {
        let sets = sets.values.filter { !$0.isBeingDeleted }
        let pods = pods.values
        let startsRouters = state.withLock { $0.startsRouters }
        let routers = deployments.values.filter {
            startsRouters && !$0.isBeingDeleted && $0.labels["app.kubernetes.io/component"] == "receive-router"
        }
        for set in self.sets.values where Self.isOrphaning(set) {
            await tryTo { try await self.release(set, pods) }
        }
        for pod in pods { await tryTo { try await self.tend(pod: pod, sets + routers) } }
        for set in sets { await tryTo { try await self.tend(set: set, pods) } }
        for router in routers { await tryTo { try await self.givePods(router, pods) } }
        for deployment in deployments.values where !deployment.isBeingDeleted {
            let isHeld = state.withLock { $0.heldDeployments.contains(deployment.name) }
            let replicas = deployment.json["spec", "replicas"]?.int ?? 1
            await tryTo {
                try await self.setStatus(.deployments, deployment, replicas: replicas, ready: isHeld ? 0 : replicas)
            }
        }
    }

    /// Ignores conflicts, since a watch delivers the change soon. Tries again after other errors.
    private func tryTo(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let status as APIStatus where [404, 409].contains(status.code) {
        } catch {
            let wake = wakes.continuation
            Task {
                try? await Task.sleep(for: .milliseconds(100))
                wake.yield()
            }
        }
    }

    private func tend(set: Object, _ pods: [Object]) async throws {
        let own = try await givePods(set, pods)
        let ready = own.count { Self.readyCondition(of: $0)?["status"] == "True" && !$0.isBeingDeleted }
        try await setStatus(.statefulSets, set, replicas: own.count, ready: min(ready, own.count))
    }

    /// Creates missing pods of a workload and deletes surplus ones. Returns the pods that existed before.
    @discardableResult
    private func givePods(_ set: Object, _ pods: [Object]) async throws -> [Object] {
        let wanted = (0..<(set.json["spec", "replicas"]?.int ?? 1)).map { "\(set.name)-\($0)" }
        var own = pods.filter { $0.ownerReferences.contains { $0.uid == set.uid } }
        for pod in pods where pod.ownerReferences.isEmpty && wanted.contains(pod.name) && !pod.isBeingDeleted {
            if let adopted = try await adopt(pod, set) { own.append(adopted) }
        }
        for pod in own.reversed() where !wanted.contains(pod.name) && !pod.isBeingDeleted {
            try await client.delete(.pods, pod.key)
        }
        let withheld = state.withLock { $0.withheldPods }
        for name in wanted where !withheld.contains(name) && !own.contains(where: { $0.name == name }) {
            try await create(name, of: set)
        }
        return own
    }

    private static func isOrphaning(_ set: Object) -> Bool {
        set.isBeingDeleted && set.json["metadata", "finalizers"]?.array?.contains("orphan") == true
    }

    /// Removes an orphaning StatefulSet as the owner of its pods and completes its deletion, as the garbage collector
    /// does.
    private func release(_ set: Object, _ pods: [Object]) async throws {
        for pod in pods where pod.ownerReferences.contains(where: { $0.uid == set.uid }) {
            try await own(pod, nil)
        }
        try await client.patch(
            .statefulSets, set.key, .merge,
            body: ["metadata": ["uid": set.uid.map { .string($0) } ?? .null, "finalizers": .null]])
    }

    /// Makes a StatefulSet the owner of a pod without an owner, if its selector matches.
    private func adopt(_ pod: Object, _ set: Object) async throws -> Object? {
        let labels = set.json["spec", "selector", "matchLabels"]?.strings ?? [:]
        guard set.kind == Resource.statefulSets.kind, labels.allSatisfy({ pod.labels[$0.key] == $0.value }) else {
            return nil
        }
        // Kubernetes checks this as well: the watch may be late, and a deleted owner would take the pod with it.
        let live = try await client.get(.statefulSets, set.key)
        guard live.uid == set.uid, !live.isBeingDeleted else { return nil }
        return try await own(pod, Self.reference(to: set))
    }

    @discardableResult
    private func own(_ pod: Object, _ owner: OwnerReference?) async throws -> Object {
        let owners: JSON = owner.map { [$0.json] } ?? .null
        return try await client.patch(
            .pods, pod.key, .merge,
            body: ["metadata": ["uid": pod.uid.map { .string($0) } ?? .null, "ownerReferences": owners]])
    }

    private static func reference(to set: Object) -> OwnerReference {
        OwnerReference(
            apiVersion: set.apiVersion, kind: set.kind, name: set.name, uid: set.uid ?? "", controller: true,
            blockOwnerDeletion: true)
    }

    private func create(_ name: String, of set: Object) async throws {
        let owner = Self.reference(to: set)
        var spec = set.json["spec", "template", "spec"] ?? [:]
        let claims = (set.json["spec", "volumeClaimTemplates"]?.array ?? []).compactMap { claim -> JSON? in
            guard let volume = claim["metadata", "name"]?.string else { return nil }
            return ["name": .string(volume), "persistentVolumeClaim": ["claimName": .string("\(volume)-\(name)")]]
        }
        if !claims.isEmpty { spec["volumes"] = .array((spec["volumes"]?.array ?? []) + claims) }
        spec["nodeName"] = .string(state.withLock { $0.nodes[name] } ?? "node-0")
        try await client.create(
            .pods,
            Object(
                .pods, namespace: namespace, name: name,
                labels: set.json["spec", "template", "metadata", "labels"]?.strings ?? [:], ownerReferences: [owner],
                ["spec": spec]))
    }

    private func tend(pod: Object, _ sets: [Object]) async throws {
        if state.withLock({ $0.strandedPods.contains(pod.name) }) { return }
        // Pods without an owner belong to a test, or wait for a StatefulSet that adopts them.
        if pod.ownerReferences.isEmpty { return }
        let hasOwner = sets.contains { set in pod.ownerReferences.contains { $0.uid == set.uid } }
        if !hasOwner, !pod.isBeingDeleted {
            // Check whether the pod was orphaned, since the watch of pods may be late.
            let leavers = self.sets.values.filter(Self.isOrphaning).compactMap(\.uid)
            if pod.ownerReferences.contains(where: { leavers.contains($0.uid) }) { return }
            if try await client.get(.pods, pod.key).ownerReferences.isEmpty { return }
        }
        if pod.isBeingDeleted || !hasOwner {
            try await client.delete(.pods, pod.key, DeleteOptions(uid: pod.uid, gracePeriodSeconds: 0))
            return
        }
        let (asked, startsReady, address) = state.withLock {
            ($0.readiness[pod.name], $0.startsReady, $0.addresses[pod.name])
        }
        let current = Self.readyCondition(of: pod)
        let wanted = asked?.isReady ?? (startsReady || current?["status"] == "True")
        let text = wanted ? "True" : "False"
        let since = asked?.since?.description
        if current?["status"]?.string == text, since == nil || current?["lastTransitionTime"]?.string == since,
            pod.json["status", "podIP"]?.string == address
        {
            return
        }
        let condition: JSON = [
            "type": "Ready", "status": .string(text),
            "lastTransitionTime": .string(since ?? Timestamp.now.description),
        ]
        try await client.patch(
            .pods, pod.key, .merge,
            body: [
                "metadata": ["uid": pod.uid.map { .string($0) } ?? .null],
                "status": [
                    "phase": "Running", "conditions": [condition], "podIP": address.map { .string($0) } ?? .null,
                    "podIPs": address.map { [["ip": .string($0)]] } ?? .null,
                ],
            ], subresource: "status")
    }

    private func setStatus(_ resource: Resource, _ object: Object, replicas: Int, ready: Int) async throws {
        let generation: JSON = JSON(object.generation ?? 0)
        let status = object.json["status"]
        if status?["observedGeneration"] == generation, status?["replicas"]?.int ?? 0 == replicas,
            status?["readyReplicas"]?.int ?? 0 == ready
        {
            return
        }
        try await client.patch(
            resource, object.key, .merge,
            body: [
                "status": [
                    "observedGeneration": generation, "replicas": JSON(replicas), "updatedReplicas": JSON(replicas),
                    "readyReplicas": JSON(ready), "availableReplicas": JSON(ready),
                ]
            ], subresource: "status")
    }

    private static func readyCondition(of pod: Object) -> JSON? {
        pod.json["status", "conditions"]?.array?.first { $0["type"] == "Ready" }
    }
}
