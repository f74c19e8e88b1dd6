import Kube
import KubeClient
import KubeRuntime
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

/// Every version that the API server showed of what Tributary makes, and of what it reports on, in one namespace.
final class WriteHistory: Sendable {
    /// A version of an object.
    struct Version: Sendable, Hashable {
        /// The kind and the name.
        var object: String
        var uid = ""
        var resourceVersion = ""
        var isGone = false
        /// The Ready condition in short form; nil if there is none.
        var ready: String?
        /// The hashring file; nil if the object has none.
        var file: String?
    }

    fileprivate struct State {
        var versions: [Version] = []
        var latest: [String: Version] = [:]
        var watching: Set<Resource> = []
        var onWrite: (@Sendable () -> Void)?
    }

    private static let resources =
        [GlobalView.resource, Tenant.resource, PrometheusAgent.resource] + Scenario.madeKinds
    private let scenario: Scenario
    private let state = Locked(State())

    private init(_ scenario: Scenario) { self.scenario = scenario }

    /// Records while a test does something, until all that was written by then is recorded.
    @discardableResult
    static func record(
        _ scenario: Scenario, _ body: (WriteHistory) async throws -> Void
    ) async throws -> WriteHistory {
        let history = WriteHistory(scenario)
        let watching = Task { await history.watch() }
        let result: Result<Void, any Error>
        do {
            try await waitUntil("all kinds are watched") {
                history.state.withLock { $0.watching.count } == resources.count
            }
            try await body(history)
            try await history.catchUp()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        watching.cancel()
        await watching.value
        try result.get()
        return history
    }

    /// The versions so far, in the order in which they came in.
    var versions: [Version] { state.withLock { $0.versions } }

    /// Called for each version as it comes in.
    var onWrite: (@Sendable () -> Void)? {
        get { state.withLock { $0.onWrite } }
        set { state.withLock { $0.onWrite = newValue } }
    }

    // MARK: - Judging

    /// What of it was wrong: an object that was deleted or made again, a hashring file without a member that it had, and a
    /// Ready condition other than the given ones.
    func faults(allowing conditions: Set<String>, goneMayBe: (String) -> Bool = { _ in false }) -> [String] {
        var faults: [String] = []
        var latest: [String: Version] = [:]
        for version in versions {
            let before = latest.updateValue(version, forKey: version.object)
            if version.isGone {
                if !goneMayBe(version.object) { faults.append("\(version.object) was deleted") }
                continue
            }
            if let before, before.uid != version.uid, !goneMayBe(version.object) {
                faults.append("\(version.object) was made again")
            }
            if let ready = version.ready, !conditions.contains(ready) {
                faults.append("\(version.object) said \(ready)")
            }
            if let before, !before.isGone, let old = before.file {
                let lost = Self.members(old).subtracting(Self.members(version.file ?? ""))
                if !lost.isEmpty { faults.append("\(version.object) lost \(lost.sorted())") }
            }
        }
        return faults
    }

    private static func members(_ file: String) -> Set<String> {
        Set(
            HashringHistory.short(file).flatMap { ring -> [String] in
                let words = ring.split(separator: " ").map(String.init)
                return words.dropFirst().map { "\(words.first ?? "") \($0)" }
            })
    }

    /// Waits until nothing has been written for a while.
    func settle(for quiet: Duration = .seconds(1), within limit: Duration = .seconds(30)) async throws {
        let clock = ContinuousClock()
        var (count, since) = (-1, clock.now)
        try await waitUntil("nothing is written any more", within: limit) {
            let now = state.withLock { $0.versions.count }
            if now != count { (count, since) = (now, clock.now) }
            return clock.now - since > quiet
        }
    }

    // MARK: - Recording

    private func watch() async {
        await withDiscardingTaskGroup { group in
            for resource in Self.resources {
                group.addTask {
                    let scope = WatchScope(resource, namespace: self.scenario.namespace)
                    await Watcher(
                        scope, source: ListWatch(self.scenario.client, scope), logger: quiet,
                        transform: { Self.version($0, of: resource) }
                    ) { self.take($0, of: resource) }.run()
                }
            }
        }
    }

    private static func version(_ object: Object, of resource: Resource) -> Version? {
        let isCustom = object.apiVersion == GlobalView.resource.apiVersion
        guard isCustom || object.labels[Names.managedByLabel] == Names.manager else { return nil }
        return Version(
            object: "\(resource.kind) \(object.name)", uid: object.uid ?? "",
            resourceVersion: object.resourceVersion ?? "",
            ready: Scenario.condition("Ready", of: object), file: PublishedHashrings(object)?.text)
    }

    private func take(_ event: WatcherEvent<Version>, of resource: Resource) {
        let act = state.withLock { state in
            let count = state.versions.count
            switch event {
            case .applied(_, let version): state.add(version)
            case .deleted(let key): state.remove("\(resource.kind) \(key.name)")
            case .restarted(let all):
                for version in all.values.sorted(by: { $0.object < $1.object }) { state.add(version) }
                let names = Set(all.values.map(\.object))
                for name in state.latest.keys.sorted()
                where name.hasPrefix("\(resource.kind) ") && !names.contains(name) { state.remove(name) }
                state.watching.insert(resource)
            }
            return state.versions.count > count ? state.onWrite : nil
        }
        act?()
    }

    /// Waits until the newest version of each object has come in.
    private func catchUp() async throws {
        for resource in Self.resources {
            let all: [Version]
            do {
                all = try await scenario.client.list(resource, namespace: scenario.namespace).items
                    .compactMap { Self.version($0, of: resource) }
            } catch let status as APIStatus where status.isNotFound {
                continue
            }
            try await waitUntil("the last version of each \(resource.kind) has come in") {
                let latest = state.withLock { $0.latest }
                return all.allSatisfy { wanted in
                    guard let found = latest[wanted.object] else { return false }
                    return (Int(found.resourceVersion) ?? 0) >= (Int(wanted.resourceVersion) ?? 0)
                }
            }
        }
    }
}

extension WriteHistory.State {
    fileprivate mutating func add(_ version: WriteHistory.Version) {
        guard latest[version.object] != version else { return }
        latest[version.object] = version
        versions.append(version)
    }

    fileprivate mutating func remove(_ object: String) {
        guard var version = latest.removeValue(forKey: object) else { return }
        version.isGone = true
        versions.append(version)
    }
}
