import Kube
import KubeClient
import Planning
import PlanningInput
import TestSupport
import TributaryAPI

/// Every version of the custom resources of a namespace and of what Tributary made for them, from the API server's own
/// watches.
final class ObjectHistory: Sendable {
    /// One version of an object.
    struct Version: Sendable {
        var isDeletion = false
        var object: Object
    }

    private struct Recorded: Sendable {
        var versions: [String: [Version]] = [:]
        var holes: [String] = []
    }

    private static let resources = [GlobalView.resource, Tenant.resource] + Scenario.madeKinds

    private let client: KubeClient
    private let namespace: String
    private let state = Locked(Recorded())
    private let task = Locked<Task<Void, Never>?>(nil)

    private init(_ client: KubeClient, _ namespace: String) {
        self.client = client
        self.namespace = namespace
    }

    /// Records from now on, on a connection of its own.
    static func record(_ scenario: Scenario) async throws -> ObjectHistory {
        let history = ObjectHistory(scenario.client, scenario.namespace)
        var starts: [(Resource, String)] = []
        for resource in resources {
            let list = try await scenario.client.list(resource, namespace: scenario.namespace)
            starts.append((resource, list.resourceVersion))
        }
        let task = Task { [starts] in
            await withDiscardingTaskGroup { group in
                for (resource, version) in starts { group.addTask { await history.record(resource, from: version) } }
            }
        }
        history.task.withLock { $0 = task }
        return history
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private func record(_ resource: Resource, from start: String) async {
        var version = start
        while !Task.isCancelled {
            do {
                for try await event in try await client.watch(
                    resource, namespace: namespace, WatchQuery(resourceVersion: version))
                {
                    switch event {
                    case .added(let object), .modified(let object):
                        add(Version(object: object))
                        version = object.resourceVersion ?? version
                    case .deleted(let object):
                        add(Version(isDeletion: true, object: object))
                        version = object.resourceVersion ?? version
                    case .bookmark(let next, _): version = next
                    case .error(let status): throw status
                    }
                }
            } catch {
                if Task.isCancelled { return }
                state.withLock { $0.holes.append("\(resource): \(error)") }
                return
            }
        }
    }

    private func add(_ version: Version) {
        let object = version.object
        guard object.apiVersion == Tenant.resource.apiVersion || object.labels[Names.managedByLabel] == Names.manager
        else { return }
        state.withLock { $0.versions[Self.name(object), default: []].append(version) }
    }

    static func name(_ object: Object) -> String { "\(object.kind) \(object.name)" }

    // MARK: - Reading

    /// The versions so far of each object, by kind and name.
    var versions: [String: [Version]] { state.withLock { $0.versions } }

    /// Waits until it has everything that the API server has now, and throws if it has missed something.
    func catchUp() async throws {
        for resource in Self.resources {
            for object in try await client.list(resource, namespace: namespace).items {
                guard let latest = object.resourceVersion else { continue }
                let isOurs = object.labels[Names.managedByLabel] == Names.manager
                guard isOurs || object.apiVersion == Tenant.resource.apiVersion else { continue }
                try await waitUntil("the history has \(object) \(latest)", within: .seconds(20)) {
                    let (holes, versions) = state.withLock { ($0.holes, $0.versions[Self.name(object)] ?? []) }
                    guard holes.isEmpty else { throw WaitingError(description: "the history has holes: \(holes)") }
                    return versions.contains { Self.reaches($0.object.resourceVersion, latest) }
                }
            }
        }
    }

    private static func reaches(_ version: String?, _ latest: String) -> Bool {
        guard let have = version.flatMap(Int.init), let want = Int(latest) else { return version == latest }
        return have >= want
    }

    /// What an object says, the same in every namespace: without versions, times, and who wrote what. The status of a custom
    /// resource is its conditions in short form.
    static func content(_ object: Object) -> String {
        var json = object.json
        let metadata: JSON = [
            "labels": json["metadata", "labels"] ?? .null, "annotations": json["metadata", "annotations"] ?? .null,
            "owners": .array(object.ownerReferences.map { .string("\($0.kind) \($0.name)") }),
        ]
        json["metadata"] = metadata
        json["status"] = nil
        if object.apiVersion == Tenant.resource.apiVersion {
            json["status"] = Scenario.condition("Ready", of: object).map { .string($0) }
        }
        let text = json.text()
        return object.namespace.map { text.replacing($0, with: "NAMESPACE") } ?? text
    }
}
