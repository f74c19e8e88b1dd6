import Explanations
import Kube
import Planning
import PlanningInput

/// What explanations are made from: the objects of files or of a cluster.
struct ExplainedObjects {
    let snapshot: Snapshot
    let targets: TargetObjects
    /// Whether these are all objects that there are.
    let isComplete: Bool

    /// Reads files or a cluster. Faults go to standard error.
    init(_ source: SourceOptions) async throws {
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
            targets = TargetObjects(files.manifests.map(\.object) + planned, isComplete: false)
            return
        }
        let (objects, unread) = try await ClusterObjects.withClient(
            kubeconfig: source.kubeconfig, context: source.context
        ) { client, _ in try await ClusterObjects.list(client, group: group) }
        unread.forEach { Output.error(Output.printable($0)) }
        var snapshot = Snapshot(now: .now, credentials: .assumed)
        for object in objects {
            do throws(FieldError) {
                try snapshot.take(object)
            } catch {
                Output.error(Output.printable("warning: \(object): \(error): left out"))
            }
        }
        self.snapshot = snapshot
        isComplete = true
        // Pods stand for their workloads.
        targets = TargetObjects(objects.filter { $0.kind != Resource.statefulSets.kind }, isComplete: true)
    }
}
