import Explanations
import Kube
import Planning
import PlanningInput

/// What explanations are made from: the objects of files or of a cluster.
struct ExplainedObjects {
    let snapshot: Snapshot
    let targets: TargetObjects
    /// The objects that run receivers.
    let receivers: ReceiverObjects
    /// Whether these are all objects that there are.
    let isComplete: Bool

    /// Reads files or a cluster. Faults go to standard error. Of a cluster, `hasReceivers` reads the hashring files, too.
    init(_ source: SourceOptions, hasReceivers: Bool = false) async throws {
        let group = source.monitors.group
        guard source.f.isEmpty else {
            let files = ManifestFiles(reading: source.f)
            files.problems.forEach(Output.error)
            var offline = OfflineSnapshot(convertsAgents: true, group: group)
            offline.add(files)
            snapshot = offline.snapshot
            isComplete = false
            // What Tributary makes for the files is scraped like anything else.
            let planned = Planner(snapshot).plan().objects
            let all = planned + files.manifests.map(\.object)
            targets = TargetObjects(all, isComplete: false)
            // What would be published is not there yet.
            receivers = ReceiverObjects(
                all.filter { $0.kind != Resource.configMaps.kind } + files.manifests.map(\.object), isComplete: false)
            return
        }
        (snapshot, targets, receivers) = try await ClusterObjects.withClient(
            kubeconfig: source.kubeconfig, context: source.context
        ) { client, _ in
            var (objects, unread) = try await ClusterObjects.list(client, group: group)
            unread.forEach { Output.error(Output.printable($0)) }
            var snapshot = Snapshot(now: .now, credentials: .assumed)
            Self.take(objects, &snapshot)
            if hasReceivers {
                let files = try await ClusterObjects.hashringFiles(client, snapshot)
                Self.take(files, &snapshot)
                objects += files
            }
            // Pods stand for their workloads.
            return (
                snapshot,
                TargetObjects(objects.filter { $0.kind != Resource.statefulSets.kind }, isComplete: true),
                ReceiverObjects(objects, isComplete: true)
            )
        }
        isComplete = true
    }

    private static func take(_ objects: [Object], _ snapshot: inout Snapshot) {
        for object in objects {
            do throws(FieldError) {
                try snapshot.take(object)
            } catch {
                Output.error(Output.printable("warning: \(object): \(error): left out"))
            }
        }
    }
}
