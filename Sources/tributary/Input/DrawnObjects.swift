import Explanations
import Kube
import KubeClient
import Planning
import PlanningInput
import Receivers
import Topology
import TributaryAPI

/// What is drawn: the objects of files or of a cluster.
enum DrawnObjects {
    private static let needed: [Resource] = TributaryAPI.kinds.map { $0.resource }
    /// Where these are out of reach, there still is something to draw.
    private static let others: [Resource] = [.statefulSets, .deployments, .pods]

    /// Reads files or a cluster. Faults go to standard error.
    static func topology(of source: SourceOptions, namespace: String?) async throws -> Topology {
        source.f.isEmpty ? try await ofCluster(source, namespace) : ofFiles(source)
    }

    private static func ofFiles(_ source: SourceOptions) -> Topology {
        let files = ManifestFiles(reading: source.f)
        files.problems.forEach(Output.error)
        var offline = OfflineSnapshot(convertsAgents: true, group: source.monitors.group)
        offline.add(files)
        var snapshot = offline.snapshot
        let plan = Planner(snapshot).plan()
        // Files have statuses where they are the output of kubectl get.
        let reported = files.manifests.map(\.object).filter { $0.json["status", "conditions"] != nil }
        let errors = Dictionary(grouping: plan.diagnostics.filter { $0.severity == .error }, by: \.about)
        var states = errors.mapValues { errors in
            ReportedState(
                unreported: errors.map {
                    Trouble(
                        weight: .wrong, kind: $0.about.resource.kind, key: $0.about.objectKey, reason: $0.reason,
                        message: $0.text, since: nil)
                })
        }
        take(reported, into: &states)
        take(files.manifests.map(\.object), into: &snapshot)
        let workloads = plan.objects.compactMap { PlacedWorkload($0, isPlanned: true) }
        return Topology(Wiring(snapshot, workloads), states)
    }

    private static func ofCluster(_ source: SourceOptions, _ namespace: String?) async throws -> Topology {
        let (objects, unread) = try await ClusterObjects.withClient(
            kubeconfig: source.kubeconfig, context: source.context
        ) { client, _ in try await list(client, namespace) }
        unread.forEach { Output.error(Output.printable($0)) }
        var snapshot = Snapshot(now: .now, credentials: .assumed)
        for object in objects {
            do throws(FieldError) {
                try snapshot.take(object)
            } catch {
                Output.error(Output.printable("warning: \(object): \(error): left out"))
            }
        }
        take(objects, into: &snapshot)
        var states: [PlanKey: ReportedState] = [:]
        take(objects, into: &states)
        let workloads = objects.compactMap { PlacedWorkload($0, isPlanned: false) }
        return Topology(Wiring(snapshot, workloads), states)
    }

    /// Lists the objects of a cluster, each kind once. Of ConfigMaps and Deployments, those that Tributary made are enough.
    private static func list(
        _ client: KubeClient, _ namespace: String?
    ) async throws -> (objects: [Object], unread: [String]) {
        var objects: [Object] = []
        var unread: [String] = []
        for resource in needed {
            Progress.shared.step("reading \(resource.plural)")
            objects += try await client.listAll(resource, namespace: namespace).items
        }
        let ours = "\(Names.managedByLabel)=\(Names.manager)"
        for resource in others + [.configMaps] {
            Progress.shared.step("reading \(resource.plural)")
            // Receivers of others have labels of others.
            let query = ListQuery(labelSelector: [.statefulSets, .pods].contains(resource) ? nil : ours)
            do {
                objects += try await client.listAll(resource, namespace: namespace, query).items
            } catch let status as APIStatus where status.isNotFound || status.isForbidden {
                unread.append("warning: \(resource): \(status): left out")
            }
        }
        return (objects, unread)
    }

    /// Takes in what pods of Tributary's workloads say, which a snapshot has from watches.
    private static func take(_ objects: [Object], into snapshot: inout Snapshot) {
        for object in objects {
            guard let pod = OwnPod(object) else { continue }
            snapshot.take(.podTrouble(pod.key, pod.trouble, in: pod.group))
        }
    }

    /// Reads the statuses of custom resources.
    private static func take(_ objects: [Object], into states: inout [PlanKey: ReportedState]) {
        for object in objects {
            guard let key = PlanKey(group: object.group, kind: object.kind, object.key) else { continue }
            states[key] = ReportedState(object)
        }
    }
}
