public import Kube
public import KubeClient
import KubeRuntime
import Planning
import PlanningInput
public import PrometheusConfig

/// What the operator would change in a cluster for some files, found out by server-side dry runs: nothing is written.
public struct ChangePreview: Sendable {
    /// One object that would differ.
    public struct Difference: Sendable {
        /// The object as it is; nil if it would be created.
        public var before: Object?
        /// The object as it would be; nil if it would be deleted.
        public var after: Object?
    }

    /// The objects that would be created, changed or deleted, sorted by kind, namespace and name.
    public private(set) var differences: [Difference] = []
    /// What the plans report: a line each.
    public private(set) var findings: [String] = []
    /// How many series changes of hashrings would move: a line each.
    public private(set) var moves: [String] = []
    /// What could not be found out: a line each.
    public private(set) var problems: [String] = []

    /// The most requests at a time.
    private static let width = 8

    /// Plans for files with all else as it is in a cluster. `progress` is told what is being done. Throws what the API server
    /// or the client throws.
    public init(
        of files: [Object], in client: KubeClient, monitorGroup: MonitorGroup = .standard,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let cluster = PreviewedCluster(client, monitorGroup, progress: progress)
        try await cluster.load()
        let keys = try await cluster.add(files)
        var wanted: [(object: Object, before: Object?)] = []
        for key in keys.sorted(by: { "\($0)" < "\($1)" }) {
            progress("planning \(key)")
            guard let plan = try await cluster.plan(for: key) else { continue }
            findings += plan.diagnostics.map(\.description)
            wanted += plan.objects.map { ($0, cluster.live(like: $0)) }
            moves += cluster.moves(of: key, plan)
            differences += cluster.leftovers(of: key, plan).map { Difference(before: $0, after: nil) }
        }
        problems = cluster.problems
        try await compare(wanted, client, progress)
        differences.sort { Self.order($0) < Self.order($1) }
    }

    /// An object without what the API server adds to it.
    public static func shown(_ object: Object) -> JSON { PreviewedCluster.comparable(object) }

    private static func order(_ difference: Difference) -> String {
        let object = difference.after ?? difference.before ?? Object([:])
        return "\(object.apiVersion) \(object.kind) \(object.key)"
    }

    private mutating func compare(
        _ wanted: [(object: Object, before: Object?)], _ client: KubeClient, _ progress: (String) -> Void
    ) async throws {
        var rest = wanted[...]
        while !rest.isEmpty {
            progress("comparing objects: \(wanted.count - rest.count) of \(wanted.count)")
            let now = rest.prefix(Self.width)
            rest = rest.dropFirst(Self.width)
            for result in try await concurrently(Array(now), { try await DryRun($0.object, $0.before, client) }) {
                if let problem = result.problem { problems.append(problem) }
                if let difference = result.difference { differences.append(difference) }
            }
        }
    }
}

/// The answer to one apply that writes nothing.
private struct DryRun: Sendable {
    var difference: ChangePreview.Difference?
    var problem: String?

    init(_ object: Object, _ known: Object?, _ client: KubeClient) async throws {
        let resource = try OwnedKinds.resource(of: object)
        var before = known
        if before == nil {
            do {
                before = try await client.get(resource, object.key)
            } catch let status as APIStatus where status.isNotFound {
                before = nil
            }
        }
        let manager = PreviewedCluster.manager
        if let before, case let state = AppliedState(before, as: manager), !state.hasLabel, !state.isApplied {
            problem = "\(object): exists and was not made by Tributary: the operator leaves it as it is"
            return
        }
        var body = object
        body.json["status"] = nil
        let after: Object
        do {
            after = try await client.apply(resource, body, fieldManager: manager.name, force: true, dryRun: true)
        } catch let status as APIStatus where status.isNotFound && before == nil {
            // Its namespace is among the files and does not exist yet.
            after = object
        } catch let status as APIStatus where status.code < 500 && status.code != 429 {
            problem = "\(object): \(status.message)"
            return
        }
        if before.map(PreviewedCluster.comparable) != PreviewedCluster.comparable(after) {
            difference = ChangePreview.Difference(before: before, after: after)
        }
    }
}
